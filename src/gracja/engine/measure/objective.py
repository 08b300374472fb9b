"""How well standard deviations explain the marks: the value of an objective and its gradient.

`nagq0` is lme4's `nAGQ = 0`: Laplace's approximation over the effects, with the intercept at the joint mode.
`integrated` integrates the intercept too (flat, or with the half marks of the design); it does not
underestimate the spread of few levels as maximum likelihood does, and it is what results are made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gracja.engine.measure.cells import Floats, bent
from gracja.engine.measure.design import Design
from gracja.engine.measure.solve import Mode, find_mode, inverse_of

Objective = Literal["nagq0", "integrated"]


@dataclass(frozen=True)
class Height:
    """An objective at one theta: its value, its gradient in log theta (facets,), about how much that falls in
    each direction (facets,), and the mode there.
    """

    value: float
    slope: Floats
    curvature: Floats
    mode: Mode


def height_at(design: Design, theta: Floats, objective: Objective, start: Mode | None = None) -> Height:
    """Value and gradient at theta: (facets,), standard deviations in logits, the design's order."""
    mode = find_mode(design, theta, start)
    return Height(value_of(mode, objective), *_slope(design, mode, objective), mode)


def value_of(mode: Mode, objective: Objective) -> float:
    """Log-likelihood of Laplace's approximation at this mode."""
    diagonal = np.log(np.diagonal(mode.factor.lower))
    log_root = 0.5 * float(np.log(mode.factor.d).sum()) + float(diagonal[:-1].sum())
    if objective == "integrated":
        log_root += float(diagonal[-1]) - 0.5 * float(np.log(2 * np.pi))
    return mode.fit - mode.penalty - log_root


def _slope(design: Design, mode: Mode, objective: Objective) -> tuple[Floats, Floats]:
    """U'u - levels + trace of the effects' covariance, less what the moving mode does to the curvature; and
    2 e^2 / levels, e being the levels that the marks, not the spread, determine (exact for like levels).
    """
    factor, theta, scale = mode.factor, mode.theta, mode.scale_rest
    rest_inverse = _rest_inverse(mode, with_intercept=objective == "integrated")
    spread = np.zeros((len(scale) + 1, len(scale) + 1))
    np.multiply(rest_inverse, scale[:, None], out=spread[:-1, :-1])
    spread[:-1, :-1] *= scale
    effects_big, effects_rest = theta[0] * mode.u_big, scale * mode.u_rest
    bend_big, bend_rest, big_variance = bent(
        factor.layout, factor.sums, effects_big, effects_rest, theta[0], spread
    )
    moved_big, moved_rest = factor.solve(theta[0] * bend_big, scale * bend_rest)
    slope, known = np.empty(len(design.sizes)), np.empty(len(design.sizes))
    diagonal = np.diagonal(rest_inverse)
    for facet, levels in enumerate(design.sizes):
        own = design.rest_facet == facet
        u, variance, moved = (
            (mode.u_rest[own], diagonal[own], moved_rest[own])
            if facet
            else (mode.u_big, big_variance, moved_big)
        )
        known[facet] = levels - variance.sum()
        slope[facet] = u @ u - known[facet] - u @ moved
    return slope, 2 * known**2 / np.maximum(design.sizes, 1)


def _rest_inverse(mode: Mode, *, with_intercept: bool) -> Floats:
    if with_intercept:
        return mode.factor.rest_inverse
    size = len(mode.u_rest) - 1
    inverse = np.zeros((size + 1, size + 1))
    if size:  # a single facet has no rest but the intercept
        inverse[:size, :size] = inverse_of(mode.factor.lower[:size, :size])
    return inverse
