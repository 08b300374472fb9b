"""The standard deviations of truth and errors, and how employees lean: the highest point, and around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.combine.columns import LEAN_DEVIATION, Columns
from gracja.engine.measure.combine.integrated import CombinedMode, integrate
from gracja.engine.measure.combine.mode import find_mode
from gracja.engine.measure.spreads import SURE, Summit, weighed

_START: Final = 0.4
_MOST_STEPS: Final = 40
_FLAT: Final = 0.05
_LONGEST: Final = 1.0
_SHORTEST: Final = 1 / 32
_LOWEST, _HIGHEST = float(np.log(2e-3)), float(np.log(20.0))
# Of how many employees' spread something is known where, for the moment, nothing seems to be.
_LEAST_KNOWN: Final = 0.05
# How fast the log-density of one leaning employee falls in the lean, which nothing but marks leaves open.
_FALL: Final = 3.0
# Above so many cells the spreads are so well known that a few points do.
_LARGE: Final = 50_000


def modes_of(columns: Columns) -> tuple[tuple[CombinedMode, ...], Floats]:
    """Modes at points around the highest, and their weights, which sum to 1.

    Raises EngineInputError: rating_did_not_converge.
    """
    surface = _Spreads(columns)
    return weighed(surface, _summit(surface), sure=SURE if len(columns.tallies.counts) > _LARGE else np.inf)


@dataclass(frozen=True)
class _Spreads:
    """The likelihood of standard deviations and, last of theta, of the lean, times the prior."""

    columns: Columns

    def value(self, theta: Floats, start: CombinedMode) -> tuple[float, CombinedMode]:
        mode = self.mode_at(theta, start)
        return self.height_of(mode), replace(mode, information=mode.information.of_rest())

    def mode_at(self, theta: Floats, start: CombinedMode) -> CombinedMode:
        return integrate(self.columns, start.effects, theta[:-1], float(theta[-1]))

    def height_of(self, mode: CombinedMode) -> float:
        leaning = float(np.log(mode.lean)) / LEAN_DEVIATION
        return mode.height + self.columns.priors.log_density(mode.spreads) - 0.5 * leaning**2

    def slope(self, theta: Floats, start: CombinedMode) -> Floats:
        return self.slope_of(self.mode_at(theta, start))[0]

    def slope_of(self, mode: CombinedMode) -> tuple[Floats, Floats]:
        """By log theta, the effects held as far as known (as in an EM step), and about how fast it falls."""
        columns, priors, lean = self.columns, self.columns.priors, mode.lean
        shared, rest = mode.information.variances()
        levels, squares, unknown = np.zeros((3, len(columns.spreads)))
        of_rest = columns.rest_spread >= 0
        known = columns.rest_spread[of_rest]
        np.add.at(levels, known, 1.0)
        np.add.at(squares, known, mode.effects.rest[of_rest] ** 2 + rest[of_rest])
        np.add.at(unknown, known, rest[of_rest])
        np.add.at(levels, columns.big_spread, columns.employees)
        np.add.at(squares, columns.big_spread, shared)
        below, above = mode.squares[:2] * lean ** np.array([2.0, -2.0])
        squares[columns.big_spread[0]] += below + above
        squares[columns.big_spread[1]] += mode.squares[2]
        leaning = (above - below) / mode.spreads[0] ** 2
        leaning -= columns.employees * (lean**2 - 1) / (lean**2 + 1) + np.log(lean) / LEAN_DEVIATION**2
        slope = squares / mode.spreads**2 - levels + priors.slope(mode.spreads)
        sure = np.maximum(1 - unknown / (levels * mode.spreads**2), _LEAST_KNOWN)
        falls = 2 * levels * sure**2 + priors.curvature(mode.spreads) + 1.0
        return np.append(slope, leaning), np.append(falls, _FALL * columns.employees + LEAN_DEVIATION**-2)


def _summit(surface: _Spreads) -> Summit[CombinedMode]:
    """The slope divided by the curvature, step by step, halved where the height falls."""
    columns = surface.columns
    theta = np.append(np.full(len(columns.spreads), _START), 1.0)
    mode = integrate(columns, find_mode(columns, theta[:-1]), theta[:-1], 1.0)
    for _ in range(_MOST_STEPS):
        slope, curvature = surface.slope_of(mode)
        step = np.clip(slope / curvature, -_LONGEST, _LONGEST)
        moved = np.clip(np.log(theta) + step, _LOWEST, _HIGHEST) - np.log(theta)
        there = surface.mode_at(theta * np.exp(moved), mode)
        while surface.height_of(there) < surface.height_of(mode) - _FLAT and np.abs(moved).max() > _SHORTEST:
            moved = moved / 2
            there = surface.mode_at(theta * np.exp(moved), mode)
        theta, mode = theta * np.exp(moved), there
        if np.abs(moved).max() < _FLAT:
            break
    return Summit(theta, surface.height_of(mode), surface.slope_of(mode)[1], mode)
