"""Where marks do not follow the rating model: whose are erratic, whose too regular, and which standards tell
good from poor employees apart.

Infit and outfit compare squared residuals with what the model expects, each mark by its information (infit)
or all alike (outfit); 1 is as expected, more is more erratic. A standard's discrimination is how much its
marks rise with an employee's measure, against what the model takes for granted (1).
Source: Wright and Masters (1982), Rating Scale Analysis, pages 99-101, with their variances and the cube-root
standardisation; discrimination by one step of Fisher scoring from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy.special import expit

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.estimate import Rated, effects_of

FEWEST_MARKS: Final = 20
_CERTAIN: Final = 1e-6


@dataclass(frozen=True)
class Misfit:
    """The levels of one facet, in the order of their names. All (levels,); NaN where under 20 marks tell.

    marks: how many. infit, outfit: mean squares, with their variances under the model; infit_z, outfit_z: the
    same as standard normal deviates.
    """

    names: list[str]
    marks: Ints
    infit: Floats
    infit_variance: Floats
    outfit: Floats
    outfit_variance: Floats

    @property
    def infit_z(self) -> Floats:
        return _deviate(self.infit, self.infit_variance)

    @property
    def outfit_z(self) -> Floats:
        return _deviate(self.outfit, self.outfit_variance)


@dataclass(frozen=True)
class Discrimination:
    """Standards in the order of their names: slope (standards,) and its standard error, NaN where fewer than
    20 marks tell, or employees do not differ.
    """

    names: list[str]
    slope: Floats
    error: Floats


def misfit(frame: pl.DataFrame, rated: Rated, facet: str) -> Misfit:
    """Infit and outfit of each level of a facet.

    frame: the rows that were rated, of which those marked 0 or 1 count, and no step of a scale: a share
    between has a smaller variance than the model's. A facet of one level is not in the model and has no
    levels here.
    """
    names = _levels(rated, facet)
    level, met, share, _, variance = _whole_marks(frame, rated, facet)
    weight = share * (1 - share)
    residual, lean = (met - share) ** 2, 1 - 2 * share

    def total(values: Floats) -> Floats:
        return np.bincount(level, weights=values, minlength=len(names)).astype(np.float64)

    marks = np.bincount(level, minlength=len(names)).astype(np.int64)
    # A squared residual less its expectation is `lean` times the residual. The level's own effect, fitted
    # and drawn to the others', is off by what `own` says; with it that sum moves: what this takes is taken
    # off. To the second order each mark's fitted logit, off by `variance`, adds its own.
    own = _own_variance(rated, facet, total(weight))
    # What is fitted follows the marks: squared residuals are other than the model's by about so much.
    beyond = variance * (2 * weight - 0.5)
    with np.errstate(invalid="ignore", divide="ignore"):
        infit = total(residual) / total(weight * (1 + beyond))
        outfit = total(residual / weight) / total(1 + beyond)
        infit_variance = total(weight * lean**2 + 4 * variance * weight**3) - total(weight * lean) ** 2 * own
        outfit_variance = total(lean**2 / weight + 4 * variance * weight) - total(lean) ** 2 * own
        infit_variance, outfit_variance = infit_variance / total(weight) ** 2, outfit_variance / marks**2
    few = (marks < FEWEST_MARKS) | ~(infit_variance > _CERTAIN**2)
    for values in (infit, infit_variance, outfit, outfit_variance):
        values[few] = np.nan
    return Misfit(names, marks, infit, infit_variance, outfit, outfit_variance)


def discrimination(frame: pl.DataFrame, rated: Rated) -> Discrimination:
    """How much each standard's marks rise with the employee's measure; 1 as the model takes for granted, 0
    not at all. frame: as `misfit`.
    """
    names = _levels(rated, "standard")
    level, met, share, measure, _ = _whole_marks(frame, rated, "standard")
    weight = share * (1 - share)

    def total(values: Floats) -> Floats:
        return np.bincount(level, weights=values, minlength=len(names)).astype(np.float64)

    enough = np.bincount(level, minlength=len(names)) >= FEWEST_MARKS
    with np.errstate(invalid="ignore", divide="ignore"):
        # the standard's own difficulty is fitted beside its slope
        centre = total(weight * measure) / total(weight)
        apart = measure - centre[level]
        information = total(weight * apart**2)
        slope = 1 + total((met - share) * apart) / information
        error = 1 / np.sqrt(information)
    told = enough & (information > _CERTAIN)
    return Discrimination(names, np.where(told, slope, np.nan), np.where(told, error, np.nan))


def _whole_marks(
    frame: pl.DataFrame, rated: Rated, facet: str
) -> tuple[Ints, Floats, Floats, Floats, Floats]:
    """(level, met, expected share, the employee's measure at their place, about the variance of the fitted
    logit) of each row marked 0 or 1.
    """
    of_steps = [] if rated.scales is None else list(rated.scales.of)
    rows = frame.filter(
        pl.col("value").is_in([0.0, 1.0])
        & pl.col(facet).is_in(_levels(rated, facet))
        & ~pl.col("standard").is_in(of_steps)
    )
    effects = rated.posterior.weights @ np.stack([mode.effects for mode in rated.posterior.modes])
    nothing, own = np.zeros(len(rows)), effects_of(rows, rated, effects)
    logits = effects[-1] + sum(own.values(), nothing)
    measure = own.get("employee", nothing) + own.get("place", nothing)
    level = _places(rows[facet], _levels(rated, facet))
    share = np.clip(expit(logits), _CERTAIN, 1 - _CERTAIN)
    variance = np.zeros(len(rows))
    for name in own:
        levels = _places(rows[name], rated.levels[name])
        weight = np.bincount(levels + 1, share * (1 - share), len(rated.levels[name]) + 1)[1:]
        variance += np.append(_own_variance(rated, name, weight), 0.0)[levels]
    return level, rows["value"].to_numpy(), share, measure, variance


def _levels(rated: Rated, facet: str) -> list[str]:
    """A facet of one level is not in the model: its effect is the intercept's."""
    return rated.levels[facet] if rated.has(facet) else []


def _places(names: pl.Series, levels: list[str]) -> Ints:
    if not levels:
        return np.full(len(names), -1, dtype=np.int64)
    found = names.replace_strict(levels, range(len(levels)), default=-1, return_dtype=pl.Int64)
    return np.asarray(found.fill_null(-1).to_numpy())


def _own_variance(rated: Rated, facet: str, weight: Floats) -> Floats:
    """(levels,) of each level's effect where all else is known; weight: (levels,) the marks' information."""
    spread = rated.posterior.theta.get(facet, 0.0)
    return np.asarray(1 / (weight + 1 / max(spread, _CERTAIN) ** 2))


def _deviate(mean_square: Floats, variance: Floats) -> Floats:
    """Wilson and Hilferty's cube root: a mean square as a standard normal deviate."""
    spread = np.sqrt(variance)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((np.cbrt(mean_square) - 1) * (3 / spread) + spread / 3)
