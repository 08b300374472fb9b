"""Crossed cells as products with vectors, and conjugate gradients over what is left of the information when
the largest facet is eliminated: several right sides at once, in one pass over the cells a step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from gracja.engine.compiled import compiled
from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.design import Design

_DENSE: Final = 1_000  # a facet of fewer levels is taken whole by the preconditioner
_MOST_GRADIENTS: Final = 2_000

_Map = Callable[[Floats], Floats]
Solve = Callable[[Floats, float], Floats]
"""(columns, right sides), relative error -> information^-1 times them."""


@dataclass(frozen=True)
class Crossed:
    """The cells of a design in spherical effects of standard deviations theta: (facets,), in logits."""

    design: Design
    theta: Floats

    @cached_property
    def scale(self) -> Floats:
        """(columns,) theta of each, 1 for the intercept."""
        return np.append(np.repeat(self.theta, self.design.sizes), 1.0)

    @cached_property
    def cells(self) -> Any:
        """(cells, columns): one where a cell has a column."""
        design = self.design
        firsts = np.concatenate([[0], np.cumsum(design.sizes)[:-1]])
        known = design.columns < np.array(design.sizes)[:, None]
        numbered = np.where(known, design.columns + firsts[:, None], -1)
        columns = np.append(numbered, np.full((1, numbered.shape[1]), design.n_columns - 1), axis=0).T
        used = columns >= 0
        ends = np.append(0, np.cumsum(used.sum(axis=1)))
        shape = (len(columns), design.n_columns)
        return csr_array((np.ones(ends[-1]), columns[used], ends), shape=shape)

    @cached_property
    def _gather(self) -> Any:
        return self.cells.T.tocsr()

    @cached_property
    def others(self) -> NDArray[np.int32]:
        """(cells, facets but the largest) column among the rest, `n_rest` where none is known."""
        design = self.design
        firsts = np.cumsum([0, *design.sizes[1:-1]])[: len(design.sizes) - 1, None]
        sizes = np.array(design.sizes[1:], dtype=np.int64)[:, None]
        levels = design.columns[1:]
        return np.ascontiguousarray(np.where(levels < sizes, levels + firsts, design.n_rest).T, np.int32)

    @cached_property
    def starts(self) -> Ints:
        """(n_big + 2,) where the cells of each level of the largest facet begin; of none known, the last."""
        return np.searchsorted(self.design.columns[0], np.arange(self.design.n_big + 2)).astype(np.int64)

    @cached_property
    def dense(self) -> Ints:
        """(n_rest,) place among the columns of facets of few levels and the intercept, -1 for the others."""
        few = np.append(
            np.repeat([size <= _DENSE for size in self.design.sizes[1:]], self.design.sizes[1:]), 1
        )
        return np.where(few, np.cumsum(few) - 1, -1).astype(np.int64)

    def logits(self, effects: Floats) -> Floats:
        """(cells,) of spherical effects (columns,)."""
        return np.asarray(self.cells @ (self.scale * effects))

    def gathered(self, of_cells: Floats) -> Floats:
        """(columns,) sums of (cells,), as spherical effects see them."""
        return np.asarray(self.scale * (self._gather @ of_cells))


def solver(crossed: Crossed, weights: Floats) -> Solve:
    """Information^-1 at these weights (cells,).

    What it makes raises EngineInputError: rating_did_not_converge.
    """
    n_big, theta, scale = crossed.design.n_big, crossed.theta[0], crossed.scale[crossed.design.n_big :]
    cells = crossed.starts, crossed.others, weights
    d = 1 + theta**2 * np.bincount(crossed.design.columns[0], weights, n_big + 1)[:-1]
    worth = np.append(theta**2 / d, 0.0)  # of what a level shows the rest, how much it keeps for itself
    own = np.append(np.ones(len(scale) - 1), 0.0)
    near = _preconditioner(crossed, weights, worth, own)
    reached, d, shape = scale[:, None], d[:, None], len(scale) + 1

    def product(rest: Floats) -> Floats:
        found = np.zeros((shape, rest.shape[1]))
        _times(*cells, worth, _with_none(reached * rest), found)
        return np.asarray(reached * found[:-1] + own[:, None] * rest)

    def solve(right: Floats, error: float) -> Floats:
        big, rest = right[:n_big], right[n_big:]
        shown, back = np.zeros((shape, right.shape[1])), np.zeros((n_big + 1, right.shape[1]))
        _to_rest(*cells, _with_none(theta * big / d), shown)
        found = _gradients(product, near, rest - reached * shown[:-1], error)
        _to_big(*cells, _with_none(reached * found), back)
        return np.concatenate([(big - theta * back[:-1]) / d, found])

    return solve


def _gradients(product: _Map, near: _Map, right: Floats, error: float) -> Floats:
    """Product^-1 times right sides (n, k), each to this relative error, near being about that inverse."""
    found, left, enough = np.zeros_like(right), right.copy(), error * np.linalg.norm(right, axis=0)
    toward = near(left)
    height = (left * toward).sum(axis=0)
    for _ in range(_MOST_GRADIENTS):
        if (np.linalg.norm(left, axis=0) <= enough).all():
            return found
        moved = product(toward)
        step = _over(height, (toward * moved).sum(axis=0))
        found += step * toward
        left -= step * moved
        nearer = near(left)
        before, height = height, (left * nearer).sum(axis=0)
        toward = nearer + _over(height, before) * toward
    raise EngineInputError("rating_did_not_converge", steps=_MOST_GRADIENTS)


def _preconditioner(crossed: Crossed, weights: Floats, worth: Floats, own: Floats) -> _Map:
    """About the inverse of what is left of the information: facets of few levels whole, of others the
    diagonal.
    """
    scale, few = crossed.scale[crossed.design.n_big :], np.flatnonzero(crossed.dense >= 0)
    diagonal, block = np.zeros(len(scale) + 1), np.zeros((len(few), len(few)))
    place = np.append(crossed.dense, -1)
    _reduced(crossed.starts, crossed.others, weights, worth, place, diagonal, block)
    alone = (scale**2 * diagonal[:-1] + own)[:, None]
    whole = cho_factor(block * np.outer(scale[few], scale[few]) + np.diag(own[few]), lower=True)

    def near(rest: Floats) -> Floats:
        solved = rest / alone
        solved[few] = cho_solve(whole, rest[few])
        return np.asarray(solved)

    return near


def _with_none(values: Floats) -> Floats:
    """And a last row for levels that are not known."""
    return np.append(values, np.zeros((1, values.shape[1])), axis=0)


def _over(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


@compiled(fastmath={"contract", "nsz", "reassoc"})
def _add(line: Any, more: Any) -> None:
    for k in range(len(line)):
        line[k] += more[k]


@compiled(fastmath={"contract", "nsz", "reassoc"})
def _times(starts: Any, others: Any, weights: Any, worth: Any, rest: Any, found: Any) -> None:
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
def _to_rest(starts: Any, others: Any, weights: Any, big: Any, found: Any) -> None:
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
def _to_big(starts: Any, others: Any, weights: Any, rest: Any, found: Any) -> None:
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
def _meet(block: Any, places: Any, one: int, other: int, times: float) -> None:
    """Block += times, where both columns have a place in its lower triangle."""
    row, column = places[one], places[other]
    if row >= 0 and column >= 0:
        block[max(row, column), min(row, column)] += times


@compiled()
def _reduced(
    starts: Any, others: Any, weights: Any, worth: Any, places: Any, diagonal: Any, block: Any
) -> None:
    """Diagonal (n_rest + 1,) and block (lower triangle, of the columns that have a place) of what `_times`
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
