"""What the phrases find in customers' turns, once look-alikes and negations are sorted out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

import numpy as np

from gracja.engine.detect.scan import Texts
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.state.phrases import (
    ASIDE,
    CUES,
    DENIES,
    FIRM,
    HINTS,
    KINDS,
    LANGUAGES,
    NEGATIONS,
    SAYS,
    automaton,
)

_CLAUSE: Final = re.compile(r"[.,!?;:\u2026\n()]")
_WORDS: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_REACH: Final = 2  # words before a phrase where a negation turns it round: "I don't think this is ..."
# Where two hits of one length lie over each other.
_FIRST: Final = {ASIDE: 0, DENIES: 1, FIRM: 2, SAYS: 3, HINTS: 4}


@dataclass(frozen=True, slots=True)
class Heard:
    """One phrase in one turn. text: the turn's row. cue: number in CUES. kind: SAYS, HINTS or DENIES.

    start, end: code points of the turn's text as it was given.
    """

    text: int
    cue: int
    start: int
    end: int
    kind: int


def hear(texts: Texts, language_of: Array) -> list[Heard]:
    """Everything that is heard, by turn, cue and place.

    language_of: int[n], for each text the number of its language in LANGUAGES; below 0: not read.
    """
    found: list[Heard] = []
    for number, language in enumerate(LANGUAGES):
        sides = np.where(language_of == number, 0, -1)
        if (sides >= 0).any():
            found += _heard_in(texts, sides, language)
    return sorted(found, key=attrgetter("text", "cue", "start"))


def _heard_in(texts: Texts, sides: Array, language: str) -> Iterator[Heard]:
    hits = automaton(language).hits(texts, sides, leaves=len(CUES) * len(KINDS))
    leaf = np.repeat(np.arange(hits.first.size - 1), np.diff(hits.first))
    columns = (hits.text, leaf // len(KINDS), hits.start, hits.end, leaf % len(KINDS))
    order = np.lexsort((hits.start, leaf // len(KINDS), hits.text))
    rows = (Heard(*row) for row in zip(*(column[order].tolist() for column in columns), strict=True))
    for (text, _), group in groupby(rows, key=attrgetter("text", "cue")):
        spoken = None
        for one in _longest(list(group)):
            if one.kind in (SAYS, HINTS):
                spoken = texts.array[text].as_py() if spoken is None else spoken
                if _is_negated(spoken, one, language):
                    if one.kind == SAYS:
                        yield Heard(one.text, one.cue, one.start, one.end, DENIES)
                    continue
            if one.kind != ASIDE:
                yield Heard(one.text, one.cue, one.start, one.end, SAYS if one.kind == FIRM else one.kind)


def _longest(hits: list[Heard]) -> list[Heard]:
    """The hits that no longer one overlaps: "no rush at all" is no "rush"."""
    if len(hits) == 1:
        return hits
    kept: list[Heard] = []
    for hit in sorted(hits, key=lambda one: (one.start - one.end, _FIRST[one.kind])):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return kept


def _is_negated(spoken: str, hit: Heard, language: str) -> bool:
    """Whether a negation stands before the phrase in its clause, or in one of its gaps."""
    clause = _CLAUSE.split(spoken[max(0, hit.start - 80) : hit.start])[-1]
    words = _WORDS.findall(clause)[-_REACH:] + _WORDS.findall(spoken[hit.start : hit.end])
    return any(NEGATIONS[language].fullmatch(word) for word in words)
