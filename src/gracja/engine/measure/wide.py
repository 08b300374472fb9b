"""Where two facets have tens of thousands of levels, no matrix of one of them fits: conjugate gradients.

Two approximations, which results name (note `intervals_by_simulation`): standard deviations are held at their
highest point, where thousands of levels leave little doubt; and variances come from exact draws of the normal
around the mode, so that a standard error is itself known to 1 / sqrt(2 DRAWS), 5 %. The mode is exact; but
where there are few marks of each level, the highest spread is Laplace's, which is too small there. The
search for the standard deviations follows the exact gradient, its traces estimated from a few of such draws.
Source: Papandreou and Yuille (2010), Gaussian sampling by local perturbations, NIPS 23 (the draws).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import expit, log_expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.crossed import Crossed, solver
from gracja.engine.measure.design import Design
from gracja.engine.measure.priors import Priors
from gracja.engine.measure.search import HIGHEST, LOWEST, seen_apart
from gracja.engine.measure.solve import cold_start

WIDEST: Final = 10_000
"""Columns besides the largest facet's up to which their matrix is factorised."""
DRAWS: Final = 200  # a standard error to 5 %
_FEW_DRAWS: Final = 30  # for the traces of thousands of levels
_AT_ONCE: Final = 10  # draws for which one pass over the cells takes a step
_SEED: Final = 20_261_123  # the same marks give the same results
_MOST_STEPS, _MOST_HALVINGS = 60, 30
_NEGLIGIBLE_GAIN: Final = 1e-9
# Of log theta: steps between two points of the search, where it ends, and how many there are at most.
_LONGEST, _FASTER, _SETTLED, _MOST_POINTS = 1.0, 1.2, 0.01, 40
_MODE_ERROR, _DRAW_ERROR = 1e-8, 1e-4  # relative, of a solution of conjugate gradients


@dataclass(frozen=True)
class Around:
    """Draws of what varies around a mode, spherical: big (n_big, DRAWS), rest (n_rest, DRAWS)."""

    big: Floats
    rest: Floats

    def variance_of(self, big: Any, rest: Any, less: Floats | None = None) -> Floats:
        """(n,) of contrasts in spherical effects: big (n, n_big) and rest (n, n_rest), sparse or not; less:
        (n_rest,) taken from every one's rest.
        """
        return np.asarray((self._away(big, rest, less) ** 2).mean(axis=1))

    def covariance_of(self, big: Any, rest: Any, less: Floats | None = None) -> Floats:
        """(n, n) of the same."""
        away = self._away(big, rest, less)
        return np.asarray(away @ away.T / away.shape[1])

    def _away(self, big: Any, rest: Any, less: Floats | None) -> Floats:
        """(n, DRAWS)."""
        away = big @ self.big + rest @ self.rest
        return np.asarray(away if less is None else away - less @ self.rest)


@dataclass(frozen=True)
class WideMode:
    """theta: (facets,), the largest first; scale_rest: (n_rest,), 1 for the intercept; effects: (columns,) in
    logits, the intercept last.
    """

    theta: Floats
    scale_rest: Floats
    effects: Floats
    factor: Around


def wide_mode(design: Design, theta: Floats, draws: int = DRAWS, near: Floats | None = None) -> WideMode:
    """The mode for these standard deviations in logits (facets,), and draws of what varies around it.

    near: (columns,) effects in logits of a mode nearby. Raises EngineInputError: rating_did_not_converge.
    """
    crossed = Crossed(design, theta)
    effects, weights = _climbed(crossed, near)
    found = _drawn(crossed, weights, draws)
    around = Around(found[: design.n_big], found[design.n_big :])
    return WideMode(theta, crossed.scale[design.n_big :], crossed.scale * effects, around)


def widest_fit(design: Design, priors: Priors) -> WideMode:
    """The mode at the highest standard deviations.

    Raises EngineInputError: rating_did_not_converge.
    """
    theta, near = seen_apart(design), None
    pace, before = np.ones(len(theta)), np.zeros(len(theta))
    for _ in range(_MOST_POINTS):
        crossed = Crossed(design, theta)
        effects, weights = _climbed(crossed, near)
        slope, curvature = _slope(crossed, effects, weights)
        near = crossed.scale * effects
        ahead = (slope + priors.slope(theta)) / (curvature + priors.curvature(theta))
        step = np.clip(ahead, -_LONGEST, _LONGEST)
        # where one facet's levels stand for another's, both overshoot, and each step takes the last one back
        pace = np.where(step * before < 0, pace / 2, np.minimum(pace * _FASTER, 1.0))
        before = step
        moved = np.clip(theta * np.exp(pace * step), np.exp(LOWEST), np.exp(HIGHEST))
        settled = np.abs(np.log(moved / theta) / pace).max() < _SETTLED  # at the lowest, nothing moves on
        theta = moved
        if settled:
            return wide_mode(design, theta, near=near)
    raise EngineInputError("rating_did_not_converge", steps=_MOST_POINTS)


def _drawn(crossed: Crossed, weights: Floats, draws: int) -> Floats:
    """(columns, draws) of the normal around a mode, spherical effects."""
    return np.hstack([drawn for _, drawn in _draws(crossed, weights, draws)])


def _draws(crossed: Crossed, weights: Floats, draws: int) -> Iterator[tuple[Floats, Floats]]:
    """(columns, some) the levels' own part of what each draw solves, and the draws."""
    size, random = crossed.design.n_columns, np.random.default_rng(_SEED)
    solve, root = solver(crossed, weights), np.sqrt(weights)
    for first in range(0, draws, _AT_ONCE):
        own, sides = np.empty((2, size, min(_AT_ONCE, draws - first)))
        for one, side in zip(own.T, sides.T, strict=True):
            of_cells, one[:] = random.normal(size=len(weights)), random.normal(size=size)
            one[-1] = 0.0  # nothing but the marks says what the intercept is
            side[:] = crossed.gathered(root * of_cells) + one
        yield own, solve(sides, _DRAW_ERROR)


def _slope(crossed: Crossed, effects: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """As `objective.height_at` has them, with variances of draws."""
    design, variance, known = crossed.design, np.zeros(len(weights)), np.zeros(len(effects))
    for own, drawn in _draws(crossed, weights, _FEW_DRAWS):
        # 1 less the variance. From the draws' squares it would be noise where hardly anything is known, and
        # that of thousands of levels would outweigh the marks.
        known += (own * (own - drawn)).sum(axis=1) / _FEW_DRAWS
        for draw in drawn.T:
            variance += crossed.logits(draw) ** 2 / _FEW_DRAWS
    share = expit(crossed.logits(effects))
    bend = crossed.gathered(weights * (1 - 2 * share) * variance)
    moved = solver(crossed, weights)(bend[:, None], _DRAW_ERROR)[:, 0]
    facet = np.repeat(np.arange(len(design.sizes)), design.sizes)

    def total(values: Floats) -> Floats:
        return np.bincount(facet, values[:-1], len(design.sizes)).astype(np.float64)

    known = total(known)
    curvature = np.maximum(2 * known**2 / np.array(design.sizes), 1.0)
    return total(effects**2) - known - total(effects * moved), curvature


def _climbed(crossed: Crossed, near: Floats | None) -> tuple[Floats, Floats]:
    """(spherical effects, (cells,) weights) at the mode: Newton's steps, halved where they overshoot. near:
    (columns,) effects in logits.
    """
    design = crossed.design
    effects = np.concatenate(cold_start(design, crossed.theta)) if near is None else near / crossed.scale
    height = _height(crossed, effects)
    for _ in range(_MOST_STEPS):
        expected = expit(crossed.logits(effects))
        weights = design.seen * expected * (1 - expected)
        slope = crossed.gathered(design.met - design.seen * expected)
        slope[:-1] -= effects[:-1]
        step = solver(crossed, weights)(slope[:, None], _MODE_ERROR)[:, 0]
        gain = float(slope @ step)
        if gain < _NEGLIGIBLE_GAIN:
            return effects, weights
        for _ in range(_MOST_HALVINGS):
            there = _height(crossed, effects + step)
            if there >= height - _NEGLIGIBLE_GAIN * (1 + abs(height)):
                break
            step = step / 2
        effects, height = effects + step, there
    raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)


def _height(crossed: Crossed, effects: Floats) -> float:
    logits, design = crossed.logits(effects), crossed.design
    told = design.met @ log_expit(logits) + (design.seen - design.met) @ log_expit(-logits)
    return float(told) - 0.5 * float(effects[:-1] @ effects[:-1])
