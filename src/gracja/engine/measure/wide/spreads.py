"""The highest standard deviations where no matrix fits.

The slope of a likelihood by log theta is the mean of the squared spherical effects less their number
(Fisher's identity); it is all that the search asks for. Laplace's own gradient takes that mean from the mode
and what varies around it, which with few marks of each level is far too small. So for results each level's
mean is integrated by itself, given draws of all the others: one step of Gibbs sampling, without its noise.
Source: Gelfand and Smith (1990), JASA 85:398 (means given the others in place of draws).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.design import Design
from gracja.engine.measure.objective import Objective
from gracja.engine.measure.priors import Priors
from gracja.engine.measure.search import LOWEST, seen_apart
from gracja.engine.measure.wide.around import WideMode
from gracja.engine.measure.wide.crossed import Crossed, Spherical
from gracja.engine.measure.wide.information import DRAW_ERROR, Draws
from gracja.engine.measure.wide.levels import mean_squares
from gracja.engine.measure.wide.mode import Found, mode_at

_DRAWS: Final = 30  # for the traces of thousands of levels
_GIVEN: Final = 5  # draws, each to either side, given which levels are integrated
# Of log theta: the longest step between two points of the search, where it ends, and how many at most.
_LONGEST, _SETTLED, _NEARLY_SETTLED, _MOST_POINTS = 0.5, 0.01, 0.05, 40
# Marks of a level, on average, from which on a mean's distance from the mode is told by its first term; with
# one of each that grows with the spread, and the search would run on and on.
_MARKS_TO_MOVE: Final = 2.0
_HIGHEST: Final = float(np.log(5.0))
# Logits so near none, where the slope says no more, that there is none unless the likelihood falls by this.
_NEAR_NONE, _INDISTINGUISHABLE = 0.05, 0.01

_Slope = Callable[[Floats, Floats | None], tuple[Found, Floats, Floats]]
"""theta, effects in logits nearby -> the mode, slope and curvature by log theta, (facets,)."""


def hardly_marked(design: Design) -> bool:
    """Whether so few marks tell of each level of the largest facet that its spread comes out too small."""
    return float(design.seen.sum()) < _MARKS_TO_MOVE * design.n_big


def widest_fit(design: Design, priors: Priors) -> WideMode:
    """Means at the highest standard deviations, each level integrated.

    Raises EngineInputError: rating_did_not_converge.
    """
    crossed = Crossed(design)

    def at(theta: Floats, near: Floats | None) -> tuple[Found, Floats, Floats]:
        found = mode_at(Spherical(crossed, theta), near, levels=True)
        around = _around(found)
        slope = _squares_of_levels(found, around) - np.array(design.sizes)
        return found, slope + priors.slope(theta), around.curvature + priors.curvature(theta)

    top = _climbed(at, seen_apart(design))
    return WideMode(top.theta, top.scale_rest, top.effects, top.factor)


def likeliest(design: Design, objective: Objective) -> Found:
    """The mode at the standard deviations where Laplace's approximation is highest.

    Raises EngineInputError: rating_did_not_converge.
    """
    crossed = Crossed(design)

    def at(theta: Floats, near: Floats | None) -> tuple[Found, Floats, Floats]:
        found = mode_at(Spherical(crossed, theta), near)
        around = _around(found, held=objective == "nagq0")
        effects = found.reading.effects
        slope = _totals(design, effects**2 - effects * around.moved) - around.known
        return found, slope, around.curvature

    top = _climbed(at, seen_apart(design))
    near_none = top.theta < _NEAR_NONE
    if not near_none.any():
        return top
    none = mode_at(Spherical(crossed, np.where(near_none, 0.0, top.theta)), top.effects)
    fall = top.log_likelihood(objective).value - none.log_likelihood(objective).value
    return none if fall < _INDISTINGUISHABLE else top


def _climbed(at: _Slope, theta: Floats) -> Found:
    """Newton's steps, the curvature learnt from slope to slope (BFGS)."""
    found, slope, curvature = at(theta, None)
    bend = np.diag(curvature)
    for _ in range(_MOST_POINTS):
        step = _within(theta, np.linalg.solve(bend, slope))
        theta = theta * np.exp(step)
        found, there, curvature = at(theta, found.effects)
        slope, fall = there, slope - there
        if np.abs(step).max() >= _SETTLED:
            bend = _learnt(bend, step, fall)
        elif np.abs(_within(theta, slope / curvature)).max() < _NEARLY_SETTLED:
            return found
        else:
            bend = np.diag(curvature)  # what was learnt far away holds steps back
    raise EngineInputError("rating_did_not_converge", steps=_MOST_POINTS)


def _within(theta: Floats, step: Floats) -> Floats:
    """What of a step of log theta may be taken."""
    low, high = LOWEST - np.log(theta), _HIGHEST - np.log(theta)
    return np.asarray(
        np.clip(np.clip(step, -_LONGEST, _LONGEST), np.minimum(low, 0.0), np.maximum(high, 0.0))
    )


def _learnt(bend: Floats, step: Floats, fall: Floats) -> Floats:
    """The curvature that also explains how far the slope fell on a step."""
    if float(step @ fall) <= 0:
        return bend
    along = bend @ step
    return np.asarray(bend + np.outer(fall, fall) / (step @ fall) - np.outer(along, along) / (step @ along))


@dataclass(frozen=True)
class _Around:
    """What varies around a mode, from draws. known: (facets,) levels that the marks, not the spread,
    determine; moved: (columns,) twice what means lie below the mode; draws: some of them.
    """

    design: Design
    known: Floats
    moved: Floats
    draws: Draws

    @property
    def curvature(self) -> Floats:
        """(facets,) about how fast the slope falls: exact for like levels."""
        return np.asarray(np.maximum(2 * self.known**2 / np.array(self.design.sizes), 1.0))


def _around(found: Found, *, held: bool = False) -> _Around:
    information, reading, design = found.information(held=held), found.reading, found.spherical.design
    spherical, n_big, d = information.spherical, design.n_big, information.diagonal[: design.n_big]
    variance, told, squares = np.zeros(len(reading.weights)), *np.zeros((2, design.n_columns))
    for draws in information.draws(_DRAWS):
        shared = draws.drawn.copy()
        shared[:n_big] -= draws.told[:n_big] / d[:, None]
        told += (draws.own * (draws.own - draws.drawn)).sum(axis=1) / _DRAWS
        squares += (shared**2).sum(axis=1) / _DRAWS
        for one in shared.T:
            variance += spherical.logits(one) ** 2 / _DRAWS
    told[:n_big] = 1 - 1 / d - squares[:n_big]
    if not reading.integrated:  # else its mean allows for it
        variance += np.append(spherical.theta[0] ** 2 / d, 0.0)[design.columns[0]]
    bend = spherical.gathered(reading.bends * variance)
    moved = information.solve(bend[:, None], DRAW_ERROR)[:, 0]
    return _Around(design, _known(design, told, squares), moved, draws)


def _known(design: Design, told: Floats, squares: Floats) -> Floats:
    """(facets,) 1 less the variance of each level, in all. told: (columns,) of that, by the levels' own part
    of draws, which is without noise where hardly anything is known; squares: (columns,) variances by the
    draws' squares, with hardly any where nearly all is.
    """
    sizes, known = np.array(design.sizes), _totals(design, told)
    by_squares = sizes - _totals(design, squares)
    by_squares[0] = known[0]
    return np.where(known > sizes / 2, by_squares, known)


def _totals(design: Design, values: Floats) -> Floats:
    """(facets,) sums of (columns,)."""
    facet = np.repeat(np.arange(len(design.sizes)), design.sizes)
    return np.bincount(facet, values[:-1], len(design.sizes)).astype(np.float64)


def _squares_of_levels(found: Found, around: _Around) -> Floats:
    """(facets,) sums of each level's mean square, given draws of all others to either side of the mean. How
    far those move a normal level is known from all draws, and stands in place of what these few say of it.
    """
    design, diagonal = around.design, found.information().diagonal
    mean, deviations = found.reading.effects, 1 / np.sqrt(diagonal)
    if not hardly_marked(design):
        mean = mean - around.moved / 2
    drawn = around.draws.drawn[:, :_GIVEN]
    alone = drawn - around.draws.told[:, :_GIVEN] / diagonal[:, None]
    total = np.array(design.sizes) - around.known - _totals(design, 1 / diagonal)
    for away, middle in zip(np.hstack([drawn, -drawn]).T, np.hstack([alone, -alone]).T, strict=True):
        squares = mean_squares(found.spherical, mean + away, mean + middle, deviations)
        total += (squares - _totals(design, middle**2)) / (2 * drawn.shape[1])
    return total
