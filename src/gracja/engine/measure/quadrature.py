"""What Laplace's approximation misses where few marks tell of each level of the largest facet.

Given all that levels share, each has an integral of its own in one dimension: by adaptive Gauss-Hermite
quadrature it is as good as exact. With three marks of each of 200 employees Laplace's spread is a third too
small, and intervals made from it too short. The intercept, which many levels with few marks each pull along,
is integrated too, all that depends on it following as it does under Laplace.
Source: Pinheiro and Chao (2006), J. Comput. Graph. Stat. 15:58; Joe (2008), Comput. Stat. Data Anal. 52:5066.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from scipy.linalg.blas import dtrsv

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.design import Design
from gracja.engine.measure.solve import Mode

# Marks of a level, on average, from which on nothing is missed that could be seen.
FEW_MARKS: Final = 100.0
# Standard deviations of the largest facet, in logits, and the fewest nodes that serve up to each: what they
# leave away of a log-integral is under 1e-7 of a level with three marks at .8, and under 1e-5 at 2.5.
_NODES: Final = ((1.0, 9), (2.0, 13), (np.inf, 21))
_RULES: Final = {
    count: (nodes, np.log(masses) + nodes**2 - 0.5 * np.log(np.pi))
    for count, (nodes, masses) in ((many, np.polynomial.hermite.hermgauss(many)) for _, many in _NODES)
}
_AT_ONCE: Final = 2_000  # levels that fit a processor's cache
_HUGE: Final = 1e150  # a product that is still far from the largest number
# Deviations along which the intercept is moved, and what each point weighs.
_MOVES: Final = np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)])
_LOG_MOVES: Final = np.log([1 / 6, 2 / 3, 1 / 6]) + _MOVES**2 / 2
# Deviations from the middle of the moves to the highest point from which on they begin there anew.
_ASIDE: Final = 0.3
_WIDTHS: Final = (0.5, 2.0)
_MOST_MIDDLES: Final = 4


def few_of_each(design: Design) -> bool:
    """Whether it is worth the while."""
    return float(design.seen.sum()) < FEW_MARKS * design.n_big


def beyond_laplace(design: Design, mode: Mode) -> tuple[float, Mode]:
    """What is to be added to Laplace's log-likelihood at this mode; and the mode with the mean and deviation
    of each level of the largest facet in place of its highest point and curvature.
    """
    line = _Line.through(design, mode)
    middle, width, top, wide = 0.0, 1.0, 0.0, 1.0
    for _ in range(_MOST_MIDDLES):
        middle, width = top, wide
        moves = middle + width * _MOVES
        missed, means, variances = zip(*(line.at(move) for move in moves), strict=True)
        top, wide = _highest(middle, width, np.array(missed))
        if abs(top - middle) < _ASIDE * width:
            break
    log_weights = np.array(missed) + _LOG_MOVES
    weights = np.exp(log_weights - log_weights.max())
    total = float(log_weights.max() + np.log(width * weights.sum()))
    weights /= weights.sum()
    matched = replace(
        mode,
        u_big=weights @ np.stack(means),
        u_rest=mode.u_rest + float(weights @ moves) * line.along,
        factor=replace(mode.factor, d=1 / (weights @ np.stack(variances))),
    )
    return total, matched


def _highest(middle: float, width: float, heights: Floats) -> tuple[float, float]:
    """Where a parabola through the heights of three moves is highest, and the deviation of that normal."""
    reach = _MOVES[-1]
    slope = (heights[2] - heights[0]) / (2 * reach)
    bend = (2 * heights[1] - heights[0] - heights[2]) / reach**2
    narrower = float(np.clip(1 / np.sqrt(max(bend, 1e-3)), *_WIDTHS))
    return middle + width * narrower**2 * float(slope), width * narrower


@dataclass(frozen=True)
class _Line:
    """Points that the intercept moves through, and all that depends on it with it. logits, by_move: (cells,)
    without the largest facet's, at the mode and by one move; starts: (n_big + 1,) each level's first cell;
    met: (n_big,) and unit: (n_big,) of each level all that is met, and what most of its cells weigh.
    """

    design: Design
    mode: Mode
    along: Floats
    big_along: Floats
    logits: Floats
    by_move: Floats
    starts: Ints
    met: Floats
    unit: Floats
    height: float

    @classmethod
    def through(cls, design: Design, mode: Mode) -> Self:
        factor, along = mode.factor, _along_intercept(mode)
        starts = np.searchsorted(design.columns[0], np.arange(design.n_big + 1)).astype(np.int64)
        return cls(
            design,
            mode,
            along,
            -factor.to_big(along) / factor.d,
            _shared(design, mode.scale_rest * mode.u_rest),
            _shared(design, mode.scale_rest * along),
            starts,
            np.bincount(design.columns[0], design.met, design.n_big + 1)[:-1],
            np.append(design.seen, 1.0)[starts[:-1]],
            mode.fit - mode.penalty - 0.5 * float(np.log(factor.d).sum()),
        )

    def at(self, move: float) -> tuple[float, Floats, Floats]:
        """How much higher than the mode by Laplace; (n_big,) mean and variance of each spherical effect."""
        design, mode = self.design, self.mode
        logits, rest = self.logits + move * self.by_move, (mode.u_rest + move * self.along)[:-1]
        odds, none = np.exp(logits), slice(self.starts[-1], None)  # of no level
        about, deviations = mode.u_big + move * self.big_along, 1 / np.sqrt(mode.factor.d)
        mean, variance = np.empty(len(about)), np.empty(len(about))
        total = float(design.met @ logits) - float(design.seen[none] @ np.log1p(odds[none]))
        for first in range(0, len(about), _AT_ONCE):
            some = slice(first, min(first + _AT_ONCE, len(about)))
            logs, mean[some], variance[some] = self._levels(some, odds, about[some], deviations[some])
            total += float(logs.sum())
        return total - 0.5 * float(rest @ rest) - self.height, mean, variance

    def _levels(
        self, some: slice, odds: Floats, about: Floats, deviations: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """(levels,) log-integral of each, but for what is met of odds, its mean and its variance.

        odds: (cells,) without the largest facet's; about, deviations: (levels,) about where each spherical
        effect lies, and how far it varies there.
        """
        theta = float(self.mode.theta[0])
        nodes, masses = next(_RULES[count] for most, count in _NODES if theta <= most)
        off = np.sqrt(2.0) * deviations[:, None] * nodes
        effects = about[:, None] + off
        product, heights = np.ones(effects.shape), np.zeros(effects.shape)
        ends = self.starts[some.start : some.stop + 1]
        _not_met(self.design.seen, odds, ends, np.exp(theta * effects), product, heights)
        heights += masses + (theta * self.met[some, None] - 0.5 * effects) * effects
        heights -= self.unit[some, None] * np.log(product)
        top = heights[:, len(nodes) // 2].copy()  # about the highest
        weights = np.exp(heights - top[:, None])
        part = weights.sum(axis=1)
        weights /= part[:, None]
        apart = np.einsum("ij,ij->i", weights, off)
        variance = np.einsum("ij,ij,ij->i", weights, off, off) - apart**2
        return top + np.log(deviations * part), about + apart, variance


def _along_intercept(mode: Mode) -> Floats:
    """(n_rest,): one deviation of the intercept, and what the other shared effects do meanwhile."""
    last = np.zeros(len(mode.u_rest))
    last[-1] = 1.0
    return np.asarray(dtrsv(mode.factor.lower.T, last, lower=0))


def _shared(design: Design, effects: Floats) -> Floats:
    """(cells,) logits without the largest facet's. effects: (n_rest,), in logits."""
    first, logits = 0, np.full(len(design.met), effects[-1])
    for size, levels in zip(design.sizes[1:], design.columns[1:], strict=True):
        logits += np.append(effects[first : first + size], 0.0)[levels]
        first += size
    return logits


@compiled(error_model="numpy")
def _not_met(seen: Any, odds: Any, starts: Any, times: Any, product: Any, heights: Any) -> Any:
    """Of each level: heights - unit * log(product) is the sum of -seen * log(1 + odds * times). Most cells of
    a level weigh alike, and so one logarithm serves them. times: (levels, nodes), growing.
    """
    last = times.shape[1] - 1
    for level in range(len(times)):
        begin, end = starts[level], starts[level + 1]
        for cell in range(begin, end):
            if seen[cell] != seen[begin]:
                for k in range(last + 1):
                    heights[level, k] -= seen[cell] * np.log(1.0 + odds[cell] * times[level, k])
                continue
            for k in range(last + 1):
                product[level, k] *= 1.0 + odds[cell] * times[level, k]
            if product[level, last] > _HUGE:
                for k in range(last + 1):
                    heights[level, k] -= seen[begin] * np.log(product[level, k])
                    product[level, k] = 1.0
