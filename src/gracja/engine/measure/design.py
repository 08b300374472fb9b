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
from gracja.engine.measure.cells import (
    Floats,
    Ints,
    Layout,
    Places,
    lay_out,
    mixed_key,
    reading_order,
)


@dataclass(frozen=True)
class Design:
    """Cells of crossed facets.

    met, seen: (cells,) sums of y and of weights. names: facets, the largest first. sizes: their numbers of
    levels. columns: (facets, cells) level of each cell in its facet; `size` stands for "none known". No two
    cells are alike in all levels.
    """

    met: Floats
    seen: Floats
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    columns: Places

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
    def apart(self) -> tuple[tuple[Floats, Floats], ...]:
        """For each facet, as if it were the only one: (levels,) how far each lies from all marks, in logits,
        and (levels,) the variance of that. Where a search begins, not what it finds.
        """
        all_met, all_seen = self.met.sum() + 0.5, self.seen.sum() + 1.0
        center = np.log(all_met / (all_seen - all_met))
        found = []
        for levels, size in zip(self.columns, self.sizes, strict=True):
            met = np.bincount(levels, weights=self.met, minlength=size + 1)[:size] + 0.5
            not_met = np.bincount(levels, weights=self.seen, minlength=size + 1)[:size] + 1.0 - met
            found.append((np.log(met / not_met) - center, 1 / met + 1 / not_met))
        return tuple(found)

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
        order, counts, coded = ["none"], {"none": 1}, {"none": np.full(len(met), -1, dtype=np.int32)}
    levels = tuple(counts[name] for name in order)
    columns, met, seen = _cells([coded[name] for name in order], [size + 1 for size in levels], met, seen)
    if half_marks > 0:
        columns, met, seen = _with_half(columns, met, seen, levels, half_marks)
    return Design(met, seen, tuple(order), levels, columns)


def _checked_rows(y: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats | None]:
    """(rows,) sums of y and of weights; no weights where every row counts once."""
    values = np.asarray(y, dtype=np.float64)
    if values.size == 0:
        raise EngineInputError("rating_empty")
    if values.ndim != 1:
        raise EngineInputError("rating_shape", expected=values.size, given=len(values))
    if not (values.min() >= 0 and values.max() <= 1):  # also where one is not a number
        raise EngineInputError("rating_value_range", given=float(values[~((values >= 0) & (values <= 1))][0]))
    if weights is None:
        return values, None
    seen = np.asarray(weights, dtype=np.float64)
    if seen.shape != values.shape:
        raise EngineInputError("rating_shape", expected=values.size, given=seen.size)
    if not np.all((seen > 0) & np.isfinite(seen)):
        raise EngineInputError("rating_weight_range", given=float(seen[~((seen > 0) & np.isfinite(seen))][0]))
    return values * seen, seen


def _checked_codes(name: str, codes: ArrayLike, rows: int) -> Places:
    coded = np.asarray(codes)
    if coded.shape != (rows,):
        raise EngineInputError("rating_shape", expected=rows, given=coded.size)
    fits = np.issubdtype(coded.dtype, np.integer) and coded.max(initial=-1) < np.iinfo(np.int32).max
    if not fits or coded.min(initial=0) < -1:
        raise EngineInputError("rating_code_range", facet=name)
    return coded.astype(np.int32, copy=False)


def _cells(
    codes: list[Places], widths: list[int], met: Floats, seen: Floats | None
) -> tuple[Places, Floats, Floats]:
    """Rows added up, in the order of a layout."""
    key = mixed_key(codes, widths, reading_order(codes, widths))
    # Marks mostly come contact by contact: a stable sort is quick where they stand in runs.
    at = np.argsort(key, kind="stable")
    key = key[at]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    del key
    met = met[at]
    weight = None if seen is None else seen[at]
    first = at[starts]
    del at
    columns = np.empty((len(codes), len(first)), dtype=np.int32)
    for column, code, width in zip(columns, codes, widths, strict=True):
        np.take(code, first, out=column)
        column[column < 0] = width - 1
    rows = np.diff(starts, append=len(met)).astype(np.float64)
    if len(starts) == len(met):
        return columns, met, rows if weight is None else weight
    return columns, np.add.reduceat(met, starts), rows if weight is None else np.add.reduceat(weight, starts)


def _with_half(
    columns: Places, met: Floats, seen: Floats, none_known: tuple[int, ...], marks: float
) -> tuple[Places, Floats, Floats]:
    """The last cell is the one where nothing is known, if there is such a one."""
    nothing = np.array(none_known, dtype=np.int32)
    if (columns[:, -1] != nothing).any():
        columns = np.append(columns, nothing[:, None], axis=1)
        met, seen = np.append(met, 0.0), np.append(seen, 0.0)
    else:
        met, seen = met.copy(), seen.copy()
    met[-1] += marks / 2
    seen[-1] += marks
    return columns, met, seen


def spreads_in_order(design: Design, theta: Mapping[str, float]) -> Floats:
    """(facets,) the given standard deviations, facet -> logits, as the design has them.

    Raises EngineInputError: rating_facet_unknown, rating_theta_range.
    """
    if set(theta) != set(design.names):
        raise EngineInputError("rating_facet_unknown", given=sorted(theta), known=sorted(design.names))
    for facet, spread in theta.items():
        if not (np.isfinite(spread) and spread >= 0):
            raise EngineInputError("rating_theta_range", facet=facet, given=spread)
    return np.array([theta[name] for name in design.names], dtype=np.float64)
