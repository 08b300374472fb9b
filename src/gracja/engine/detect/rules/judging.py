"""One standard in many conversations: marked, not applicable, not seen or abstained, and whose mark it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gracja.engine.detect.rules import answers as truth
from gracja.engine.detect.rules.answers import Answers
from gracja.engine.detect.rules.asking import Asking
from gracja.engine.detect.rules.marks import (
    ABSTAINED,
    COUNT,
    MARKED,
    NOT_APPLICABLE,
    NOT_SEEN,
    Marks,
    one_after_another,
    speakers_of_evidence,
)
from gracja.engine.detect.rules.occurrences import judge_each
from gracja.engine.detect.rules.search import below, up_to
from gracja.engine.detect.rules.spans import Spans
from gracja.engine.detect.rules.talks import TURN_BITS
from gracja.engine.detect.rules.timed import judge_timed
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.edition.model import CountMeasure, SecondsMeasure, Standard
from gracja.engine.edition.predicate import Predicate

UNKNOWN = np.full(4, -1, np.int8)
UNKNOWN[truth.ABSTAINED], UNKNOWN[truth.NOT_SEEN] = ABSTAINED, NOT_SEEN


def judge(standard: Standard, asking: Asking) -> Marks:
    """The marks of one standard in every conversation; several where `each` concerns several employees."""
    detect = standard.detect
    assert isinstance(detect, Predicate)
    talks = asking.talks
    codes = [code for code, name in enumerate(talks.channel.names) if name in standard.channels]
    status = np.where(np.isin(talks.channel.code, codes), MARKED, NOT_APPLICABLE)
    if detect.applies_if is not None:
        applies = asking.named(detect.applies_if).truth
        otherwise = np.where(applies == truth.NO, NOT_APPLICABLE, UNKNOWN[applies])
        status = np.where((status == MARKED) & (applies != truth.YES), otherwise, status)
    out, due = np.flatnonzero(status != MARKED), np.flatnonzero(status == MARKED)
    return one_after_another(
        [Marks.of(out, status[out], talks.employee[out]), _judged(standard, detect, asking, due)]
    )


def _judged(standard: Standard, detect: Predicate, asking: Asking, talk: Array) -> Marks:
    if isinstance(standard.measure, SecondsMeasure):
        return judge_timed(detect, standard.measure.seconds_at_most, asking, talk)
    if detect.each is not None:
        return judge_each(detect, asking, talk)
    answers = asking.ask(detect, asking.whole.take(talk))
    due = _due(detect, asking, talk)
    if isinstance(standard.measure, CountMeasure):
        return _counted(standard.measure.count_at_least, asking, talk, due, answers)
    return _marked(asking, talk, due, answers)


def _due(detect: Predicate, asking: Asking, talk: Array) -> Spans:
    """The stretch of each talk in which the behaviour was due."""
    whole = asking.whole.take(talk)
    if not (detect.where or detect.after or detect.before):
        return whole
    owner, windows = asking.windows(detect, whole)
    first = below(owner, np.arange(talk.size))
    behind = up_to(owner, np.arange(talk.size))
    has = behind > first
    hi = whole.hi.copy()
    if has.any():
        hi[has] = np.maximum.reduceat(windows.hi, first[has])
    lo, opened = whole.lo.copy(), whole.open.copy()
    lo[has], opened[has] = windows.lo[first[has]], windows.open[behind[has] - 1]
    return Spans(talk, lo, hi, opened)


def _marked(asking: Asking, talk: Array, due: Spans, answers: Answers) -> Marks:
    talks = asking.talks
    met = answers.truth == truth.YES
    decided = met | (answers.truth == truth.NO)
    evidence = truth.joined([answers.hits, answers.against])
    who, turn = speakers_of_evidence(evidence, talk.size, talk, talks)
    shown = turn >= 0
    segment = asking.segment_at(np.where(shown, turn, due.first_turn), talk)
    absent = talks.answerable_for(due.lo, due.hi, talk)
    marks = Marks.of(
        talk,
        np.where(decided, MARKED, UNKNOWN[answers.truth]),
        np.where(decided, np.where(shown, who, absent), talks.employee[talk]),
    )
    return replace(
        marks,
        segment=np.where(decided, segment, 0),
        value=np.where(decided, met.astype(float), np.nan),
        evidence=evidence,
    )


def _counted(at_least: int, asking: Asking, talk: Array, due: Spans, answers: Answers) -> Marks:
    """Turns that hit, counted; each turn counts once."""
    hits = answers.hits
    turn = hits.start >> TURN_BITS
    another = np.ones(turn.size, np.bool_)
    another[1:] = (turn[1:] != turn[:-1]) | (hits.owner[1:] != hits.owner[:-1])
    count = np.bincount(hits.owner[another], minlength=talk.size)
    enough = count >= at_least
    heard = answers.truth != truth.ABSTAINED
    short = np.where(due.open, truth.NOT_SEEN, truth.NO)
    judged = np.where(enough | ~heard, answers.truth, short).astype(np.int8)
    few = ~enough[hits.owner]
    against = hits.where(few & (judged[hits.owner] == truth.NO)) if hits.owner.size else hits
    now = Answers(judged, hits.where(~few) if hits.owner.size else hits, against)
    return _marked(asking, talk, due, now).measured(count.astype(float), COUNT, enough | heard)
