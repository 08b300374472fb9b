"""What cells say of effects: at one point, or each level integrated by itself, the others being as they are.

Given all others, a level has an integral in one dimension, which adaptive Gauss-Hermite quadrature takes as
good as exactly. With few marks of each level that is far from what its highest point and curvature say.
Source: Pinheiro and Chao (2006), J. Comput. Graph. Stat. 15:58.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.wide.crossed import Spherical
from gracja.engine.measure.wide.integrals import OfLevels, integrals, squares


@dataclass(frozen=True)
class Reading:
    """What cells say at spherical effects (columns,).

    expected: (cells,) how many of the marks seen would be met; weights: how fast that grows with the logit;
    bends: how fast those do. deviations: (n_big,) of each level of the largest facet, given the rest.
    integrated: whether its levels are integrated; its effects are then means, and its cells weigh what says
    their variances.
    """

    effects: Floats
    expected: Floats
    weights: Floats
    bends: Floats
    deviations: Floats
    integrated: bool


def at_point(spherical: Spherical, effects: Floats) -> Reading:
    """As Laplace's approximation takes them."""
    design, share = spherical.design, expit(spherical.logits(effects))
    weights = design.seen * share * (1 - share)
    deviations, bends = 1 / np.sqrt(1 + _told(spherical, weights)), weights * (1 - 2 * share)
    return Reading(effects, design.seen * share, weights, bends, deviations, integrated=False)


def integrated(spherical: Spherical, effects: Floats, deviations: Floats) -> Reading:
    """The largest facet's levels integrated, given the rest of effects (columns,); about where they lie:
    effects, and deviations (n_big,).
    """
    n_big = spherical.design.n_big
    plain = at_point(spherical, np.append(np.zeros(n_big), effects[n_big:]))  # of cells without a level
    of_cells, levels = np.stack([plain.expected, plain.weights, plain.bends]), np.empty((2, n_big))
    integrals(_of_levels(spherical, effects, 0), effects[:n_big], deviations, of_cells, levels)
    (expected, weights, bends), (mean, variance) = of_cells, levels
    told, means = _told(spherical, weights), np.append(mean, effects[n_big:])
    # So a shift that all cells of a level share is known as well as it is: exactly by how the mean moves.
    known = np.divide(np.maximum(1 / variance - 1, 0.0), told, out=np.ones(n_big), where=told > 0)
    weights *= np.append(known, 1.0)[spherical.design.columns[0]]
    return Reading(means, expected, weights, bends, np.sqrt(variance), integrated=True)


def mean_squares(spherical: Spherical, effects: Floats, about: Floats, deviations: Floats) -> Floats:
    """(facets,) sums over a facet's levels of the mean square of each, given the others of effects
    (columns,); about: (columns,) where that lies, and deviations (columns,).
    """
    found, ends = [], np.cumsum(spherical.design.sizes)
    for facet, (end, size) in enumerate(zip(ends, spherical.design.sizes, strict=True)):
        own = slice(end - size, end)
        found.append(squares(_of_levels(spherical, effects, facet), about[own], deviations[own]))
    return np.array(found)


def height(spherical: Spherical, effects: Floats) -> float:
    """Log-likelihood of the marks, less the penalty of spherical effects (columns,)."""
    logits, design = spherical.logits(effects), spherical.design
    told = design.met @ log_expit(logits) + (design.seen - design.met) @ log_expit(-logits)
    return float(told) - 0.5 * float(effects[:-1] @ effects[:-1])


def _told(spherical: Spherical, weights: Floats) -> Floats:
    """(n_big,) the information that cells give of the largest facet."""
    design = spherical.design
    sums = np.bincount(design.columns[0], weights, design.n_big + 1)[:-1]
    return np.asarray(spherical.theta[0] ** 2 * sums)


def _of_levels(spherical: Spherical, effects: Floats, facet: int) -> OfLevels:
    """The cells of each level of a facet, without its own effects in their odds."""
    design, others = spherical.design, effects.copy()
    first = sum(design.sizes[:facet])
    others[first : first + design.sizes[facet]] = 0.0
    order, starts = spherical.crossed.by_level[facet]
    odds, theta = np.exp(spherical.logits(others)), float(spherical.theta[facet])
    return OfLevels(design.met, design.seen, odds, order, starts, theta)
