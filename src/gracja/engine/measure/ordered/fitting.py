"""Fitting ordered marks: at one optimum, or with standard deviations and slopes integrated out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.design import spreads_in_order
from gracja.engine.measure.objective import Objective
from gracja.engine.measure.ordered.design import OrderedDesign, make_ordered
from gracja.engine.measure.ordered.objective import Point, point_at, value_of
from gracja.engine.measure.ordered.prediction import expectation
from gracja.engine.measure.ordered.solve import OrderedMode, find_mode
from gracja.engine.measure.posterior import Posterior
from gracja.engine.measure.priors import Priors
from gracja.engine.measure.search import LARGE, LOWEST
from gracja.engine.measure.spreads import SURE, Summit, weighed

_HIGHEST: Final = float(np.log(30.0))
# Of a slope's logarithm around that of a logistic variable seen in so many steps.
_SLOPE_SPREAD: Final = 0.7
_STEP: Final = 0.05


@dataclass(frozen=True)
class OrderedFit:
    """A fitted model. theta: facet -> standard deviation in logits; slopes: (scales,)."""

    design: OrderedDesign
    objective: Objective
    theta: dict[str, float]
    mode: OrderedMode

    @property
    def intercept(self) -> float:
        """Logits."""
        return self.mode.intercept

    @property
    def modes(self) -> dict[str, Floats]:
        """Effects of each facet, (levels,) in logits."""
        effects, facets = self.mode.effects, self.design.facets
        firsts = {name: facets.column_of(name) for name in facets.names}
        sizes = dict(zip(facets.names, facets.sizes, strict=True))
        return {name: effects[first : first + sizes[name]] for name, first in firsts.items()}

    def log_likelihood(self) -> float:
        """The objective's value here."""
        return value_of(self.mode, self.objective)

    def thresholds(self, scale: int = 0) -> Floats:
        """(steps - 1,) where one step becomes as likely as the next, in logits of the slope times the sum of
        effects; they add up to 0.
        """
        top, first = self.design.steps.tops[scale], self.design.steps.firsts[scale]
        first -= self.design.facets.n_rest
        inner = self.mode.thresholds[first : first + top - 1]
        return -np.diff(np.concatenate([[0.0], inner, [0.0]]))

    def expected(self, facets: Mapping[str, ArrayLike], scale: ArrayLike | None = None) -> Floats:
        """(rows,) expected share of the scale's steps, 0-1, at the effects' modes. facets: codes, -1 (or one
        that the fit has not seen) where none is known. scale: (rows,), the first for all if not given.

        Raises EngineInputError: rating_code_range.
        """
        known = {name: np.asarray(codes, dtype=np.int64) for name, codes in facets.items()}
        rows = len(next(iter(known.values())))
        of_row = np.zeros(rows, dtype=np.int64) if scale is None else np.asarray(scale, dtype=np.int64)
        if of_row.min(initial=0) < 0 or of_row.max(initial=0) >= self.design.n_scales:
            raise EngineInputError("rating_code_range", facet="scale")
        logits = np.full(rows, self.intercept)
        for name, effects in self.modes.items():
            codes = known[name]
            seen = (codes >= 0) & (codes < len(effects))
            logits[seen] += effects[codes[seen]]
        return expectation(self.design, self.mode, logits, of_row)[0]


def fit(
    values: ArrayLike,
    facets: Mapping[str, ArrayLike],
    tops: Sequence[int],
    scale: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    slopes: Sequence[float] | None = None,
    theta: Mapping[str, float] | None = None,
    objective: Objective = "nagq0",
) -> OrderedFit:
    """Fit crossed random effects to steps of ordered scales (Andrich's rating-scale model).

    values: (rows,) 0-1, step / top. facets: name -> (rows,) codes from 0, -1 where none is known. tops:
    (scales,) the highest step of each scale, counted from 0; scale: (rows,) which, the first for all if not
    given. weights: (rows,) > 0. slopes: (scales,) how much one logit of the effects moves a step of each
    scale; without, the first scale's is 1 and the others are searched. theta: facet -> standard deviation,
    to evaluate there. Maximum likelihood of the standard deviations; thresholds are penalised by one mark of
    each scale of three steps or more, spread evenly. With two steps this is `rating.fit`.

    >>> import numpy as np
    >>> who = np.repeat([0, 1, 2], 30)
    >>> steps = np.tile([0, 1, 1, 2, 2, 2], 15) * np.repeat([0.5, 1.0, 0.5], 30)
    >>> fit(steps.round() / 2, {"employee": who}, tops=[2]).modes["employee"].argmax()
    np.int64(1)

    Raises EngineInputError: as `design.make_ordered`; rating_facet_unknown, rating_theta_range,
    rating_slope_range, rating_did_not_converge.
    Source: Andrich (1978), Psychometrika 43:561.
    """
    rows = np.size(values)
    of_row = np.zeros(rows, dtype=np.int64) if scale is None else scale
    design = make_ordered(values, facets, of_row, tops, weights)
    if slopes is not None:
        if len(slopes) != len(tops):
            raise EngineInputError("rating_shape", expected=len(tops), given=len(slopes))
        if not all(np.isfinite(slope) and slope > 0 for slope in slopes):
            raise EngineInputError("rating_slope_range", given=list(slopes))
    at = np.ones(len(tops)) if slopes is None else np.asarray(slopes, dtype=np.float64)
    if theta is not None:
        mode = find_mode(design, spreads_in_order(design.facets, theta), at)
        return OrderedFit(design, objective, dict(theta), mode)
    free = np.arange(1, len(tops)) if slopes is None else np.arange(0)
    return fit_ordered(design, at, free, objective)


def fit_ordered(
    design: OrderedDesign, slopes: Floats, free: Ints, objective: Objective = "nagq0"
) -> OrderedFit:
    """Search for the optimum in the logs of standard deviations and free slopes."""
    best = _climb(_Surface(design, slopes, free, objective))
    theta = np.where(np.log(best.mode.theta) < LOWEST + 1e-6, 0.0, best.mode.theta)
    mode = find_mode(design, theta, best.mode.slopes, best.mode)
    return OrderedFit(design, objective, dict(zip(design.facets.names, map(float, theta), strict=True)), mode)


def fit_at_slopes(design: OrderedDesign, posterior: Posterior) -> OrderedFit:
    """The maximum likelihood of the standard deviations, at a posterior's mean slopes."""
    slopes = posterior.weights @ np.stack([cast("OrderedMode", mode).slopes for mode in posterior.modes])
    return fit_ordered(design, slopes, np.arange(0))


def usual_slopes(tops: Ints) -> Floats:
    """(scales,) the slope of a logistic variable seen in top + 1 equal parts: 1 of two, and less of more, so
    that a logit of effects means about the same on every scale.
    """
    return np.asarray(2.0 / (tops + 1.0))


def posterior_of_ordered(design: OrderedDesign) -> Posterior:
    """As `posterior.posterior`, the slopes integrated too. One scale has its usual slope: yes or no where
    any mark is, else the scale with most marks; the others' logs are normal around theirs.
    """
    steps = design.steps
    slopes = usual_slopes(steps.tops)
    counts = np.bincount(steps.scale, steps.weight, design.n_scales)
    in_use = np.flatnonzero(counts > 0)
    reference = int(in_use[0] if steps.tops[in_use[0]] == 1 else np.argmax(counts))
    free = in_use[in_use != reference]
    surface = _Surface(design, slopes, free, "integrated", with_prior=True)
    best = _climb(surface)
    curvature = np.concatenate([best.curvature, _curvature_of_slopes(surface, best)])
    summit = Summit(surface.at(best), best.value, curvature, best.mode)
    modes, weights = weighed(surface, summit, sure=SURE if design.cells > LARGE else np.inf)
    return Posterior(design.facets, modes, weights)


@dataclass(frozen=True)
class _Surface:
    """How well exp(standard deviations, free slopes) explain the marks, times the prior if wanted."""

    design: OrderedDesign
    slopes: Floats
    free: Ints
    objective: Objective
    with_prior: bool = False

    @cached_property
    def priors(self) -> Priors:
        return Priors.of(self.design.facets.names)

    def at(self, point: Point) -> Floats:
        """(facets + free slopes,)."""
        return np.concatenate([point.mode.theta, point.mode.slopes[self.free]])

    def _parted(self, where: Floats) -> tuple[Floats, Floats]:
        facets, slopes = len(self.design.facets.sizes), self.slopes.copy()
        slopes[self.free] = where[facets:]
        return where[:facets], slopes

    def point(self, where: Floats, start: OrderedMode | None) -> Point:
        theta, slopes = self._parted(where)
        there = point_at(self.design, theta, slopes, self.free, self.objective, start)
        if not self.with_prior:
            return there
        slope = there.slope + np.concatenate(
            [self.priors.slope(theta), -self._off(slopes) / _SLOPE_SPREAD**2]
        )
        curvature = there.curvature + self.priors.curvature(theta)
        return Point(there.value + self._log_prior(theta, slopes), slope, curvature, there.mode)

    def slope(self, theta: Floats, start: OrderedMode) -> Floats:
        return self.point(theta, start).slope

    def value(self, theta: Floats, start: OrderedMode) -> tuple[float, OrderedMode]:
        spreads, slopes = self._parted(theta)
        mode = find_mode(self.design, spreads, slopes, start)
        return value_of(mode, self.objective) + self._log_prior(spreads, slopes), mode

    def _off(self, slopes: Floats) -> Floats:
        usual = usual_slopes(self.design.steps.tops)[self.free]
        return np.asarray(np.log(slopes[self.free] / usual))

    def _log_prior(self, theta: Floats, slopes: Floats) -> float:
        off = self._off(slopes)
        return self.priors.log_density(theta) - 0.5 * float(off @ off) / _SLOPE_SPREAD**2


def _climb(surface: _Surface) -> Point:
    facets = len(surface.design.facets.sizes)
    begin = np.concatenate([np.full(facets, np.log(0.5)), np.log(surface.slopes[surface.free])])
    last: OrderedMode | None = None  # alone: each holds a matrix

    def depth(logs: Floats) -> tuple[float, Floats]:
        nonlocal last
        point = surface.point(np.exp(logs), last)
        last = point.mode
        return -point.value, -point.slope

    found = minimize(
        depth,
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, _HIGHEST)] * len(begin),
        options={"ftol": 1e-12, "gtol": 1e-5, "maxiter": 200},
    )
    return surface.point(np.exp(found.x), last)


def _curvature_of_slopes(surface: _Surface, best: Point) -> Floats:
    """(free slopes,) by differences of the gradient."""
    facets, where = len(surface.design.facets.sizes), np.log(surface.at(best))
    found = np.empty(len(surface.free))
    for i in range(len(found)):
        step = np.zeros(len(where))
        step[facets + i] = _STEP
        ends = [surface.slope(np.exp(where + way * step), best.mode)[facets + i] for way in (1, -1)]
        found[i] = (ends[1] - ends[0]) / (2 * _STEP)
    return np.maximum(found, 1.0)
