"""The posterior of the rating model with its standard deviations integrated out.

With few employees or marks a standard deviation estimated as 0 would make everyone equal for certain.
So results are averages over the standard deviations that the marks leave possible: a fixed set of points
around the highest, weighted by the integrated likelihood times a weak prior.
The intercept carries the weight of one half-met mark, so that marks of all one kind stay finite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize.elementwise import find_root
from scipy.special import expit, ndtr, ndtri

from gracja.engine.measure import wide
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.contrasts import Contrasts, Located
from gracja.engine.measure.design import Design, make_design
from gracja.engine.measure.objective import Height, height_at, value_of
from gracja.engine.measure.priors import Priors
from gracja.engine.measure.quadrature import beyond_laplace, few_of_each
from gracja.engine.measure.search import HIGHEST, LARGE, LOWEST, climb
from gracja.engine.measure.solve import ROUGH_GAIN, Mode, find_mode
from gracja.engine.measure.spreads import SURE, SURER, Summit, weighed

_HAIR: Final = 1e-9  # logits
# Of log theta: how far from Laplace's highest point the better one is looked for, and by what steps.
_BESIDE, _STRIDE, _MOST_STRIDES = (-1.0, 1.5), (0.01, 0.3), 8
_QUADRATURE = np.polynomial.hermite_e.hermegauss(9)


@dataclass(frozen=True)
class Posterior:
    """Weighted points of theta with the mode at each. weights sum to 1. middle: of draws, which do not say
    what they vary around; None where the points are modes.
    """

    design: Design
    modes: tuple[Located, ...]
    weights: Floats
    middle: Located | None = None

    @property
    def centre(self) -> Located:
        """One place to stand for all: the likeliest mode, or what draws vary around."""
        return self.modes[int(np.argmax(self.weights))] if self.middle is None else self.middle

    def predict(self, prediction: Prediction) -> Mixture:
        """The posterior of a prediction: one normal in logits for each point and subject."""
        located = [prediction.at(mode) for mode in self.modes]
        return Mixture(np.stack([m for m, _ in located]), np.stack([s for _, s in located]), self.weights)

    def joint(self, contrasts: Contrasts) -> Iterator[tuple[float, Floats, Floats]]:
        """(weight, (n,) means, (n, n) covariance) of linear contrasts, point by point."""
        for weight, mode in zip(self.weights, self.modes, strict=True):
            yield float(weight), contrasts.values(mode), contrasts.covariance(mode)

    @property
    def theta(self) -> dict[str, float]:
        """Posterior mean of each standard deviation, in logits."""
        mean = self.weights @ np.stack([mode.theta for mode in self.modes])
        return dict(zip(self.design.names, map(float, mean), strict=True))


@dataclass(frozen=True)
class Prediction:
    """Weighted shares met, one for each subject.

    linear: contrasts without the standards' effects, usually with the intercept. items: (standards,) columns
    added one at a time. weights: (standards,) of the mix. No items: the contrasts themselves.
    """

    linear: Contrasts
    items: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()

    def at(self, mode: Located) -> tuple[Floats, Floats]:
        """(subjects,) means and standard deviations in logits, given theta, by the delta method."""
        parts = [self._part(mode, part) for part in self.linear.in_parts()]
        means, deviations = (np.concatenate([np.empty(0), *each]) for each in zip(*parts, strict=True))
        return means, deviations

    def _part(self, mode: Located, linear: Contrasts) -> tuple[Floats, Floats]:
        base = linear.values(mode)
        if not self.items:
            return base, np.sqrt(linear.variance(mode))
        items = np.array(self.items)
        weights = np.array(self.weights) / sum(self.weights)
        logits = base[:, None] + mode.effects[items]
        met, not_met = expit(logits), expit(-logits)
        # log of the share and of its complement, for shares near 0 and 1
        share, complement = met @ weights, not_met @ weights
        bend = met * not_met * weights / (share * complement)[:, None]
        gradient = linear.bent(bend.sum(axis=1), items, bend)
        return np.log(share) - np.log(complement), np.sqrt(gradient.variance(mode))


@dataclass(frozen=True)
class Mixture:
    """Normals in logits: means and deviations (points, subjects), weights (points,)."""

    means: Floats
    deviations: Floats
    weights: Floats

    @property
    def mean(self) -> Floats:
        """(subjects,) in logits."""
        return np.asarray(self.weights @ self.means)

    @property
    def deviation(self) -> Floats:
        """(subjects,) in logits."""
        spread = self.deviations**2 + (self.means - self.mean) ** 2
        return np.asarray(np.sqrt(self.weights @ spread))

    @property
    def share(self) -> Floats:
        """(subjects,) posterior mean of the share, 0-1."""
        nodes, masses = _QUADRATURE
        masses = masses / masses.sum()
        at_nodes = expit(self.means[..., None] + self.deviations[..., None] * nodes) @ masses
        return np.asarray(self.weights @ at_nodes)

    def below(self, logit: Floats | float) -> Floats:
        """(subjects,) probability of lying under this logit."""
        return np.asarray(self.weights @ ndtr((logit - self.means) / np.maximum(self.deviations, 1e-12)))

    def quantile(self, probability: float) -> Floats:
        """(subjects,) in logits."""
        reach = ndtri(np.clip(probability, 1e-12, 1 - 1e-12)) * self.deviations
        low, high = (self.means + reach).min(axis=0), (self.means + reach).max(axis=0)

        def over(logit: Floats, subject: Ints) -> Floats:
            deviations = np.maximum(self.deviations[:, subject], 1e-12)
            return np.asarray(
                self.weights @ ndtr((logit - self.means[:, subject]) / deviations) - probability
            )

        # The ends are where one of the normals has its own quantile; a hair beyond, the signs surely differ.
        found = find_root(
            over,
            (low - _HAIR, high + _HAIR),
            args=(np.arange(len(low)),),
            tolerances={"xatol": _HAIR, "xrtol": 0},
        )
        return np.asarray(found.x)


def posterior_of(
    y: Floats,
    facets: Mapping[str, Floats],
    weights: Floats | None = None,
    *,
    sizes: Mapping[str, int] | None = None,
) -> Posterior:
    """The posterior from rows: as `rating.fit`, with names of facets that say their prior."""
    return posterior(make_design(y, facets, weights, sizes=sizes, half_marks=1.0))


def posterior(design: Design) -> Posterior:
    """Search the highest point in log theta, then weigh a fixed set of points around it; of two facets too
    wide for a matrix, hold the highest.
    """
    priors = Priors.of(design.names)
    if design.n_rest > wide.WIDEST:
        return Posterior(design, (wide.widest_fit(design, priors),), np.ones(1))
    spreads = _Spreads(design, priors)
    best = climb(spreads.height, design)
    summit = Summit(best.mode.theta, best.value, best.curvature, best.mode)
    if few_of_each(design):
        summit = _beside(spreads, summit)
    modes, weights = weighed(spreads, summit, sure=SURE if len(design.met) > LARGE else SURER)
    return Posterior(design, modes, weights)


def _beside(spreads: _Spreads, summit: Summit[Mode]) -> Summit[Mode]:
    """The highest point along the largest facet's spread, once each of its levels is integrated by itself:
    by parabolas through three points one deviation apart, until one ends between its own.
    """

    def moved(way: float) -> Floats:
        theta = summit.theta.copy()
        theta[0] = np.clip(theta[0] * np.exp(way), np.exp(LOWEST), np.exp(HIGHEST))
        return theta

    stride, top = float(np.clip(1 / np.sqrt(max(summit.curvature[0], 1.0)), *_STRIDE)), 0.0
    for _ in range(_MOST_STRIDES):
        middle = top
        below, here, above = (
            spreads.value(moved(middle + way * stride), summit.mode)[0] for way in (-1, 0, 1)
        )
        bend = max(2 * here - below - above, 1e-9)
        step = float(np.clip((above - below) / (2 * bend), -4.0, 4.0))
        top = float(np.clip(middle + stride * step, *_BESIDE))
        if abs(step) < 0.5 or top == middle:
            break
    theta, value = moved(top), here + (above - below) * (top - middle) / (4 * stride)
    height = spreads.height(theta, summit.mode)
    curvature = height.curvature.copy()
    curvature[0] = bend / stride**2
    return Summit(theta, value, curvature, height.mode)


@dataclass(frozen=True)
class _Spreads:
    """How well standard deviations explain these marks, times the prior."""

    design: Design
    priors: Priors

    def height(self, theta: Floats, start: Mode | None) -> Height:
        there = height_at(self.design, theta, "integrated", start)
        return Height(
            there.value + self.priors.log_density(theta),
            there.slope + self.priors.slope(theta),
            there.curvature + self.priors.curvature(theta),
            there.mode,
        )

    def slope(self, theta: Floats, start: Mode) -> Floats:
        return self.height(theta, start).slope

    def value(self, theta: Floats, start: Mode) -> tuple[float, Mode]:
        mode = find_mode(self.design, theta, start, ROUGH_GAIN)
        height = value_of(mode, "integrated") + self.priors.log_density(theta)
        if not few_of_each(self.design):
            return height, mode
        missed, matched = beyond_laplace(self.design, mode)
        return height + missed, matched
