"""The standard deviations of truth and errors: the highest point, and how well others explain the counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.combine.columns import Columns
from gracja.engine.measure.combine.mode import CombinedMode, find_mode
from gracja.engine.measure.spreads import Summit, log_prior, weighed

_START: Final = 0.4
_MOST_STEPS: Final = 40
_FLAT: Final = 0.02
_LONGEST: Final = 1.0
_LOWEST, _HIGHEST = float(np.log(2e-3)), float(np.log(20.0))
# Above so many cells the spreads are so well known that a few points do.
_LARGE: Final = 50_000


def modes_of(columns: Columns) -> tuple[tuple[CombinedMode, ...], Floats]:
    """Modes at points around the highest, and their weights, which sum to 1.

    Raises EngineInputError: rating_did_not_converge.
    """
    surface = _Spreads(columns)
    return weighed(surface, _summit(surface), many_marks=len(columns.tallies.counts) > _LARGE)


@dataclass(frozen=True)
class _Spreads:
    """Laplace's likelihood of standard deviations, times the prior."""

    columns: Columns

    def value(self, theta: Floats, start: CombinedMode) -> tuple[float, CombinedMode]:
        mode = find_mode(self.columns, theta, start)
        return self.height_of(mode), replace(mode, information=mode.information.of_rest())

    def height_of(self, mode: CombinedMode) -> float:
        return mode.height + log_prior(mode.spreads, self.columns.scales)

    def slope(self, theta: Floats, start: CombinedMode) -> Floats:
        return self.slope_of(find_mode(self.columns, theta, start))[0]

    def slope_of(self, mode: CombinedMode) -> tuple[Floats, Floats]:
        """By log theta, the curvature held (as in an EM step), and about how fast it falls."""
        columns = self.columns
        big, rest = mode.information.variances()
        number = len(columns.spreads)
        levels, squares, own = np.zeros(number), np.zeros(number), np.zeros(number)
        of_rest = columns.rest_spread >= 0
        np.add.at(levels, columns.rest_spread[of_rest], 1.0)
        np.add.at(squares, columns.rest_spread[of_rest], mode.rest[of_rest] ** 2)
        np.add.at(own, columns.rest_spread[of_rest], rest[of_rest])
        for k, spread in enumerate(columns.big_spread):
            levels[spread] += columns.employees
            squares[spread] += (mode.big[:, k] ** 2).sum()
            own[spread] += big[:, k].sum()
        relative = (mode.spreads / columns.scales) ** 2
        known = levels - own / mode.spreads**2
        slope = squares / mode.spreads**2 - known + 1 - relative
        return slope, 2 * known**2 / levels + 2 * relative + 1.0


def _summit(surface: _Spreads) -> Summit[CombinedMode]:
    """The slope divided by the curvature, step by step, halved where the height falls."""
    theta = np.full(len(surface.columns.spreads), _START)
    mode = find_mode(surface.columns, theta)
    height = surface.height_of(mode)
    for _ in range(_MOST_STEPS):
        slope, curvature = surface.slope_of(mode)
        step = np.clip(slope / curvature, -_LONGEST, _LONGEST)
        moved = np.clip(np.log(theta) + step, _LOWEST, _HIGHEST) - np.log(theta)
        if np.abs(moved).max() < _FLAT:
            break
        there = find_mode(surface.columns, theta * np.exp(moved), mode)
        if surface.height_of(there) < height - _FLAT:
            moved = moved / 2
            there = find_mode(surface.columns, theta * np.exp(moved), mode)
        theta, mode, height = theta * np.exp(moved), there, surface.height_of(there)
    return Summit(theta, height, surface.slope_of(mode)[1], mode)
