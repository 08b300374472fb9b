"""Integrating over standard deviations: a fixed set of points around the highest, each with its weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from scipy.special import ndtri

from gracja.engine.measure.cells import Floats

_POINTS: Final = 32
_WIDER: Final = 1.15
_PROBE: Final = 2.0
# A tail is followed until what a normal's would reach is no further by this; so far at most, and so often.
_FURTHER, _FURTHEST, _MOST_PROBES = 1.25, 6.0, 4
_STEP: Final = 0.1
_NEGLIGIBLE: Final = 1e-4
_SURE: Final = 25.0  # of a curvature: a spread is known to a fifth


@dataclass(frozen=True)
class Summit[M]:
    """The highest point. theta: (facets,); value: its log-density in log theta; curvature: (facets,), how
    fast that falls; mode: of the effects there.
    """

    theta: Floats
    value: float
    curvature: Floats
    mode: M


class Surface[M](Protocol):
    """A log-density over log theta, the prior included, each question starting from a mode nearby."""

    def value(self, theta: Floats, start: M) -> tuple[float, M]:
        """The density at theta, and the mode there."""

    def slope(self, theta: Floats, start: M) -> Floats:
        """(facets,), by log theta."""


def log_prior(theta: Floats, scales: Floats) -> float:
    """Half-normal density of theta, as a density of log theta."""
    return float((np.log(theta) - 0.5 * (theta / scales) ** 2).sum())


def weighed[M](surface: Surface[M], summit: Summit[M], *, many_marks: bool) -> tuple[tuple[M, ...], Floats]:
    """Modes at points around the summit, and their weights, which sum to 1.

    many_marks: so many that, where each says well what its spread is, a few points do.
    """
    center = np.log(summit.theta)
    if many_marks and (summit.curvature > _SURE).all():
        root, reach = np.diag(1 / np.sqrt(summit.curvature)), np.ones((2, len(center)))
        points = np.sqrt(len(center)) * np.concatenate([np.eye(len(center)), -np.eye(len(center))])
    else:
        root = _root_of_covariance(surface, center, summit.mode)
        reach = _reach(surface, summit, center, root)
        points = _normal_points(len(center))
    modes, log_weights = [], []
    for point in points:
        stretched = np.where(point < 0, reach[0], reach[1])
        value, mode = surface.value(np.exp(center + root @ (stretched * point)), summit.mode)
        modes.append(mode)
        log_weights.append(value + 0.5 * float(point @ point) + float(np.log(stretched).sum()))
    raw = np.exp(np.array(log_weights) - max(log_weights))
    kept = raw > _NEGLIGIBLE * raw.sum()
    return tuple(m for m, keep in zip(modes, kept, strict=True) if keep), raw[kept] / raw[kept].sum()


def _root_of_covariance[M](surface: Surface[M], center: Floats, mode: M) -> Floats:
    """Lower root of the inverse curvature in log theta, by differences of the gradient."""
    size = len(center)
    curvature = np.empty((size, size))
    for i in range(size):
        step = np.zeros(size)
        step[i] = _STEP
        ahead, behind = (surface.slope(np.exp(center + way * step), mode) for way in (1, -1))
        curvature[i] = (behind - ahead) / (2 * _STEP)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    # A direction about which the marks say nothing is given by the prior: about one unit of log theta.
    return np.asarray(vectors / np.sqrt(np.clip(values, 0.7, None)))


def _reach[M](surface: Surface[M], summit: Summit[M], center: Floats, root: Floats) -> Floats:
    """(2, axes): how far the posterior reaches backward and forward on each axis; a normal's is 1 and 1.

    A spread near zero leaves a long tail to the left in log theta. Source: Rue, Martino, Chopin (2009),
    J. R. Statist. Soc. B 71:319, section 6.5, on INLA's asymmetric integration.
    """
    reach = np.ones((2, len(center)))
    for axis in range(len(center)):
        for side, sign in enumerate((-1, 1)):
            for _ in range(_MOST_PROBES):
                probe = _PROBE * reach[side, axis]
                height, _ = surface.value(np.exp(center + sign * probe * root[:, axis]), summit.mode)
                further = _PROBE / np.sqrt(2 * max(summit.value - height, 1e-3))
                reach[side, axis] = np.clip(reach[side, axis] * further, 0.6, _FURTHEST)
                if further < _FURTHER:
                    break
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
