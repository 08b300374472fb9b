"""What Laplace's approximation misses where few marks tell of each level of the largest facet.

Given all that levels share, each has an integral of its own in one dimension: by adaptive Gauss-Hermite
quadrature it is as good as exact. With three marks of each of 200 employees Laplace's spread is a third too
small, and intervals made from it too short. The intercept, which many levels with few marks each pull along,
is integrated too, all that depends on it following as it does under Laplace.
Source: Pinheiro and Chao (2006), J. Comput. Graph. Stat. 15:58; Joe (2008), Comput. Stat. Data Anal. 52:5066.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from scipy.linalg.lapack import dtrtrs

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.design import Design
from gracja.engine.measure.solve import Mode

# Marks of a level, on average, from which on nothing is missed that could be seen.
FEW_MARKS: Final = 100.0
_NODES, _MASSES = np.polynomial.hermite.hermgauss(21)
_LOG_MASSES = np.log(_MASSES) + _NODES**2 - 0.5 * np.log(np.pi)
_HUGE: Final = 1e150  # a product that is still far from the largest number
# Deviations along which the intercept is moved, and what each point weighs.
_MOVES, _MOVE_MASSES = np.polynomial.hermite_e.hermegauss(5)
_LOG_MOVES: Final = np.log(_MOVE_MASSES / _MOVE_MASSES.sum()) + _MOVES**2 / 2


def few_of_each(design: Design) -> bool:
    """Whether it is worth the while."""
    return float(design.seen.sum()) < FEW_MARKS * design.n_big


def beyond_laplace(design: Design, mode: Mode) -> tuple[float, Mode]:
    """What is to be added to Laplace's log-likelihood at this mode; and the mode with the mean and deviation
    of each level of the largest facet in place of its highest point and curvature.
    """
    starts = np.searchsorted(design.columns[0], np.arange(design.n_big + 1))
    along, deviations = _along_intercept(mode), 1 / np.sqrt(mode.factor.d)
    big_along = -mode.factor.to_big(along) / mode.factor.d
    height = mode.fit - mode.penalty - 0.5 * float(np.log(mode.factor.d).sum())
    missed, means, variances = [], [], []
    for move, log_mass in zip(_MOVES, _LOG_MOVES, strict=True):
        rest = mode.u_rest + move * along
        logits, own = _shared(design, mode, rest), np.stack([mode.u_big + move * big_along, deviations])
        total, mean, variance = _levels(
            design.met, design.seen, logits, starts, own, mode.theta[0], _NODES, _LOG_MASSES
        )
        missed.append(log_mass + total - 0.5 * float(rest[:-1] @ rest[:-1]) - height)
        means.append(mean)
        variances.append(variance)
    weights = np.exp(np.array(missed) - max(missed))
    total, weights = max(missed) + float(np.log(weights.sum())), weights / weights.sum()
    matched = replace(
        mode,
        u_big=weights @ np.stack(means),
        u_rest=mode.u_rest + float(weights @ _MOVES) * along,
        factor=replace(mode.factor, d=1 / (weights @ np.stack(variances))),
    )
    return total, matched


def _along_intercept(mode: Mode) -> Floats:
    """(n_rest,): one deviation of the intercept, and what the other shared effects do meanwhile."""
    last = np.zeros((len(mode.u_rest), 1))
    last[-1] = 1.0
    return np.asarray(dtrtrs(mode.factor.lower, last, lower=1, trans=1)[0][:, 0])


def _shared(design: Design, mode: Mode, u_rest: Floats) -> Floats:
    """(cells,) logits without the largest facet's."""
    effects, first = mode.scale_rest * u_rest, 0
    logits = np.full(len(design.met), effects[-1])
    for size, levels in zip(design.sizes[1:], design.columns[1:], strict=True):
        logits += np.append(effects[first : first + size], 0.0)[levels]
        first += size
    return logits


@compiled()
def _not_met(seen: Any, odds: Any, begin: int, end: int, times: float, even: Any) -> Any:
    """Sum of seen * log(1 + odds * times); of even weights one logarithm serves many cells."""
    total, product = 0.0, 1.0
    for cell in range(begin, end):
        one = 1.0 + odds[cell] * times
        if even:
            product *= one
            if product > _HUGE:
                total += np.log(product)
                product = 1.0
        else:
            total += seen[cell] * np.log(one)
    return seen[begin] * (total + np.log(product)) if even else total


@compiled()
def _levels(
    met: Any, seen: Any, logits: Any, starts: Any, own: Any, theta: float, nodes: Any, masses: Any
) -> Any:
    """Sum of log-integrals; (levels,) mean and variance of each. own: (2, levels), about where each spherical
    effect lies, and its deviation there.
    """
    total, odds = 0.0, np.exp(logits)
    mean, variance = np.zeros(own.shape[1]), np.ones(own.shape[1])
    for cell in range(starts[-1], len(met)):  # what no level has a share in
        total += met[cell] * logits[cell] - seen[cell] * np.log1p(odds[cell])
    heights = np.empty(len(nodes))
    for level in range(own.shape[1]):
        begin, end = starts[level], starts[level + 1]
        if begin == end:
            continue
        told, all_met, even = 0.0, 0.0, True
        for cell in range(begin, end):
            told += met[cell] * logits[cell]
            all_met += met[cell]
            even = even and seen[cell] == seen[begin]
        for k in range(len(nodes)):
            u = own[0, level] + np.sqrt(2.0) * own[1, level] * nodes[k]
            not_met = _not_met(seen, odds, begin, end, np.exp(theta * u), even)
            heights[k] = masses[k] + all_met * theta * u - 0.5 * u * u - not_met
        top = heights.max()
        part, first, second = 0.0, 0.0, 0.0
        for k in range(len(nodes)):
            off, mass = np.sqrt(2.0) * own[1, level] * nodes[k], np.exp(heights[k] - top)
            part += mass
            first += mass * off
            second += mass * off * off
        total += told + top + np.log(own[1, level] * part)
        mean[level] = own[0, level] + first / part
        variance[level] = second / part - (first / part) ** 2
    return total, mean, variance
