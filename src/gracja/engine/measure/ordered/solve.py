"""The joint mode of effects, intercept and thresholds for given standard deviations and slopes.

As `measure.solve`, with the thresholds' sums as further columns that no standard deviation penalises. The
block between the largest facet and the rest is a plain array here: (levels, columns) must fit in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri, dpotrs, dtrtrs

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.effects import Effects
from gracja.engine.measure.ordered.design import OrderedDesign
from gracja.engine.measure.ordered.passes import spread_over, sums, take_products

_MOST_STEPS: Final = 100
_MOST_HALVINGS: Final = 40
_NEGLIGIBLE_GAIN: Final = 1e-12
_ROUNDING: Final = 1e-11
_LEAST: Final = 1e-6  # of a standard deviation that an effect is divided by

Read = tuple[float, Floats, Floats, Floats, Floats, Floats]
"""What `passes.sums` adds up."""


@dataclass(frozen=True)
class Factor:
    """Information, factorised, in spherical effects. d: (n_big,); over_root: (n_big, n_all), B / sqrt(d);
    lower: (n_all, n_all), Cholesky of the Schur complement; n_rest: columns before the thresholds'.
    """

    d: Floats
    over_root: Floats
    lower: Floats
    n_rest: int

    def solve(self, big: Floats, rest: Floats) -> tuple[Floats, Floats]:
        """Information^-1 times a vector."""
        root = np.sqrt(self.d)
        down = rest - (big / root) @ self.over_root
        x_rest = np.asarray(dpotrs(self.lower, down, lower=1)[0])
        return (big / root - self.over_root @ x_rest) / root, x_rest

    def variance_of(self, big: Any, rest: Floats, thresholds: Floats | None = None) -> Floats:
        """(n,) of contrasts: big (n, n_big), sparse or not; rest (n, n_rest); thresholds (n, theirs)."""
        whitened = self._whiten(big, rest, thresholds)
        return np.asarray(big**2 @ (1 / self.d) + (whitened**2).sum(axis=0))

    def covariance_of(self, big: Any, rest: Floats) -> Floats:
        """(n, n) of contrasts."""
        whitened, plain = self._whiten(big, rest, None), _plain(big)
        return np.asarray((plain / self.d) @ plain.T + whitened.T @ whitened)

    def _whiten(self, big: Any, rest: Floats, thresholds: Floats | None) -> Floats:
        all_rest = np.zeros((len(rest), len(self.lower)))
        all_rest[:, : self.n_rest] = _plain(rest)
        if thresholds is not None:
            all_rest[:, self.n_rest :] = thresholds
        all_rest -= _plain(big @ (self.over_root / np.sqrt(self.d)[:, None]))
        return np.asarray(dtrtrs(self.lower, all_rest.T, lower=1)[0])

    def integrated(self, size: int) -> tuple[Floats, Floats, Floats]:
        """Covariance of the effects with the first `size` columns of the rest: variances of the largest facet
        (n_big,), with the rest (n_big, size) where a level meets it, of the rest (size, size); the columns
        after are held fixed.
        """
        if not size:
            return 1 / self.d, np.zeros((len(self.d), 0)), np.zeros((0, 0))
        triangle = np.asarray(dpotri(self.lower[:size, :size], lower=1)[0])
        inverse = np.tril(triangle) + np.tril(triangle, -1).T
        over = self.over_root[:, :size] / np.sqrt(self.d)[:, None]
        across = spread_over(over, inverse)
        return 1 / self.d - (across * over).sum(axis=1), across, inverse


@dataclass(frozen=True)
class OrderedMode(Effects):
    """The joint mode; of the rest only the effects and the intercept are spherical. slopes: (scales,);
    thresholds: (n_all - n_rest,) their sums.
    """

    slopes: Floats
    thresholds: Floats
    factor: Factor

    @property
    def big(self) -> Floats:
        """(n_big + 1,) in logits, as the passes read it."""
        return np.append(self.theta[0] * self.u_big, 0.0)

    @property
    def rest(self) -> Floats:
        """(n_all + 1,) in logits, thresholds behind, as the passes read it."""
        return np.concatenate([self.scale_rest * self.u_rest, self.thresholds, [0.0]])


def find_mode(
    design: OrderedDesign, theta: Floats, slopes: Floats, start: OrderedMode | None = None
) -> OrderedMode:
    """Newton's steps, halved where they overshoot.

    Raises EngineInputError: rating_did_not_converge (marks of all one kind and no half marks).
    """
    found = None
    if start is not None:
        big = start.big[:-1] / max(theta[0], _LEAST)
        own = start.scale_rest * start.u_rest / np.maximum(_scale(design, theta), _LEAST)
        found = _climb(design, theta, slopes, big, np.concatenate([own, start.thresholds]))
    if found is None:
        found = _climb(design, theta, slopes, *_cold_start(design, slopes))
    if found is None:
        raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)
    return found


def _scale(design: OrderedDesign, theta: Floats) -> Floats:
    facet = design.facets.rest_facet
    return np.asarray(np.where(facet < 0, 1.0, theta[facet]))


def _climb(
    design: OrderedDesign, theta: Floats, slopes: Floats, big: Floats, rest: Floats
) -> OrderedMode | None:
    n_rest = design.facets.n_rest
    scale = _scale(design, theta)
    wide = np.append(scale, np.ones(design.n_all - n_rest))
    random = np.append(np.ones(n_rest - 1), np.zeros(design.n_all - n_rest + 1))

    def at(big: Floats, rest: Floats) -> tuple[float, Read]:
        found = sums(design.steps, slopes, np.append(theta[0] * big, 0.0), np.append(wide * rest, 0.0))
        return found[0] - 0.5 * float(big @ big + (rest * random) @ rest), found

    here, read = at(big, rest)
    for _ in range(_MOST_STEPS):
        slope_big = theta[0] * read[1][:-1] - big
        slope_rest = wide * read[2][:-1] - random * rest
        factor = _factorised(design, read, theta[0], wide, random)
        if factor is None:
            return None
        step_big, step_rest = factor.solve(slope_big, slope_rest)
        gain = float(slope_big @ step_big + slope_rest @ step_rest)
        if gain < _NEGLIGIBLE_GAIN:
            own, thresholds = rest[:n_rest], rest[n_rest:]
            return OrderedMode(theta, big, own, scale, read[0], slopes, thresholds, factor)
        for _ in range(_MOST_HALVINGS):
            there, tried = at(big + step_big, rest + step_rest)
            if there >= here - _ROUNDING * (1 + abs(here)):
                break
            step_big, step_rest = step_big / 2, step_rest / 2
        else:
            return None
        big, rest, here, read = big + step_big, rest + step_rest, there, tried
    return None


def _factorised(
    design: OrderedDesign, read: Read, theta: float, wide: Floats, random: Floats
) -> Factor | None:
    own, between, block = read[3:]
    d = 1.0 + theta**2 * own[:-1]
    over_root = between[:-1, :-1]
    over_root *= wide
    over_root *= (theta / np.sqrt(d))[:, None]
    schur = block[:-1, :-1] * wide * wide[:, None]
    take_products(schur, over_root)
    np.einsum("ii->i", schur)[:] += random
    lower, broken = dpotrf(schur, lower=1, clean=1)
    return None if broken else Factor(d, over_root, np.asarray(lower), design.facets.n_rest)


def _cold_start(design: OrderedDesign, slopes: Floats) -> tuple[Floats, Floats]:
    """No effects; the intercept of the scale with most marks, and thresholds that give each its shares."""
    steps, n_rest = design.steps, design.facets.n_rest
    rest, most = np.zeros(design.n_all), -1.0
    for scale, (top, first) in enumerate(zip(steps.tops, steps.firsts, strict=True)):
        own = steps.scale == scale
        counts = np.bincount(steps.step[own], steps.weight[own], top + 1) + 1e-3
        logs = np.log(counts) - np.log(counts[0])
        logit = logs[-1] / top
        rest[first : first + top - 1] = (logs - logit * np.arange(top + 1))[1:-1]
        if counts.sum() > most:
            most, rest[n_rest - 1] = counts.sum(), logit / slopes[scale]
    return np.zeros(design.facets.n_big), rest


def _plain(product: Any) -> Floats:
    return np.asarray(product if isinstance(product, np.ndarray) else product.toarray())
