"""Gracja's own scan, called as the peers are; run as a program it says what a first scan costs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from patterns import numbered

from gracja.engine.detect.scan import Hits, Scan, Texts
from gracja.engine.words.tokens import fold

LANGUAGE = "pl"  # the stricter: words that only fold alike are told apart


def scan(phrases: Sequence[tuple[int, str]], texts: Sequence[str]) -> Callable[[], Hits]:
    """Over an Arrow array of the turns as they were typed; nothing is folded before."""
    automaton = Scan([phrases], LANGUAGE)
    array = pa.array(texts, pa.string())
    side = np.zeros(len(texts), np.int64)  # one side says it all
    return lambda: automaton.hits(Texts.of(array), side)


def rows(hits: Hits) -> list[tuple[int, int, int, int]]:
    """(turn, leaf, start, end) of every hit, in order."""
    leaves = np.repeat(np.arange(hits.first.size - 1), np.diff(hits.first))
    columns = (hits.text, leaves, hits.start, hits.end)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def unfolded(
    found: Sequence[tuple[int, int, int, int]], texts: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """Rows with places in the folded text as rows with places in the text that was given."""
    places: dict[int, list[int]] = {}
    moved = []
    for turn, leaf, start, end in found:
        if texts[turn].isascii():
            moved.append((turn, leaf, start, end))
            continue
        if turn not in places:
            letters = [at for at, letter in enumerate(texts[turn]) for _ in fold(letter)]
            places[turn] = [*letters, len(texts[turn])]
        at = places[turn]
        moved.append((turn, leaf, at[start], at[end]))  # a mark after the last letter belongs to it
    return sorted(moved)


def apart(found: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Rows without those that overlap an earlier one of their leaf: `finditer` does not give them."""
    ends: dict[tuple[int, int], int] = {}
    kept = []
    for turn, leaf, start, end in sorted(found):
        if start >= ends.get((turn, leaf), 0):
            ends[turn, leaf] = end
            kept.append((turn, leaf, start, end))
    return kept


def _first_scan() -> None:
    started = time.perf_counter(), time.process_time()
    scan(numbered(), ["Dzień dobry, w czym mogę pomóc?", "Hello, how can I help you?"])()
    print(json.dumps([time.perf_counter() - started[0], time.process_time() - started[1]]))


if __name__ == "__main__":
    _first_scan()
    sys.exit()
