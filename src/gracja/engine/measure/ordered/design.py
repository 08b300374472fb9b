"""Ordered marks as cells of crossed facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import wide
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.design import Design, make_design
from gracja.engine.measure.ordered.passes import Steps
from gracja.engine.measure.ordered.scales import FEWEST_STEPS, MOST_STEPS, split_steps


@dataclass(frozen=True)
class OrderedDesign:
    """facets: what levels there are, as of marks of two steps. steps: the cells. n_all: columns beside the
    largest facet: the other facets', the intercept, and the thresholds' sums.
    """

    facets: Design
    steps: Steps
    n_all: int

    @property
    def cells(self) -> int:
        return len(self.steps.big)

    @property
    def n_scales(self) -> int:
        return len(self.steps.tops)


def make_ordered(
    values: ArrayLike,
    facets: Mapping[str, ArrayLike],
    scale: ArrayLike,
    tops: Sequence[int],
    weights: ArrayLike | None = None,
    *,
    half_marks: float = 0.0,
) -> OrderedDesign:
    """Cells from rows.

    values: (rows,) 0-1, the share of the scale's steps. facets: name -> (rows,) codes from 0, -1 where none
    is known. scale: (rows,) which of the scales. tops: (scales,) the highest step of each, from 0 (1 to
    24). half_marks: so many marks, spread evenly over the steps, are added for the intercept and thresholds
    of each scale; of scales of three steps and more at least one is, so that a step which nobody used keeps a
    finite threshold.

    Raises EngineInputError: as `design.make_design`; rating_scale_steps, rating_shape, rating_code_range,
    rating_too_wide (more than 10,000 columns beside the largest facet: they are a plain matrix here).
    """
    for highest in tops:
        if not FEWEST_STEPS <= highest + 1 <= MOST_STEPS:
            raise EngineInputError(
                "rating_scale_steps", given=highest + 1, least=FEWEST_STEPS, most=MOST_STEPS
            )
    given = np.asarray(values, dtype=np.float64)
    plain = make_design(given, facets, weights, half_marks=half_marks)
    width = plain.n_rest + sum(highest - 1 for highest in tops)
    if width > wide.WIDEST:
        raise EngineInputError("rating_too_wide", levels=width - 1, most=wide.WIDEST)
    of_row = np.asarray(scale)
    if of_row.shape != given.shape:
        raise EngineInputError("rating_shape", expected=given.size, given=of_row.size)
    if of_row.min(initial=0) < 0 or of_row.max(initial=0) >= len(tops):
        raise EngineInputError("rating_code_range", facet="scale")
    top = np.asarray(tops, dtype=np.int64)
    row, step, part = split_steps(given, top[of_row])
    counted = part if weights is None else part * np.asarray(weights, dtype=np.float64)[row]
    levels = np.stack([_levels(facets, name, size, row) for name, size in _sized(plain)])
    scales = of_row[row].astype(np.int64)
    levels, scales, step, counted = _with_spread(plain, levels, scales, step, counted, top, half_marks)
    return _laid_out(plain, levels, scales, step, counted, top)


def _sized(plain: Design) -> list[tuple[str, int]]:
    return list(zip(plain.names, plain.sizes, strict=True))


def _levels(facets: Mapping[str, ArrayLike], name: str, size: int, row: Ints) -> Ints:
    if name not in facets:  # the silent facet of a model of the intercept alone
        return np.full(len(row), size, dtype=np.int64)
    codes = np.asarray(facets[name], dtype=np.int64)[row]
    return np.where(codes < 0, size, codes)


def _with_spread(
    plain: Design, levels: Ints, scales: Ints, step: Ints, counted: Floats, top: Ints, half_marks: float
) -> tuple[Ints, Ints, Ints, Floats]:
    """And the marks that are spread over the steps of each scale in use, at no level of any facet."""
    used = np.unique(scales)
    marks = {int(s): max(half_marks, float(top[s] > 1)) for s in used}
    more_scales = np.concatenate([np.full(top[s] + 1, s) for s in marks if marks[s] > 0] or [scales[:0]])
    more_steps = np.concatenate([np.arange(top[s] + 1) for s in marks if marks[s] > 0] or [step[:0]])
    weight = np.array([marks[int(s)] / (top[s] + 1) for s in more_scales], dtype=np.float64)
    nowhere = np.tile(np.array(plain.sizes, dtype=np.int64)[:, None], (1, len(weight)))
    return (
        np.concatenate([levels, nowhere], axis=1),
        np.concatenate([scales, more_scales]),
        np.concatenate([step, more_steps]),
        np.concatenate([counted, weight]),
    )


def _laid_out(
    plain: Design, levels: Ints, scales: Ints, step: Ints, counted: Floats, top: Ints
) -> OrderedDesign:
    order = np.lexsort((step, scales, *levels[::-1]))
    same = np.concatenate([levels, scales[None], step[None]])[:, order]
    starts = np.flatnonzero(np.append(True, (same[:, 1:] != same[:, :-1]).any(axis=0)))
    weight = np.add.reduceat(counted[order], starts)
    same = same[:, starts]
    firsts = plain.n_rest + np.concatenate([[0], np.cumsum(np.maximum(top - 1, 0))])
    n_all = int(firsts[-1])
    begins = np.concatenate([[0], np.cumsum(plain.sizes[1:])]).astype(np.int64)
    columns = np.full((len(starts), len(plain.sizes)), plain.n_rest - 1, dtype=np.int64)
    for facet, size in enumerate(plain.sizes[1:]):
        own = same[facet + 1]
        columns[:, facet] = np.where(own < size, begins[facet] + own, n_all)
    steps = Steps(same[0].copy(), columns, same[-2].copy(), same[-1].copy(), weight, top, firsts[:-1])
    return OrderedDesign(plain, steps, n_all)
