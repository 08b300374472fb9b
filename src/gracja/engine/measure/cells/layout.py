"""Cells in the order in which one pass reads them: level by level of the largest facet, row by row of the
facets around, cell by cell of the one inside.

A row is what shares all levels but one: one contact's marks, or all that one evaluator saw of one employee.
Its logit is computed once, and each cell adds only its own standard's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from gracja.engine.measure.cells.rows import Floats, Ints, Places, Rows
from gracja.engine.measure.cells.slots import levels_met, slots_of

Levels = Sequence[Places] | Places
"""(facets, cells)."""

_SAMPLED: Final = 20_000
_MOST_FULL: Final = 60_000_000
# What one step takes, in nanoseconds: a cell of a full row and of a scattered one, one addition for two
# levels that meet the same level of the largest facet, and one of a product of matrices.
_FULL, _SCATTERED, _PAIR, _PRODUCT = 6.0, 20.0, 1.2, 0.1


@dataclass(frozen=True)
class Layout:
    """rows: the cells. n_big, n_inner: levels of the largest facet and of the one inside; n_rest: columns of
    all but the largest facet, and the intercept. full: whether rows have a place for every level inside.
    """

    rows: Rows
    n_big: int
    n_rest: int
    n_inner: int
    full: bool

    @cached_property
    def slot_big(self) -> Ints:
        """The level of the largest facet of each slot, but of those where it is not known."""
        return np.repeat(np.arange(self.n_big), np.diff(self.rows.big_slots[:-1]))

    @property
    def inside(self) -> slice:
        """The columns among the rest of the facet inside."""
        return slice(self.rows.first, self.rows.first + self.n_inner)


def lay_out(met: Floats, seen: Floats, columns: Places, sizes: tuple[int, ...]) -> Layout:
    """met, seen: (cells,), no two alike in all levels. columns: (facets, cells), `size` where none is known;
    the largest facet first.
    """
    widths = [size + 1 for size in sizes]
    order = reading_order(columns, widths)
    around, inside = order[1:-1], order[-1]
    key = mixed_key(columns, widths, order)
    if (key[1:] < key[:-1]).any():
        at = np.argsort(key)
        columns, met, seen, key = columns[:, at], met[at], seen[at], key[at]
    key //= widths[inside] if inside else 1
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    del key
    firsts = np.cumsum([0, *sizes[1:]])
    n_big, n_rest, n_inner = sizes[0], sum(sizes[1:]) + 1, sizes[inside] if inside else 0
    outer = np.empty((len(starts), len(around)), dtype=np.int32)
    for place, facet in enumerate(around):
        level = columns[facet, starts]
        outer[:, place] = np.where(level < sizes[facet], level + firsts[facet - 1], n_rest)
    big_rows = np.searchsorted(columns[0, starts], np.arange(n_big + 2)).astype(np.int64)
    row_cells = np.append(starts, len(met)).astype(np.int64)
    inner = columns[inside].astype(np.int32, copy=False) if inside else np.zeros(len(met), dtype=np.int32)
    first = int(firsts[inside - 1]) if inside else 0
    full = _full_is_faster(inner, row_cells, big_rows, n_inner)
    none = np.empty(0, dtype=np.int32)
    rows = Rows(met, seen, big_rows, outer, row_cells, inner, first, row_cells[:0], none, none, none)
    rows = (_full_rows if full else _scattered_rows)(rows, n_inner, n_rest)
    return Layout(rows, n_big, n_rest, n_inner, full)


def reading_order(levels: Levels, widths: list[int]) -> list[int]:
    """The facets in which cells are read: the largest, those around, the one inside; of one facet 0 and 0."""
    inside = _facet_inside(levels, widths)
    return [0, *(facet for facet in range(1, len(levels)) if facet != inside), inside]


def mixed_key(levels: Levels, widths: list[int], order: list[int]) -> Ints:
    """(cells,): one number for each combination of levels, in the order of these facets.

    levels: facets of (cells,); -1 is the last of a width, as `width - 1` is.
    """
    key = np.zeros(len(levels[0]), dtype=np.int64)
    room = 1
    for facet in dict.fromkeys(order):
        level, width = levels[facet], widths[facet]
        if room > np.iinfo(np.int64).max // max(width, 1):  # more combinations than numbers: those that occur
            _, key = np.unique(key, return_inverse=True)
            room = len(key)
        key *= width
        key += level
        key[level < 0] += width
        room *= width
    return key


def _facet_inside(levels: Levels, widths: list[int]) -> int:
    """The facet, not the first, without which the fewest rows are left; 0 where there is no other."""
    facets, cells = len(levels), len(levels[0])
    if facets <= 2:
        return facets - 1
    step = -(-cells // _SAMPLED)
    if step > 1:
        chosen = np.flatnonzero(levels[0] % step == 0)
        levels = [level[chosen] for level in levels]
    left = []
    for facet in range(1, facets):
        others = [other for other in range(facets) if other != facet]
        left.append(len(np.unique(mixed_key(levels, widths, others))))
    return 1 + int(np.argmin(left))


def _full_is_faster(inner: Places, row_cells: Ints, big_rows: Ints, n_inner: int) -> bool:
    rows, n_big = len(row_cells) - 1, len(big_rows) - 2
    if not n_inner or rows * n_inner > _MOST_FULL:
        return False
    met = levels_met(inner, row_cells, big_rows, n_inner).astype(np.float64)
    scattered = _SCATTERED * len(inner) + _PAIR * float(met @ met) / 2
    return _FULL * rows * n_inner + _PRODUCT * n_big * n_inner**2 < scattered


def _full_rows(rows: Rows, n_inner: int, n_rest: int) -> Rows:
    shape = rows.outer.shape
    row = np.repeat(np.arange(shape[0]), np.diff(rows.row_cells))
    tables = np.zeros((2, shape[0], n_inner + 1))
    tables[0, row, rows.inner], tables[1, row, rows.inner] = rows.met, rows.seen
    each = np.arange(shape[0] + 1, dtype=np.int64) * shape[1]
    slots, column, slot = slots_of(rows.outer.ravel(), each, rows.big_rows, n_rest)
    return rows._replace(
        met=tables[0],
        seen=tables[1],
        row_cells=rows.row_cells[:0],
        inner=rows.inner[:0],
        big_slots=slots,
        slot_column=column,
        outer_slot=slot.reshape(shape),
    )


def _scattered_rows(rows: Rows, n_inner: int, n_rest: int) -> Rows:
    count, outers = rows.outer.shape
    row = np.repeat(np.arange(count), np.diff(rows.row_cells))
    of_cell = np.arange(len(rows.inner)) + outers * (row + 1)  # a row's facets around come before
    of_outer = (rows.row_cells[:-1] + outers * np.arange(count))[:, None] + np.arange(outers)
    columns = np.empty(len(rows.inner) + rows.outer.size, dtype=np.int32)
    columns[of_cell] = np.where(rows.inner < n_inner, rows.inner + rows.first, n_rest)
    columns[of_outer] = rows.outer
    each = rows.row_cells + outers * np.arange(count + 1)
    slots, column, slot = slots_of(columns, each, rows.big_rows, n_rest)
    return rows._replace(
        big_slots=slots, slot_column=column, outer_slot=slot[of_outer], inner_slot=slot[of_cell]
    )
