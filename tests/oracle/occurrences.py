"""`each: SIGNAL`: every occurrence is judged, and the value is the share that was met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from gracja.engine.edition.predicate import Predicate
from oracle.evaluate import Evaluation
from oracle.mark import Mark, Status, speaker_of
from oracle.talk import Hit, Place, Span
from oracle.truth import Answer, Truth

_WITHOUT_OCCURRENCE: Final[dict[Truth, Status]] = {
    Truth.NO: "not_applicable",
    Truth.NOT_SEEN: "not_seen",  # incomplete: the signal may still have come
    Truth.ABSTAINED: "abstained",
}


def judge_each(detect: Predicate, evaluation: Evaluation) -> Iterator[Mark]:
    """One mark for each employee who answered for an occurrence; their value is the share met of theirs."""
    talk = evaluation.talk
    assert detect.each is not None
    signal = evaluation.named(detect.each)
    if signal.truth is not Truth.YES:
        yield Mark(_WITHOUT_OCCURRENCE[signal.truth], talk.employee)
        return
    decided: defaultdict[str | None, list[tuple[bool, tuple[Hit, ...], int]]] = defaultdict(list)
    undecided: list[Truth] = []
    for occurrence in _occurrences(signal):
        span = _span(detect, evaluation, occurrence)
        answer = evaluation.ask(detect, span)
        if answer.truth in (Truth.YES, Truth.NO):
            met = answer.truth is Truth.YES
            evidence = answer.hits if met else (answer.against or (occurrence,))
            decided[_who(evaluation, span, answer)].append((met, evidence, occurrence.turn))
        else:
            undecided.append(answer.truth)
    if not decided:
        yield Mark("abstained" if Truth.ABSTAINED in undecided else "not_seen", talk.employee)
    for employee, judged in decided.items():
        met_count = sum(met for met, _, _ in judged)
        evidence = tuple(sorted({hit for _, hits, _ in judged for hit in hits}))
        segment = talk.segment_at(judged[0][2])
        yield Mark("marked", employee, segment, met_count / len(judged), None, None, evidence)


def _occurrences(signal: Answer) -> list[Hit]:
    """The turns in which the signal hits, each once, by its first hit."""
    first: dict[int, Hit] = {}
    for hit in signal.hits:
        first.setdefault(hit.turn, hit)
    return list(first.values())


def _span(detect: Predicate, evaluation: Evaluation, occurrence: Hit) -> Span:
    whole = evaluation.talk.whole
    if detect.before == detect.each:
        return evaluation.preceding(detect, whole, (occurrence.turn, occurrence.start))
    start: Place = (occurrence.turn, occurrence.end)
    return evaluation.following(detect, whole, start)


def _who(evaluation: Evaluation, span: Span, answer: Answer) -> str | None:
    evidence = answer.hits if answer.truth is Truth.YES else answer.against
    return speaker_of(evidence, evaluation.talk) if evidence else evaluation.talk.answerable_for(span)
