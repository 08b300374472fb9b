"""`each: SIGNAL`: every occurrence is judged, and the value is the share that was met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gracja.engine.detect.rules import answers as truth
from gracja.engine.detect.rules.answers import Answers, Found, joined
from gracja.engine.detect.rules.asking import Asking
from gracja.engine.detect.rules.marks import (
    ABSTAINED,
    MARKED,
    NOT_APPLICABLE,
    NOT_SEEN,
    Marks,
    one_after_another,
    speakers_of_evidence,
)
from gracja.engine.detect.rules.spans import Spans
from gracja.engine.detect.rules.talks import TURN_BITS
from gracja.engine.detect.rules.windows import Windows
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.edition.predicate import Predicate

_WITHOUT_OCCURRENCE = np.zeros(4, np.int8)
_WITHOUT_OCCURRENCE[truth.NO] = NOT_APPLICABLE
_WITHOUT_OCCURRENCE[truth.NOT_SEEN] = NOT_SEEN  # incomplete: the signal may still have come
_WITHOUT_OCCURRENCE[truth.ABSTAINED] = ABSTAINED


def judge_each(detect: Predicate, asking: Asking, talk: Array) -> Marks:
    """One mark for each employee who answered for an occurrence; their value is the share met of theirs."""
    assert detect.each is not None
    talks, signal = asking.talks, asking.named(detect.each)
    absent = talk[signal.truth[talk] != truth.YES]
    without = Marks.of(absent, _WITHOUT_OCCURRENCE[signal.truth[absent]], talks.employee[absent])
    occurrences = _occurrences(signal.hits, talk)
    spans = _spans(detect, asking, occurrences)
    answers = asking.ask(detect, spans)
    decided = (answers.truth == truth.YES) | (answers.truth == truth.NO)
    nowhere = np.setdiff1d(occurrences.owner, occurrences.owner[decided])
    deaf = np.unique(occurrences.owner[answers.truth == truth.ABSTAINED])
    undecided = Marks.of(
        nowhere, np.where(np.isin(nowhere, deaf), ABSTAINED, NOT_SEEN), talks.employee[nowhere]
    )
    return one_after_another([without, undecided, _shares(asking, occurrences, spans, answers, decided)])


def _occurrences(hits: Found, talk: Array) -> Found:
    """The turns in which the signal hits, each once, by its first hit; owned by their talk."""
    turn = hits.start >> TURN_BITS
    first = np.ones(turn.size, np.bool_)
    first[1:] = turn[1:] != turn[:-1]
    return hits.where(first & np.isin(hits.owner, talk))


def _spans(detect: Predicate, asking: Asking, occurrences: Found) -> Spans:
    whole = asking.whole.take(occurrences.owner)
    windows = Windows(asking.talks, asking.named)
    if detect.before == detect.each:
        return windows.preceding(detect, whole, occurrences.start)
    return windows.following(detect, whole, occurrences.end)


def _shares(asking: Asking, occurrences: Found, spans: Spans, answers: Answers, decided: Array) -> Marks:
    talks, count = asking.talks, occurrences.owner.size
    shown = joined([answers.hits, answers.against])
    bare = np.ones(count, np.bool_)
    bare[shown.owner] = False
    who, _ = speakers_of_evidence(shown, count, spans.talk, talks)
    who = np.where(bare, talks.answerable_for(spans.lo, spans.hi, spans.talk), who)
    itself = Found(np.arange(count), occurrences.start, occurrences.end).where(
        bare & (answers.truth == truth.NO)
    )
    evidence = joined([shown, itself])
    at = np.flatnonzero(decided)
    key = occurrences.owner[at] << 32 | (who[at].astype(np.int64) + 1)
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)  # by talk, then by who answered for something first
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    group, first = rank[group], at[first[order]]
    met = np.bincount(group, answers.truth[at] == truth.YES, minlength=first.size)
    mark_of = np.full(count, -1)
    mark_of[at] = group
    marks = Marks.of(occurrences.owner[first], MARKED, who[first])
    return replace(
        marks,
        segment=asking.segment_at(occurrences.start[first] >> TURN_BITS, occurrences.owner[first]),
        value=met / np.bincount(group, minlength=first.size),
        evidence=evidence.where(decided[evidence.owner]).owned_by(mark_of),
    )
