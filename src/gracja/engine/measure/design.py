"""Marks as cells of crossed facets: who, which standard, whose eye, where.

Rows that share all levels are one cell (`met` of `seen`), because a Bernoulli likelihood only needs
their sums. Columns of the model are numbered: the levels of the largest facet first (`big`), then those of
the other facets, and the intercept last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints, Layout, lay_out, mixed_key


@dataclass(frozen=True)
class Design:
    """Cells of crossed facets.

    met, seen: (cells,) sums of y and of weights. names: facets, the largest first. sizes: their numbers of
    levels. columns: (facets, cells) level of each cell in its facet; `size` stands for "none known".
    """

    met: Floats
    seen: Floats
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    columns: Ints

    @property
    def n_big(self) -> int:
        return self.sizes[0]

    @property
    def n_rest(self) -> int:
        """Columns of the other facets, and the intercept."""
        return sum(self.sizes[1:]) + 1

    @property
    def n_columns(self) -> int:
        return self.n_big + self.n_rest

    def column_of(self, facet: str) -> int:
        """Number of the first column of a facet."""
        return sum(self.sizes[: self.names.index(facet)])

    @cached_property
    def layout(self) -> Layout:
        return lay_out(self.met, self.seen, self.columns, self.sizes)

    @cached_property
    def rest_facet(self) -> Ints:
        """(n_rest,): the facet of each rest column, by its place in `names`; the intercept is -1."""
        facets = np.repeat(np.arange(1, len(self.sizes)), self.sizes[1:])
        return np.append(facets, -1).astype(np.int64)


def make_design(
    y: ArrayLike,
    facets: Mapping[str, ArrayLike],
    weights: ArrayLike | None = None,
    *,
    sizes: Mapping[str, int] | None = None,
    half_marks: float = 0.0,
) -> Design:
    """Cells from rows.

    y: (rows,) shares met in 0-1. facets: name -> (rows,) codes from 0; -1 where none is known. weights:
    (rows,) how often each row counts. sizes: levels per facet where more exist than occur. half_marks: that
    many marks, half met, are added for the intercept alone (a weak prior; 1 is Jeffreys').

    Raises EngineInputError: rating_empty, rating_shape, rating_value_range, rating_weight_range,
    rating_code_range.
    """
    met, seen = _checked_rows(y, weights)
    coded = {name: _checked_codes(name, codes, len(met)) for name, codes in facets.items()}
    counts = {
        name: max((sizes or {}).get(name, 0), int(codes.max(initial=-1)) + 1) for name, codes in coded.items()
    }
    # The largest facet goes first; a tie keeps the order given.
    order = sorted((name for name in coded if counts[name] > 0), key=lambda name: -counts[name])
    if not order:  # a model of the intercept alone still has a (silent) facet to eliminate
        order, counts, coded = ["none"], {"none": 1}, {"none": np.full(len(met), -1, dtype=np.int64)}
    levels = np.stack([np.where(coded[name] < 0, counts[name], coded[name]) for name in order])
    columns, met, seen = _cells(levels, [counts[name] + 1 for name in order], met, seen)
    if half_marks > 0:
        none_known = np.array([[counts[name]] for name in order], dtype=np.int64)
        columns = np.concatenate([columns, none_known], axis=1)
        met, seen = np.append(met, half_marks / 2), np.append(seen, half_marks)
    return Design(met, seen, tuple(order), tuple(counts[name] for name in order), columns)


def _checked_rows(y: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    values = np.asarray(y, dtype=np.float64)
    seen = np.ones_like(values) if weights is None else np.asarray(weights, dtype=np.float64)
    if values.size == 0:
        raise EngineInputError("rating_empty")
    if values.ndim != 1 or seen.shape != values.shape:
        raise EngineInputError("rating_shape", expected=values.size, given=seen.size)
    if not np.all((values >= 0) & (values <= 1)):
        raise EngineInputError("rating_value_range", given=float(values[~((values >= 0) & (values <= 1))][0]))
    if not np.all((seen > 0) & np.isfinite(seen)):
        raise EngineInputError("rating_weight_range", given=float(seen[~((seen > 0) & np.isfinite(seen))][0]))
    return values * seen, seen


def _checked_codes(name: str, codes: ArrayLike, rows: int) -> Ints:
    coded = np.asarray(codes)
    if coded.shape != (rows,):
        raise EngineInputError("rating_shape", expected=rows, given=coded.size)
    if not np.issubdtype(coded.dtype, np.integer) or coded.min(initial=0) < -1:
        raise EngineInputError("rating_code_range", facet=name)
    return coded.astype(np.int64)


def _cells(levels: Ints, widths: list[int], met: Floats, seen: Floats) -> tuple[Ints, Floats, Floats]:
    key = mixed_key(levels, widths)
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    return (
        levels[:, first],
        np.bincount(cell, weights=met, minlength=len(first)),
        np.bincount(cell, weights=seen, minlength=len(first)),
    )
