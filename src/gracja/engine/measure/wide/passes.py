"""Passes over crossed cells, level by level of the largest facet: several vectors at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from gracja.engine.compiled import compiled


@compiled(fastmath={"contract", "nsz", "reassoc"})
def _add(line: Any, more: Any) -> None:
    for k in range(len(line)):
        line[k] += more[k]


@compiled(fastmath={"contract", "nsz", "reassoc"})
def times(starts: Any, others: Any, weights: Any, worth: Any, rest: Any, found: Any) -> None:
    """Found += the information of the rest, less what the largest facet's levels keep, times rest; both
    (n_rest + 1, k).
    """
    size, last = rest.shape[1], len(rest) - 2
    held, total = np.empty((np.diff(starts).max(), size)), np.empty(size)
    for big in range(len(worth)):
        begin, end = starts[big], starts[big + 1]
        total[:] = 0.0
        for cell in range(begin, end):
            mine, weight = held[cell - begin], weights[cell]
            mine[:] = rest[last]
            for facet in range(others.shape[1]):
                _add(mine, rest[others[cell, facet]])
            for k in range(size):
                mine[k] *= weight
                total[k] += mine[k]
        for cell in range(begin, end):
            mine, share = held[cell - begin], weights[cell] * worth[big]
            for k in range(size):
                mine[k] -= share * total[k]
            _add(found[last], mine)
            for facet in range(others.shape[1]):
                _add(found[others[cell, facet]], mine)


@compiled()
def to_rest(starts: Any, others: Any, weights: Any, big: Any, found: Any) -> None:
    """Found (n_rest + 1, k) += what cells show the rest of (n_big + 1, k)."""
    last = len(found) - 2
    for level in range(len(big) - 1):
        for cell in range(starts[level], starts[level + 1]):
            for k in range(big.shape[1]):
                shown = weights[cell] * big[level, k]
                found[last, k] += shown
                for facet in range(others.shape[1]):
                    found[others[cell, facet], k] += shown


@compiled()
def to_big(starts: Any, others: Any, weights: Any, rest: Any, found: Any) -> None:
    """Found (n_big + 1, k) += what cells show the largest facet of (n_rest + 1, k)."""
    last = len(rest) - 2
    for level in range(len(found) - 1):
        for cell in range(starts[level], starts[level + 1]):
            for k in range(rest.shape[1]):
                shown = rest[last, k]
                for facet in range(others.shape[1]):
                    shown += rest[others[cell, facet], k]
                found[level, k] += weights[cell] * shown


@compiled()
def _meet(block: Any, places: Any, one: int, other: int, more: float) -> None:
    """Block += more, where both columns have a place in its lower triangle."""
    row, column = places[one], places[other]
    if row >= 0 and column >= 0:
        block[max(row, column), min(row, column)] += more


@compiled()
def reduced(
    starts: Any, others: Any, weights: Any, worth: Any, places: Any, diagonal: Any, block: Any
) -> None:
    """Diagonal (n_rest + 1,) and block (lower triangle, of the columns that have a place) of what `times`
    multiplies with.
    """
    last, facets = len(diagonal) - 2, others.shape[1]
    shown, met_at = np.zeros(len(diagonal)), np.full(len(diagonal), -1)
    met, line = np.empty(len(diagonal), dtype=np.int64), np.empty(facets + 1, dtype=np.int64)
    for big in range(len(worth)):
        count = 0
        for cell in range(starts[big], starts[big + 1]):
            line[:facets], line[facets] = others[cell], last
            for one in range(facets + 1):
                column = line[one]
                shown[column] += weights[cell]
                diagonal[column] += weights[cell]
                for other in range(one + 1):
                    _meet(block, places, column, line[other], weights[cell])
                if met_at[column] != big:
                    met_at[column], met[count] = big, column
                    count += 1
        for one in range(count):
            share = worth[big] * shown[met[one]]
            diagonal[met[one]] -= share * shown[met[one]]
            for other in range(one + 1):
                _meet(block, places, met[one], met[other], -share * shown[met[other]])
        shown[met[:count]] = 0.0
