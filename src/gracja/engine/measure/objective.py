"""How well standard deviations explain the marks: the value of an objective and its gradient.

`nagq0` is lme4's `nAGQ = 0`: Laplace's approximation over the effects, with the intercept at the joint mode.
`integrated` integrates the intercept too (flat, or with the half marks of the design); it does not
underestimate the spread of few levels as maximum likelihood does, and it is what results are made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.linalg.lapack import dpotri
from scipy.special import expit

from gracja.engine.measure.design import Design, Floats
from gracja.engine.measure.solve import Mode, find_mode, gather

Objective = Literal["nagq0", "integrated"]


@dataclass(frozen=True)
class Height:
    """An objective at one theta: its value, its gradient in log theta (facets,), and the mode there."""

    value: float
    slope: Floats
    mode: Mode


def height_at(design: Design, theta: Floats, objective: Objective, start: Mode | None = None) -> Height:
    """Value and gradient at theta: (facets,), standard deviations in logits, the design's order."""
    mode = find_mode(design, theta, start)
    return Height(value_of(mode, objective), _slope(design, mode, objective), mode)


def value_of(mode: Mode, objective: Objective) -> float:
    """Log-likelihood of Laplace's approximation at this mode."""
    diagonal = np.log(np.diagonal(mode.factor.lower))
    log_root = 0.5 * float(np.log(mode.factor.d).sum()) + float(diagonal[:-1].sum())
    if objective == "integrated":
        log_root += float(diagonal[-1]) - 0.5 * float(np.log(2 * np.pi))
    return mode.fit - mode.penalty - log_root


def _slope(design: Design, mode: Mode, objective: Objective) -> Floats:
    """U'u - levels + trace of the effects' covariance, less what the moving mode does to the curvature."""
    rest_inverse = _rest_inverse(mode, with_intercept=objective == "integrated")
    over_d = mode.factor.b / mode.factor.d[:, None]
    between = -(over_d @ rest_inverse)
    big_variance = 1.0 / mode.factor.d - np.asarray((over_d * between).sum(axis=1)).ravel()
    leverage = _leverage(design, mode, rest_inverse, between, big_variance)
    met_share = expit(mode.eta)
    bend = leverage * design.seen * met_share * (1 - met_share) * (1 - 2 * met_share)
    moved_big, moved_rest = mode.factor.solve(
        *gather(design, mode.theta[0], np.append(mode.scale_rest, 0.0), bend)
    )
    slope = np.empty(len(design.sizes))
    slope[0] = _share(mode.u_big, big_variance, moved_big)
    diagonal = np.diagonal(rest_inverse)
    for facet in range(1, len(design.sizes)):
        own = design.rest_facet == facet
        slope[facet] = _share(mode.u_rest[own], diagonal[own], moved_rest[own])
    return slope


def _share(u: Floats, variance: Floats, moved: Floats) -> float:
    return float(u @ u - len(u) + variance.sum() - u @ moved)


def _rest_inverse(mode: Mode, *, with_intercept: bool) -> Floats:
    size = len(mode.u_rest) if with_intercept else len(mode.u_rest) - 1
    inverse = np.zeros((len(mode.u_rest), len(mode.u_rest)))
    if size:  # a single facet has no rest but the intercept
        triangle = np.asarray(dpotri(mode.factor.lower[:size, :size], lower=1)[0])
        inverse[:size, :size] = np.tril(triangle) + np.tril(triangle, -1).T
    return inverse


def _leverage(
    design: Design, mode: Mode, rest_inverse: Floats, between: Floats, big_variance: Floats
) -> Floats:
    """(cells,) variance of each cell's logit, with or without the intercept's."""
    theta_big, scale = mode.theta[0], mode.scale_rest
    inside = np.pad(rest_inverse * np.outer(scale, scale), (0, 1))
    across = np.pad(theta_big * between * scale, (0, 1))
    leverage: Floats = np.append(theta_big**2 * big_variance, 0.0)[design.columns[0]]
    rest = design.rest_columns
    for i in range(len(rest)):
        leverage = leverage + inside[rest[i], rest[i]] + 2 * across[design.columns[0], rest[i]]
        for j in range(i + 1, len(rest)):
            leverage = leverage + 2 * inside[rest[i], rest[j]]
    return leverage
