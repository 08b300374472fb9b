"""One standard in one conversation: marked, not applicable, not seen or abstained, and whose mark it is."""

from __future__ import annotations

from collections.abc import Iterator

from gracja.engine.edition.model import CountMeasure, SecondsMeasure, Standard
from gracja.engine.edition.predicate import Predicate
from oracle.evaluate import Evaluation
from oracle.mark import Mark, Status, speaker_of
from oracle.occurrences import judge_each
from oracle.talk import Span
from oracle.timed import judge_timed
from oracle.truth import Answer, Truth


def judge(standard: Standard, evaluation: Evaluation) -> Iterator[Mark]:
    """The marks of one standard in one conversation; several where `each` concerns several employees.

    A standard with `detect: none` has no automatic mark at all.
    """
    talk = evaluation.talk
    detect = standard.detect
    if not isinstance(detect, Predicate):
        return
    if talk.channel not in standard.channels:
        yield Mark("not_applicable", talk.employee)
        return
    if detect.applies_if is not None:
        applies = evaluation.named(detect.applies_if)
        if applies.truth is not Truth.YES:
            status: Status = "not_applicable" if applies.truth is Truth.NO else _unknown(applies)
            yield Mark(status, talk.employee)
            return
    if isinstance(standard.measure, SecondsMeasure):
        yield judge_timed(detect, standard.measure.seconds_at_most, evaluation)
    elif detect.each is not None:
        yield from judge_each(detect, evaluation)
    elif isinstance(standard.measure, CountMeasure):
        yield _counted(detect, standard.measure.count_at_least, evaluation)
    else:
        yield _marked(evaluation, _due(detect, evaluation), evaluation.ask(detect, talk.whole))


def _unknown(answer: Answer) -> Status:
    return "abstained" if answer.truth is Truth.ABSTAINED else "not_seen"


def _due(detect: Predicate, evaluation: Evaluation) -> Span:
    """The stretch in which the behaviour was due."""
    spans = evaluation.windows(detect, evaluation.talk.whole)
    if not spans:
        return evaluation.talk.whole
    return Span(spans[0].lo, max(span.hi for span in spans), spans[-1].open)


def _marked(evaluation: Evaluation, due: Span, answer: Answer, raw: float | None = None) -> Mark:
    talk = evaluation.talk
    unit = None if raw is None else "count"
    if answer.truth in (Truth.NOT_SEEN, Truth.ABSTAINED):
        return Mark(_unknown(answer), talk.employee, raw=raw, unit=unit)
    met = answer.truth is Truth.YES
    evidence = answer.hits if met else answer.against
    if evidence:
        employee = speaker_of(evidence, talk)
        segment = talk.segment_at(evidence[0].turn)
    else:
        employee = talk.answerable_for(due)
        segment = talk.segment_at(due.lo[0])
    return Mark("marked", employee, segment, float(met), raw, unit, evidence)


def _counted(detect: Predicate, at_least: int, evaluation: Evaluation) -> Mark:
    """Turns that hit, counted; each turn counts once."""
    answer = evaluation.ask(detect, evaluation.talk.whole)
    due = _due(detect, evaluation)
    count = len({hit.turn for hit in answer.hits})
    if count >= at_least:
        return _marked(evaluation, due, answer, raw=count)
    if answer.truth is Truth.ABSTAINED:
        return _marked(evaluation, due, answer)
    short = Truth.NOT_SEEN if due.open else Truth.NO
    return _marked(evaluation, due, Answer(short, (), answer.hits), raw=count)
