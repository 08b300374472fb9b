"""The posterior of the rating model with its standard deviations integrated out.

With few employees or marks a standard deviation estimated as 0 would make everyone equal for certain.
So results are averages over the standard deviations that the marks leave possible: a fixed set of points
around the highest, weighted by the integrated likelihood times a weak prior (half-normal, in logits).
The intercept carries the weight of one half-met mark, so that marks of all one kind stay finite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit, ndtr, ndtri

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import Design, make_design
from gracja.engine.measure.objective import Height, height_at, value_of
from gracja.engine.measure.search import LARGE, HeightFunction, climb
from gracja.engine.measure.solve import Mode, find_mode

# Half-normal scales in logits. Standards differ by more than people do; 1 logit between two employees is
# 50 % against 73 %. Wide against what is seen in practice, and stated in the ADR.
PRIOR_SCALES: Final[Mapping[str, float]] = {"employee": 1.0, "place": 1.0, "evaluator": 0.7, "standard": 2.0}
_OTHER_SCALE = 2.0
_POINTS = 32
_WIDER = 1.15
_PROBE = 2.0
_STEP = 0.1
_NEGLIGIBLE = 1e-4
_SURE = 25.0  # of a curvature: a spread is known to a fifth
_QUADRATURE = np.polynomial.hermite_e.hermegauss(9)


@dataclass(frozen=True)
class Posterior:
    """Weighted points of theta with the mode at each. weights sum to 1."""

    design: Design
    modes: tuple[Mode, ...]
    weights: Floats

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

    def at(self, mode: Mode) -> tuple[Floats, Floats]:
        """(subjects,) means and standard deviations in logits, given theta, by the delta method."""
        parts = [self._part(mode, part) for part in self.linear.in_parts()]
        means, deviations = (np.concatenate([np.empty(0), *each]) for each in zip(*parts, strict=True))
        return means, deviations

    def _part(self, mode: Mode, linear: Contrasts) -> tuple[Floats, Floats]:
        base = linear.values(mode)
        if not self.items:
            return base, np.sqrt(linear.variance(mode))
        items = np.array(self.items)
        weights = np.array(self.weights) / sum(self.weights)
        logits = base[:, None] + mode.effects[items]
        met = expit(logits)
        # log of the share and of its complement, for shares near 0 and 1
        share, complement = met @ weights, expit(-logits) @ weights
        bend = met * expit(-logits) * weights / (share * complement)[:, None]
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
        """(subjects,) in logits, by bisection."""
        reach = ndtri(np.clip(probability, 1e-12, 1 - 1e-12)) * self.deviations
        low, high = (self.means + reach).min(axis=0), (self.means + reach).max(axis=0)
        for _ in range(60):
            middle = (low + high) / 2
            under = self.below(middle) < probability
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2)


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
    """Search the highest point in log theta, then weigh a fixed set of points around it."""
    scales = np.array([PRIOR_SCALES.get(name, _OTHER_SCALE) for name in design.names])

    def height_of(marks: Design) -> HeightFunction:
        def height(theta: Floats, start: Mode | None) -> Height:
            there, relative = height_at(marks, theta, "integrated", start), (theta / scales) ** 2
            return Height(
                there.value + _log_prior(theta, scales),
                there.slope + 1 - relative,
                there.curvature + 2 * relative,
                there.mode,
            )

        return height

    best = climb(height_of, design)
    center = np.log(best.mode.theta)
    if len(design.met) > LARGE and (best.curvature > _SURE).all():
        # So many marks say so well what the spreads are that a few points around the highest do.
        root, reach = np.diag(1 / np.sqrt(best.curvature)), np.ones((2, len(center)))
        points = np.sqrt(len(center)) * np.concatenate([np.eye(len(center)), -np.eye(len(center))])
    else:
        root = _root_of_covariance(height_of(design), center, best.mode)
        reach = _reach(design, scales, best, center, root)
        points = _normal_points(len(center))
    modes, log_weights = [], []
    for point in points:
        stretched = np.where(point < 0, reach[0], reach[1])
        mode = find_mode(design, np.exp(center + root @ (stretched * point)), best.mode)
        modes.append(mode)
        proposed = -0.5 * float(point @ point) - float(np.log(stretched).sum())
        log_weights.append(value_of(mode, "integrated") + _log_prior(mode.theta, scales) - proposed)
    raw = np.exp(np.array(log_weights) - max(log_weights))
    kept = raw > _NEGLIGIBLE * raw.sum()
    return Posterior(
        design, tuple(m for m, keep in zip(modes, kept, strict=True) if keep), raw[kept] / raw[kept].sum()
    )


def _log_prior(theta: Floats, scales: Floats) -> float:
    """Half-normal density of theta, as a density of log theta."""
    return float((np.log(theta) - 0.5 * (theta / scales) ** 2).sum())


def _root_of_covariance(height: HeightFunction, center: Floats, mode: Mode) -> Floats:
    """Lower root of the inverse curvature in log theta, by differences of the gradient."""
    size = len(center)
    curvature = np.empty((size, size))
    for i in range(size):
        step = np.zeros(size)
        step[i] = _STEP
        ahead, behind = height(np.exp(center + step), mode), height(np.exp(center - step), mode)
        curvature[i] = (behind.slope - ahead.slope) / (2 * _STEP)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    # A direction about which the marks say nothing is given by the prior: about one unit of log theta.
    return np.asarray(vectors / np.sqrt(np.clip(values, 0.7, None)))


def _reach(design: Design, scales: Floats, best: Height, center: Floats, root: Floats) -> Floats:
    """(2, axes): how far the posterior reaches backward and forward on each axis; a normal's is 1 and 1.

    A spread near zero leaves a long tail to the left in log theta. Source: Rue, Martino, Chopin (2009),
    J. R. Statist. Soc. B 71:319, section 6.5, on INLA's asymmetric integration.
    """
    reach = np.ones((2, len(center)))
    for axis in range(len(center)):
        for side, sign in enumerate((-1, 1)):
            theta = np.exp(center + sign * _PROBE * root[:, axis])
            height = value_of(find_mode(design, theta, best.mode), "integrated") + _log_prior(theta, scales)
            drop = max(best.value - height, 1e-3)
            reach[side, axis] = np.clip(_PROBE / np.sqrt(2 * drop), 0.6, 2.5)
    return _WIDER * reach


def _normal_points(dimensions: int) -> Floats:
    """Evenly spread normal points (R-sequence, mirrored), the center first. Source: Roberts (2018)."""
    golden = 1.5
    for _ in range(50):
        golden = (1 + golden) ** (1 / (dimensions + 1))
    steps = golden ** -np.arange(1.0, dimensions + 1)
    uniform = (0.5 + np.arange(1, _POINTS // 2 + 1)[:, None] * steps) % 1.0
    half = ndtri(uniform)
    return np.concatenate([np.zeros((1, dimensions)), half, -half])
