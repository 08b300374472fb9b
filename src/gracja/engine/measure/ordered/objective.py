"""How well standard deviations and slopes explain ordered marks, with the exact gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.objective import Objective
from gracja.engine.measure.ordered.design import OrderedDesign
from gracja.engine.measure.ordered.passes import bends, slid
from gracja.engine.measure.ordered.solve import OrderedMode, find_mode


@dataclass(frozen=True)
class Point:
    """An objective at one place. slope: (facets + free slopes,) by the logs; curvature: (facets,), about how
    fast the value falls by the log of each standard deviation.
    """

    value: float
    slope: Floats
    curvature: Floats
    mode: OrderedMode


def value_of(mode: OrderedMode, objective: Objective) -> float:
    """Log-likelihood of Laplace's approximation: over the effects, and the intercept too if `integrated`.
    Thresholds are at the joint mode.
    """
    n_rest = len(mode.u_rest)
    diagonal = np.log(np.diagonal(mode.factor.lower))
    log_root = 0.5 * float(np.log(mode.factor.d).sum()) + float(diagonal[: n_rest - 1].sum())
    if objective == "integrated":
        log_root += float(diagonal[n_rest - 1]) - 0.5 * float(np.log(2 * np.pi))
    return mode.fit - mode.penalty - log_root


def point_at(
    design: OrderedDesign,
    theta: Floats,
    slopes: Floats,
    free: Ints,
    objective: Objective,
    start: OrderedMode | None = None,
) -> Point:
    """Value and gradient. theta: (facets,); slopes: (scales,); free: which of the slopes are searched."""
    mode = find_mode(design, theta, slopes, start)
    facets, n_rest = design.facets, design.facets.n_rest
    size = n_rest if objective == "integrated" else n_rest - 1
    big_variance, across, inverse = mode.factor.integrated(size)
    scale = mode.scale_rest[:size]
    wide_across = np.zeros((facets.n_big + 1, design.n_all + 1))
    wide_across[:-1, :size] = across * (theta[0] * scale)
    wide_inverse = np.zeros((design.n_all + 1, design.n_all + 1))
    wide_inverse[:size, :size] = inverse * scale * scale[:, None]
    bend_big, bend_rest, by_slope = bends(
        design.steps,
        slopes,
        mode.big,
        mode.rest,
        np.append(theta[0] ** 2 * big_variance, 0.0),
        wide_across,
        wide_inverse,
    )
    wide = np.append(mode.scale_rest, np.ones(design.n_all - n_rest))
    moved_big, moved_rest = mode.factor.solve(theta[0] * bend_big[:-1], wide * bend_rest[:-1])
    slope, known = np.empty(len(facets.sizes) + len(free)), np.empty(len(facets.sizes))
    diagonal = np.append(np.diagonal(inverse), np.zeros(n_rest - size))
    for facet, levels in enumerate(facets.sizes):
        own = facets.rest_facet == facet
        u, variance, moved = (
            (mode.u_rest[own], diagonal[own], moved_rest[:n_rest][own])
            if facet
            else (mode.u_big, big_variance, moved_big)
        )
        known[facet] = levels - variance.sum()
        slope[facet] = u @ u - known[facet] - 2 * float(u @ moved)
    if len(free):
        gone = slid(
            design.steps,
            slopes,
            mode.big,
            mode.rest,
            np.append(theta[0] * moved_big, 0.0),
            np.append(wide * moved_rest, 0.0),
        )
        slope[len(facets.sizes) :] = (by_slope - gone)[free]
    curvature = 2 * known**2 / np.maximum(np.array(facets.sizes), 1)
    return Point(value_of(mode, objective), slope, curvature, mode)
