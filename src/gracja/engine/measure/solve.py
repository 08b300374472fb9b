"""Penalised IRLS: the joint mode of intercept and effects for given standard deviations, and what
surrounds it.

In spherical effects u (b = theta * u, u ~ N(0, I)) the information matrix is
[[D, B], [B', R]], with D the diagonal block of the largest facet. It is eliminated by its Schur complement
S = R - B' D^-1 B, so that only a matrix of the size of all the other facets is factorised.
Source: Bates, Maechler, Bolker, Walker (2015), J. Stat. Software 67(1), section 5; Bates (2011), lme4's
vignette "Computational methods for mixed models".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy.linalg.blas import dtrsv
from scipy.linalg.lapack import dpotrf, dpotri, dtrtrs
from scipy.sparse import csr_array

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Layout, Sums, fit_of, read, reduced
from gracja.engine.measure.cells.schur import add_scattered, make_spherical
from gracja.engine.measure.design import Design
from gracja.engine.measure.effects import Effects

_MOST_STEPS = 60
# Share of the rest's columns up to which adding a contrast's own is faster than solving for all of them.
_FEW = 0.1
_MOST_HALVINGS = 30
_LEAST: Final = 1e-12  # a standard deviation, in a denominator
# Steps of log theta up to which the mode's derivative leads to the next mode.
_NEARBY: Final = 0.4
SMALL = 200_000  # entries of a matrix below which a plain array is faster than a sparse one
# Twice the height (log-likelihood) that may be left to gain; and where a thousandth of a deviation does.
_NEGLIGIBLE_GAIN, ROUGH_GAIN = 1e-12, 1e-6
# A step may overshoot the highest point on its way by so much of the slope at its beginning.
_OVERSHOT = 0.5


@dataclass(frozen=True)
class Factor:
    """The information matrix at one point, factorised: D, B as the layout keeps it, and the lower Cholesky of
    S. theta: of the largest facet; scale: (n_rest,) of the others, 1 for the intercept.
    """

    layout: Layout
    sums: Sums
    theta: float
    scale: Floats
    d: Floats
    lower: Floats

    @cached_property
    def rest_inverse(self) -> Floats:
        """S^-1: the covariance of the rest's spherical effects and of the intercept."""
        return inverse_of(self.lower)

    @cached_property
    def _b(self) -> Floats | None:
        """(n_big, n_rest) where it is small, as it mostly is in a company of tens."""
        n_big, n_rest = self.layout.n_big, self.layout.n_rest
        if n_big * n_rest > SMALL:
            return None
        b = np.zeros((n_big, n_rest + 1))
        end = self.layout.rows.big_slots[-2]
        b[self.layout.slot_big, self.layout.rows.slot_column[:end]] = self.sums.slots[:end]
        if self.layout.full:
            b[:, self.layout.inside] = self.sums.block[:-1, :-1]
        b[:, -2] = self.sums.weight_big[:-1]
        return np.asarray(b[:, :-1] * (self.theta * self.scale))

    @cached_property
    def _slots(self) -> Any:
        rows, shape = self.layout.rows, (self.layout.n_big, self.layout.n_rest + 1)
        end = rows.big_slots[-2]
        return csr_array((self.sums.slots[:end], rows.slot_column[:end], rows.big_slots[:-1]), shape=shape)

    def to_big(self, rest: Floats) -> Floats:
        """B times (n_rest,)."""
        if self._b is not None:
            return np.asarray(self._b @ rest)
        scaled = self.scale * rest
        raw = self._slots @ np.append(scaled, 0.0) + self.sums.weight_big[:-1] * scaled[-1]
        if self.layout.full:
            raw += self.sums.block[:-1, :-1] @ scaled[self.layout.inside]
        return np.asarray(self.theta * raw)

    def solve(self, big: Floats, rest: Floats) -> tuple[Floats, Floats]:
        """Information^-1 times a vector."""
        upper = self.lower.T  # as LAPACK left it: the other way round, each question would copy it
        half = dtrsv(upper, rest - self._times_b(big / self.d), lower=0, trans=1)
        x_rest = np.asarray(dtrsv(upper, half, lower=0))
        return (big - self.to_big(x_rest)) / self.d, x_rest

    def _times_b(self, big: Any) -> Floats:
        """(n, n_rest) or (n_rest,): (n, n_big) or (n_big,) times B."""
        if self._b is not None:
            return np.asarray(big @ self._b)
        raw = _plain(big @ self._slots)[..., :-1]
        if self.layout.full:
            raw[..., self.layout.inside] += big @ self.sums.block[:-1, :-1]
        raw[..., -1] += big @ self.sums.weight_big[:-1]
        return np.asarray(raw * (self.theta * self.scale))

    def _whiten(self, over_d: Any, rest: Floats) -> Floats:
        """(n_rest, n): L^-1 (rest - big D^-1 B)'; contrasts' covariance is (big D^-1 big') + V'V."""
        return np.asarray(dtrtrs(self.lower, (rest - self._times_b(over_d)).T, lower=1)[0])

    def covariance_of(self, big: Any, rest: Floats) -> Floats:
        """(n, n) covariance of contrasts: big (n, n_big), sparse or not, rest (n, n_rest), spherical."""
        over_d = self._over_d(big)
        whitened = self._whiten(over_d, rest)
        return np.asarray(_plain(over_d @ big.T) + whitened.T @ whitened)

    def variance_of(self, big: Any, rest: Floats) -> Floats:
        """(n,) the diagonal of `covariance_of`."""
        left = rest - self._times_b(self._over_d(big))
        inside = self.layout.inside
        touched = (np.count_nonzero(left) - np.count_nonzero(left[:, inside])) / max(1, len(left))
        if touched > _FEW * len(self.lower):
            whitened = np.asarray(dtrtrs(self.lower, left.T, lower=1)[0])
            return np.asarray(big**2 @ (1 / self.d) + (whitened**2).sum(axis=0))
        crossed = left[:, inside] @ self.rest_inverse[inside, inside]
        form = np.einsum("ij,ij->i", crossed, left[:, inside])
        add_scattered(left, self.rest_inverse, inside.start, inside.stop, form)
        return np.asarray(big**2 @ (1 / self.d) + form)

    def _over_d(self, big: Any) -> Any:
        return big / self.d if isinstance(big, np.ndarray) else csr_array(big.multiply(1 / self.d))


@dataclass(frozen=True)
class Mode(Effects):
    """The joint mode for one theta, and the factor there."""

    factor: Factor


def find_mode(
    design: Design, theta: Floats, start: Mode | None = None, left: float = _NEGLIGIBLE_GAIN
) -> Mode:
    """Newton's steps, halved where they overshoot, until the gradient is zero.

    left: twice the height that may be left to gain.

    Raises EngineInputError: rating_did_not_converge (marks of all one kind and no half marks).
    """
    scale = np.where(design.rest_facet < 0, 1.0, theta[design.rest_facet])
    if start is not None:
        found = _climb(design, theta, scale, *_warm_start(start, theta, scale), left)
        if found is not None:
            return found  # else far from where it came from, a mode misleads
    found = _climb(design, theta, scale, *cold_start(design, theta), left)
    if found is None:
        raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)
    return found


def _climb(
    design: Design, theta: Floats, scale: Floats, big: Floats, rest: Floats, left: float
) -> Mode | None:
    layout = design.layout
    sums = read(layout, theta[0] * big, scale * rest)
    if sums is None:
        return None
    for _ in range(_MOST_STEPS):
        slope_big, slope_rest = _slope(sums, theta[0], scale, big, rest)
        factor = factorise(layout, sums, theta[0], scale)
        if factor is None:
            return None
        step_big, step_rest = factor.solve(slope_big, slope_rest)
        gain = float(slope_big @ step_big + slope_rest @ step_rest)
        if gain < left:
            fit = fit_of(layout, theta[0] * big, scale * rest)
            return Mode(theta, big, rest, scale, fit, replace(factor, sums=_lasting(sums)))
        for _ in range(_MOST_HALVINGS):
            next_big, next_rest = big + step_big, rest + step_rest
            sums = read(layout, theta[0] * next_big, scale * next_rest)
            if sums is not None:
                on_big, on_rest = _slope(sums, theta[0], scale, next_big, next_rest)
                # The height is concave: where it still rises along the step, or falls little, it has risen.
                if float(on_big @ step_big + on_rest @ step_rest) >= -_OVERSHOT * gain - _NEGLIGIBLE_GAIN:
                    break
            step_big, step_rest, gain = step_big / 2, step_rest / 2, gain / 2
        if sums is None:
            return None
        big, rest = next_big, next_rest
    return None


def _lasting(sums: Sums) -> Sums:
    """What contrasts ask a mode for; the rest is as large as its factor."""
    none = np.empty((0, 0))
    return sums._replace(weight_outer=none, between=none)


def _warm_start(start: Mode, theta: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """Where the mode moves by its derivative in log theta, 2 A^-1 u - u, A being the information; from far,
    each as if it stood alone.
    """
    big = float(np.log(max(theta[0], _LEAST) / max(start.theta[0], _LEAST)))
    rest = np.log(np.maximum(scale, _LEAST) / np.maximum(start.scale_rest, _LEAST))
    if max(abs(big), np.abs(rest).max()) > _NEARBY:
        return _shrunk_anew(start, theta, scale)
    way_big, way_rest = big * start.u_big, rest * start.u_rest
    on_big, on_rest = start.factor.solve(way_big, way_rest)
    return start.u_big + 2 * on_big - way_big, start.u_rest + 2 * on_rest - way_rest


def _shrunk_anew(start: Mode, theta: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """Each effect shrunk anew, as if it stood alone: by theta^2 w / (1 + theta^2 w), w its information."""
    lower = start.factor.lower
    alone = np.maximum(np.einsum("ij,ij->i", lower, lower), 1.0)
    big, rest = theta[0] / max(start.theta[0], _LEAST), scale / np.maximum(start.scale_rest, _LEAST)
    return (
        start.u_big * np.clip(big * start.factor.d / (1 + big**2 * (start.factor.d - 1)), 0.2, 5.0),
        start.u_rest * np.clip(rest * alone / (1 + rest**2 * (alone - 1)), 0.2, 5.0),
    )


def cold_start(design: Design, theta: Floats) -> tuple[Floats, Floats]:
    """Spherical effects (n_big,) and (n_rest,) to begin with: each as if it stood alone, and the intercept of
    the overall share.
    """
    share = np.clip(design.met.sum() / design.seen.sum(), 1e-3, 1 - 1e-3)
    alone = [t * far / (t**2 + chance) for t, (far, chance) in zip(theta, design.apart, strict=True)]
    return alone[0], np.concatenate([*alone[1:], [np.log(share / (1 - share))]])


def _slope(sums: Sums, theta: float, scale: Floats, big: Floats, rest: Floats) -> tuple[Floats, Floats]:
    slope_rest = scale * sums.slope_outer[:-1]
    slope_rest[:-1] -= rest[:-1]
    return theta * sums.slope_big[:-1] - big, slope_rest


def factorise(layout: Layout, sums: Sums, theta: float, scale: Floats) -> Factor | None:
    """Information at these sums' weights, with the largest facet eliminated; None where it is singular."""
    schur = reduced(layout, sums, theta)
    make_spherical(schur, scale)
    # LAPACK reads the transposed view without a copy: its upper triangle is our lower one.
    upper, broken = dpotrf(schur.T, lower=0, overwrite_a=1)
    d = 1.0 + theta**2 * sums.weight_big[:-1]
    return None if broken else Factor(layout, sums, theta, scale, d, np.asarray(upper).T)


def inverse_of(lower: Floats) -> Floats:
    """Of the matrix whose lower Cholesky factor this is."""
    triangle = np.asarray(dpotri(lower.T, lower=0)[0])  # the other half as it was: zeros
    full = triangle + triangle.T
    np.einsum("ii->i", full)[:] /= 2
    return full


def _plain(product: Any) -> Floats:
    return np.asarray(product if isinstance(product, np.ndarray) else product.toarray())
