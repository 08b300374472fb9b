"""Penalised IRLS: the joint mode of intercept and effects for given standard deviations, and what
surrounds it.

In spherical effects u (b = theta * u, u ~ N(0, I)) the information matrix is
[[D, B], [B', R]], with D the diagonal block of the largest facet. It is eliminated by its Schur complement
S = R - B' D^-1 B, so that only a matrix of the size of all the other facets is factorised.
Source: Bates, Maechler, Bolker, Walker (2015), J. Stat. Software 67(1), section 5; Bates (2011), lme4's
vignette "Computational methods for mixed models".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs, dtrtrs
from scipy.sparse import csr_array
from scipy.special import expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.design import Design, Floats

_MOST_STEPS = 60
_MOST_HALVINGS = 30
# Twice the height (log-likelihood) that may be left to gain.
_NEGLIGIBLE_GAIN = 1e-12


@dataclass(frozen=True)
class Factor:
    """The information matrix at one point, factorised: D, B (dense or csr) and the lower Cholesky of S."""

    d: Floats
    b: Any
    lower: Floats

    def solve(self, big: Floats, rest: Floats) -> tuple[Floats, Floats]:
        """Information^-1 times a vector."""
        reduced = rest - self.b.T @ (big / self.d)
        x_rest = np.asarray(dpotrs(self.lower, reduced, lower=1)[0])
        return (big - self.b @ x_rest) / self.d, x_rest

    def whiten(self, big: Floats, rest: Floats) -> Floats:
        """(n_rest, n): L^-1 (rest - big D^-1 B)'; contrasts' covariance is (big D^-1 big') + V'V."""
        reduced = rest - (self.b.T @ (big / self.d).T).T
        return np.asarray(dtrtrs(self.lower, reduced.T, lower=1)[0])

    def covariance_of(self, big: Floats, rest: Floats) -> Floats:
        """(n, n) covariance of contrasts: big (n, n_big), rest (n, n_rest), in spherical units."""
        whitened = self.whiten(big, rest)
        covariance: Floats = (big / self.d) @ big.T + whitened.T @ whitened
        return covariance

    def variance_of(self, big: Floats, rest: Floats) -> Floats:
        """(n,) the diagonal of `covariance_of`."""
        whitened = self.whiten(big, rest)
        return np.asarray((big**2 / self.d).sum(axis=1) + (whitened**2).sum(axis=0), dtype=np.float64)


@dataclass(frozen=True)
class Mode:
    """The joint mode for one theta: spherical effects, the intercept, and the factor there.

    u_big: (n_big,), u_rest: (n_rest,) whose last entry is the intercept; scale_rest: (n_rest,) theta of each
    column, 1 for the intercept; eta: (cells,) logits; fit: log-likelihood at the mode, without penalty.
    """

    theta: Floats
    u_big: Floats
    u_rest: Floats
    scale_rest: Floats
    eta: Floats
    fit: float
    factor: Factor

    @property
    def intercept(self) -> float:
        return float(self.u_rest[-1])

    @property
    def effects(self) -> Floats:
        """(columns,) effects in logits, the intercept last."""
        return np.concatenate([self.theta[0] * self.u_big, self.scale_rest * self.u_rest])

    @property
    def penalty(self) -> float:
        return 0.5 * float(self.u_big @ self.u_big + self.u_rest[:-1] @ self.u_rest[:-1])


def find_mode(design: Design, theta: Floats, start: Mode | None = None) -> Mode:
    """Newton's steps, halved where they overshoot, until the gradient is zero.

    Raises EngineInputError: rating_did_not_converge (marks of all one kind and no half marks).
    """
    scale = np.append(np.where(design.rest_facet < 0, 1.0, theta[design.rest_facet]), 0.0)
    big, rest = _cold_start(design)
    eta = _logits(design, theta[0], scale, big, rest)
    height = _height(design, eta, big, rest)
    if start is not None:
        # Effects in logits move less with theta than spherical ones do.
        warm_big = start.u_big * np.clip(start.theta[0] / max(theta[0], 1e-12), 0.2, 5.0)
        warm_rest = start.u_rest * np.clip(start.scale_rest / np.maximum(scale[:-1], 1e-12), 0.2, 5.0)
        warm_eta = _logits(design, theta[0], scale, warm_big, warm_rest)
        warm_height = _height(design, warm_eta, warm_big, warm_rest)
        if warm_height > height:  # far from where it came from, a mode misleads
            big, rest, eta, height = warm_big, warm_rest, warm_eta, warm_height
    for _ in range(_MOST_STEPS):
        met_share = expit(eta)
        slope_big, slope_rest = _gradient(
            design, theta[0], scale, design.met - design.seen * met_share, big, rest
        )
        factor = factorise(design, theta[0], scale, design.seen * met_share * (1 - met_share))
        step_big, step_rest = factor.solve(slope_big, slope_rest)
        if float(slope_big @ step_big + slope_rest @ step_rest) < _NEGLIGIBLE_GAIN:
            fit = float(design.met @ eta - design.seen @ np.logaddexp(0.0, eta))
            return Mode(theta, big, rest, scale[:-1], eta, fit, factor)
        for _ in range(_MOST_HALVINGS):
            new_eta = _logits(design, theta[0], scale, big + step_big, rest + step_rest)
            new_height = _height(design, new_eta, big + step_big, rest + step_rest)
            if new_height >= height - 1e-12 * abs(height):
                break
            step_big, step_rest = step_big / 2, step_rest / 2
        big, rest, eta, height = big + step_big, rest + step_rest, new_eta, new_height
    raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)


def _cold_start(design: Design) -> tuple[Floats, Floats]:
    """No effects, and the intercept of the overall share."""
    share = np.clip(design.met.sum() / design.seen.sum(), 1e-3, 1 - 1e-3)
    rest = np.zeros(design.n_rest)
    rest[-1] = np.log(share / (1 - share))
    return np.zeros(design.n_big), rest


def _logits(design: Design, theta_big: float, scale: Floats, big: Floats, rest: Floats) -> Floats:
    padded = scale * np.append(rest, 0.0)
    logits: Floats = theta_big * np.append(big, 0.0)[design.columns[0]] + padded[design.rest_columns].sum(
        axis=0
    )
    return logits


def _height(design: Design, eta: Floats, big: Floats, rest: Floats) -> float:
    fit = design.met @ eta - design.seen @ np.logaddexp(0.0, eta)
    return float(fit - 0.5 * (big @ big + rest[:-1] @ rest[:-1]))


def _gradient(
    design: Design, theta_big: float, scale: Floats, residual: Floats, big: Floats, rest: Floats
) -> tuple[Floats, Floats]:
    slope_big, slope_rest = gather(design, theta_big, scale, residual)
    slope_rest[:-1] -= rest[:-1]
    return slope_big - big, slope_rest


def gather(design: Design, theta_big: float, scale: Floats, per_cell: Floats) -> tuple[Floats, Floats]:
    """Sums of a number per cell over the (scaled) columns that the cell has."""
    big = theta_big * np.bincount(design.columns[0], weights=per_cell, minlength=design.n_big + 1)[:-1]
    tiled = np.tile(per_cell, len(design.rest_columns))
    rest = scale * np.bincount(design.rest_columns.ravel(), weights=tiled, minlength=design.n_rest + 1)
    return big, rest[:-1]


def factorise(design: Design, theta_big: float, scale: Floats, weight: Floats) -> Factor:
    """Information at these working weights, with the largest facet eliminated."""
    n_big, width = design.n_big, design.n_rest + 1
    d = 1.0 + theta_big**2 * np.bincount(design.columns[0], weights=weight, minlength=n_big + 1)[:-1]
    rest = np.bincount(design.pair_index, weights=np.tile(weight, design.n_pairs), minlength=width * width)
    # Facet pairs were counted once, so all of it lies in the upper triangle, which is the lower one of the
    # transposed view that LAPACK reads without a copy.
    schur = np.ascontiguousarray(rest.reshape(width, width)[:-1, :-1])
    schur *= scale[:-1, None]
    schur *= scale[:-1]
    np.einsum("ii->i", schur)[:-1] += 1.0
    cross = _cross(design, theta_big, scale, weight)
    schur -= _as_dense(cross.T @ (cross / d[:, None]))
    lower, broken = dpotrf(schur.T, lower=1, overwrite_a=1)
    if broken:
        raise EngineInputError("rating_did_not_converge", steps=0)
    return Factor(d, cross, np.asarray(lower))


def _cross(design: Design, theta_big: float, scale: Floats, weight: Floats) -> Any:
    height, width = design.n_big + 1, design.n_rest + 1
    tiled = np.tile(weight, len(design.rest_columns))
    if not design.sparse_cross:
        flat = np.bincount(design.cross_index, weights=tiled, minlength=height * width)
        return flat.reshape(height, width)[:-1, :-1] * (theta_big * scale[:-1])
    rows = np.tile(design.columns[0], len(design.rest_columns))
    columns = design.rest_columns.ravel()
    values = tiled * theta_big * scale[columns]
    return csr_array((values, (rows, columns)), shape=(height, width))[:-1, :-1]


def _as_dense(product: Any) -> Floats:
    return np.asarray(product.toarray() if hasattr(product, "toarray") else product, dtype=np.float64)
