"""Crossed cells as products with vectors, in spherical effects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.design import Design

_DENSE: Final = 1_000  # a facet of fewer levels is taken whole by the preconditioner


@dataclass(frozen=True)
class Crossed:
    """The cells of a design."""

    design: Design

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
    def gather(self) -> Any:
        """(columns, cells) of the same."""
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
    def by_level(self) -> tuple[tuple[NDArray[np.int32], Ints], ...]:
        """Of each facet, (cells,) numbers of the cells, level after level, none known last, and (levels + 1,)
        where each level's begin.
        """
        found = []
        for levels, size in zip(self.design.columns, self.design.sizes, strict=True):
            order = np.argsort(levels, kind="stable")
            starts = np.searchsorted(levels[order], np.arange(size + 1)).astype(np.int64)
            found.append((order.astype(np.int32), starts))
        return tuple(found)

    @cached_property
    def dense(self) -> Ints:
        """(n_rest,) place among the columns of facets of few levels and the intercept, -1 for the others."""
        few = np.append(
            np.repeat([size <= _DENSE for size in self.design.sizes[1:]], self.design.sizes[1:]), 1
        )
        return np.where(few, np.cumsum(few) - 1, -1).astype(np.int64)


@dataclass(frozen=True)
class Spherical:
    """Crossed cells in spherical effects of standard deviations theta: (facets,), in logits. held: the
    intercept is held where it is: no cell moves it, and it has an information of 1 of its own.
    """

    crossed: Crossed
    theta: Floats
    held: bool = False

    @property
    def design(self) -> Design:
        return self.crossed.design

    @cached_property
    def scale(self) -> Floats:
        """(columns,) theta of each, 1 for the intercept, or 0 where it is held."""
        return np.append(np.repeat(self.theta, self.design.sizes), 0.0 if self.held else 1.0)

    def logits(self, effects: Floats) -> Floats:
        """(cells,) of spherical effects (columns,)."""
        return np.asarray(self.crossed.cells @ (self.scale * effects))

    def gathered(self, of_cells: Floats) -> Floats:
        """(columns,) sums of (cells,), as spherical effects see them."""
        return np.asarray(self.scale * (self.crossed.gather @ of_cells))
