"""The rating model: logit P(met) = intercept + employee + standard + evaluator + place, all but the
intercept crossed random effects with estimated standard deviations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import wide
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import Design, make_design, spreads_in_order
from gracja.engine.measure.objective import Height, Objective, height_at, value_of
from gracja.engine.measure.one_thread import one_thread
from gracja.engine.measure.search import LOWEST, climb
from gracja.engine.measure.solve import Mode, find_mode


@dataclass(frozen=True)
class RatingFit:
    """A fitted rating model.

    theta: facet -> standard deviation in logits. optimum: the objective's value at it. log_likelihood_error:
    the standard error of its estimate, 0 where it is exact: with more than 10,000 levels beside the largest
    facet its determinant is estimated (`wide`), and so are theta, to about 1 %, and covariances, from 200
    draws. intercept: logits, the one fixed effect. modes: facet -> (levels,) effects in logits.
    """

    design: Design
    objective: Objective
    theta: dict[str, float]
    optimum: float
    mode: Mode | wide.Found
    log_likelihood_error: float = 0.0

    @property
    def intercept(self) -> float:
        return self.mode.intercept

    @property
    def modes(self) -> dict[str, Floats]:
        return {name: self.mode.effects[self._columns(name)] for name in self.theta}

    def log_likelihood(self, theta: Mapping[str, float] | None = None) -> float:
        """The objective at theta (facet -> standard deviation in logits); without one, at this fit's."""
        if theta is None:
            return self.optimum
        there = spreads_in_order(self.design, theta)
        if isinstance(self.mode, wide.Found):
            found = wide.wide_mode(self.design, there, self.mode.effects)
            return found.log_likelihood(self.objective).value
        return value_of(find_mode(self.design, there, self.mode), self.objective)

    def contrast(self, weights: Mapping[str, ArrayLike], intercept: ArrayLike = 0.0) -> tuple[Floats, Floats]:
        """Linear contrasts of intercept and effects: (n,) values and their (n, n) posterior covariance.

        weights: facet -> (n, levels). intercept: (n,) or one number for all. Logits throughout; the
        covariance is that of the joint posterior at this fit's theta.
        """
        rows = {name: np.atleast_2d(np.asarray(given, dtype=np.float64)) for name, given in weights.items()}
        n = max([len(given) for given in rows.values()] + [np.size(intercept)])
        matrix = np.zeros((n, self.design.n_columns))
        matrix[:, -1] = intercept
        for name, given in rows.items():
            columns = self._columns(name)
            if given.shape[1] != columns.stop - columns.start:
                raise EngineInputError(
                    "rating_shape", expected=columns.stop - columns.start, given=given.shape[1]
                )
            matrix[:, columns] = given
        contrasts = Contrasts.of(self.design, matrix)
        return contrasts.values(self.mode), contrasts.covariance(self.mode)

    def _columns(self, name: str) -> slice:
        first = self.design.column_of(name)
        return slice(first, first + self.design.sizes[self.design.names.index(name)])


@one_thread
def fit(
    y: ArrayLike,
    facets: Mapping[str, ArrayLike],
    weights: ArrayLike | None = None,
    theta: Mapping[str, float] | None = None,
    objective: Objective = "nagq0",
) -> RatingFit:
    """Fit crossed random effects to shares met.

    y: (rows,) in 0-1; fractions enter as quasi-likelihood. facets: name -> (rows,) integer codes from 0, -1
    where none is known. weights: (rows,) how often each row counts, > 0. theta: facet -> standard deviation
    in logits, to evaluate there and not to search. objective: `nagq0` (lme4's nAGQ = 0) or `integrated`.

    Raises EngineInputError: rating_empty, rating_shape, rating_value_range, rating_weight_range,
    rating_code_range, rating_facet_unknown, rating_theta_range, rating_did_not_converge.
    Source: Bates et al. (2015), J. Stat. Software 67(1); Breslow and Clayton (1993), JASA 88:9.
    """
    design = make_design(y, facets, weights)
    if theta is None:
        return fit_design(design, objective)
    there = spreads_in_order(design, theta)
    if design.n_rest > wide.WIDEST:
        return _of_wide(wide.wide_mode(design, there), design, objective)
    mode = find_mode(design, there)
    return RatingFit(design, objective, dict(theta), value_of(mode, objective), mode)


def fit_design(design: Design, objective: Objective) -> RatingFit:
    """Search for the optimum in log theta, with the exact gradient, or where no matrix fits with draws."""
    if design.n_rest > wide.WIDEST:
        return _of_wide(wide.likeliest(design, objective), design, objective)
    best = climb(partial(_height, design, objective), design)
    # At the lower end the likelihood is flat: the spread is not distinguishable from none.
    none = np.log(best.mode.theta) < LOWEST + 1e-6
    mode = find_mode(design, np.where(none, 0.0, best.mode.theta), best.mode) if none.any() else best.mode
    return RatingFit(design, objective, _named(design, mode.theta), value_of(mode, objective), mode)


def _of_wide(found: wide.Found, design: Design, objective: Objective) -> RatingFit:
    value, error = found.log_likelihood(objective)
    return RatingFit(design, objective, _named(design, found.theta), value, found, error)


def _named(design: Design, theta: Floats) -> dict[str, float]:
    return dict(zip(design.names, map(float, theta), strict=True))


def _height(design: Design, objective: Objective, theta: Floats, start: Mode | None) -> Height:
    return height_at(design, theta, objective, start)
