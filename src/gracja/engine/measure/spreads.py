"""Integrating over standard deviations: a fixed set of points around the highest, each with its weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints

_POINTS: Final = 32
_WIDER: Final = 1.15
_PROBE: Final = 2.0
# A tail is followed until what a normal's would reach is no further by this; so far at most, and so often.
_FURTHER, _FURTHEST, _MOST_PROBES = 1.25, 6.0, 4
_STEP: Final = 0.1
_NEGLIGIBLE: Final = 1e-4
# Of a curvature: a spread is known to a fifth, or to an eighth. Of many marks the former will do.
SURE, SURER = 25.0, 60.0
# Where the one spread that is not well known is asked; where that weighs so much, the others are moved, too.
_NODES, _MASSES = np.polynomial.hermite_e.hermegauss(9)
_MASSES = _MASSES / _MASSES.sum()
_WORTH_MOVING: Final = 0.01


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


def weighed[M](surface: Surface[M], summit: Summit[M], *, sure: float) -> tuple[tuple[M, ...], Floats]:
    """Modes at points around the summit, and their weights, which sum to 1.

    sure: of the summit's curvature, from where on a spread is well known, so that few points of it do.

    Raises EngineInputError: rating_did_not_converge, where the density is not a number.
    """
    center, known = np.log(summit.theta), summit.curvature > sure
    if (~known).sum() > 1:  # evenly spread points are as many for all
        known[:] = False
    root = _root_of_covariance(surface, summit, known)
    reach = _reach(surface, summit, center, root, np.flatnonzero(~known))
    points, log_masses = _points(known)
    if (~known).sum() == 1:  # nodes take no kink where one side reaches further
        reach[:] = reach.mean(axis=0)
    elif not known.all():
        reach *= _WIDER
    modes, log_weights = [], []
    for point, log_mass in zip(points, log_masses, strict=True):
        stretched = np.where(point < 0, reach[0], reach[1])
        value, mode = surface.value(np.exp(center + root @ (stretched * point)), summit.mode)
        modes.append(mode)
        own = value + 0.5 * float(point @ point) + float(np.log(stretched).sum())
        log_weights.append(log_mass + own)
    if np.isnan(log_weights).any():
        raise EngineInputError("rating_did_not_converge", steps=len(points))
    raw = np.exp(np.array(log_weights) - max(log_weights))
    kept = raw > _NEGLIGIBLE * raw.sum()
    return tuple(m for m, keep in zip(modes, kept, strict=True) if keep), raw[kept] / raw[kept].sum()


def _root_of_covariance[M](surface: Surface[M], summit: Summit[M], known: NDArray[np.bool_]) -> Floats:
    """(facets, axes) root of the inverse curvature in log theta, by differences of the gradient along what is
    not well known; of the others the summit's own will do.
    """
    size, open_ = len(known), np.flatnonzero(~known)
    rows = np.empty((len(open_), size))
    for row, i in zip(rows, open_, strict=True):
        step = np.zeros(size)
        step[i] = _STEP
        ahead, behind = (surface.slope(summit.theta * np.exp(way * step), summit.mode) for way in (1, -1))
        row[:] = (behind - ahead) / (2 * _STEP)
    sure, across = summit.curvature[known], rows[:, known]
    curvature = rows[:, open_] - across / sure @ across.T
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    # A direction about which the marks say nothing is given by the prior: about one unit of log theta.
    along = vectors / np.sqrt(np.clip(values, 0.7, None))
    root = np.zeros((size, size))
    root[known, known] = 1 / np.sqrt(sure)
    root[np.ix_(open_, open_)] = along
    root[np.ix_(known, ~known)] = -(across.T @ along) / sure[:, None]  # what is well known follows
    return root


def _points(known: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """(points, axes) normal points, and the logarithm of what each weighs.

    Where all is well known, as many as are exact of a parabola; where all but one is, nodes of that one, and
    the others to both sides there; else evenly spread points.
    """
    size, some = len(known), int(known.sum())
    if some == size:
        points = np.sqrt(size) * np.concatenate([np.eye(size), -np.eye(size)])
        return points, np.zeros(len(points))
    if size - some > 1:
        points = _normal_points(size)
        return points, np.zeros(len(points))
    points, masses = [], []
    for number, (node, mass) in enumerate(zip(_NODES, _MASSES, strict=True)):
        aside = np.where(known, 0.0, node)
        moved = mass > _WORTH_MOVING and some
        for way in (1.0, -1.0) if moved else (0.0,):
            point = aside.copy()
            point[known] = way * (1.0 - 2.0 * (number >> np.arange(some) & 1))
            points.append(point)
            masses.append(mass / 2 if moved else mass)
    return np.array(points), np.log(masses)


def _reach[M](surface: Surface[M], summit: Summit[M], center: Floats, root: Floats, axes: Ints) -> Floats:
    """(2, all axes): how far the posterior reaches backward and forward on each axis; a normal's is 1 and 1.

    A spread near zero leaves a long tail to the left in log theta. Source: Rue, Martino, Chopin (2009),
    J. R. Statist. Soc. B 71:319, section 6.5, on INLA's asymmetric integration.
    """
    reach = np.ones((2, len(center)))
    for axis in axes:
        for side, sign in enumerate((-1, 1)):
            for _ in range(_MOST_PROBES):
                probe = _PROBE * reach[side, axis]
                height, _ = surface.value(np.exp(center + sign * probe * root[:, axis]), summit.mode)
                further = _PROBE / np.sqrt(2 * max(summit.value - height, 1e-3))
                reach[side, axis] = np.clip(reach[side, axis] * further, 0.6, _FURTHEST)
                if further < _FURTHER:
                    break
    return reach


def _normal_points(dimensions: int) -> Floats:
    """Evenly spread normal points (R-sequence, mirrored), the center first. Source: Roberts (2018)."""
    golden = 1.5
    for _ in range(50):
        golden = (1 + golden) ** (1 / (dimensions + 1))
    steps = golden ** -np.arange(1.0, dimensions + 1)
    uniform = (0.5 + np.arange(1, _POINTS // 2 + 1)[:, None] * steps) % 1.0
    half = ndtri(uniform)
    return np.concatenate([np.zeros((1, dimensions)), half, -half])
