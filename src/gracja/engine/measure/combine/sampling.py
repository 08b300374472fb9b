"""What all have in common drawn at random, and each employee's own posterior on a grid for each draw.

The joint mode is no place to stand on: where a detector marks nearly all *met*, what one employee may be has
a tail that a normal around the mode cuts off (simulated coverage .93 instead of .95). So the effects of the
rest are drawn from their normal posterior, and the employees, who are independent given these, are
integrated one by one. Source: Rue, Martino, Chopin (2009), J. R. Statist. Soc. B 71:319, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.linalg.lapack import dtrtrs

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.combine.columns import Columns
from gracja.engine.measure.combine.mode import CombinedMode, Information, information_at, sums_of
from gracja.engine.measure.combine.people import people_of

DRAWS: Final = 64
# Where there are so many cells, what all have in common is well known, and half as many show its rest.
_MANY_CELLS, _FEWER_DRAWS = 50_000, 32
# Of each employee's truth, in standard deviations from the mode: even places are exact for a normal, and
# these within .004 logits for the longest tails that were tried.
_GRID: Final = np.linspace(-6.0, 6.0, 21)
_SEED: Final = 20261123  # the same marks give the same results
_LEAST_VARIANCE: Final = 1e-12


@dataclass(frozen=True)
class OwnFactor:
    """What contrasts ask of a draw: only the employees' own effects still vary. own: (employees,)."""

    spread: float
    own: Floats

    def variance_of(self, big: Any, rest: Floats) -> Floats:
        """(n,) of contrasts in spherical effects: big (n, employees), sparse or not; the rest is given."""
        assert len(rest) == big.shape[0]
        return np.asarray((big / self.spread) ** 2 @ self.own)

    def covariance_of(self, big: Any, rest: Floats) -> Floats:
        """(n, n) of the same."""
        assert len(rest) == big.shape[0]
        plain = big / self.spread
        direct = plain * self.own if isinstance(plain, np.ndarray) else plain.multiply(self.own)
        product = direct @ plain.T
        return np.asarray(product if isinstance(product, np.ndarray) else product.toarray())


@dataclass(frozen=True)
class Draw:
    """A mode with the rest held: theta of the truth's facets, employees first; scale_rest: (columns of the
    truth,), 1 for the intercept; effects: of the truth, in logits, the intercept last.
    """

    theta: Floats
    scale_rest: Floats
    effects: Floats
    factor: OwnFactor


def draws(columns: Columns, modes: tuple[CombinedMode, ...], weights: Floats) -> tuple[Draw, ...]:
    """64 of equal weight, of large companies 32, in pairs that mirror each other."""
    random = np.random.default_rng(_SEED)
    found: list[Draw] = []
    pairs = (DRAWS if len(columns.tallies.counts) < _MANY_CELLS else _FEWER_DRAWS) // 2
    for number, times in zip(
        *np.unique(_spread_out(weights, pairs, random), return_counts=True), strict=True
    ):
        mode = modes[number]
        around = information_at(columns, mode)
        for _ in range(times):
            aside = _mirrored(around, random.normal(size=columns.n_rest))
            found += [_drawn(columns, mode, around, away) for away in aside]
    return tuple(found)


def _spread_out(weights: Floats, pairs: int, random: np.random.Generator) -> Ints:
    """Each mode as often as its weight says, to the next whole number (systematic resampling)."""
    places = (np.arange(pairs) + random.random()) / pairs
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)


def _mirrored(around: Information, normal: Floats) -> Iterator[Floats]:
    away = np.asarray(dtrtrs(around.lower, normal, lower=1, trans=1)[0])
    yield away
    yield -away


def _drawn(columns: Columns, mode: CombinedMode, around: Information, away: Floats) -> Draw:
    rest = mode.rest + away
    centre = mode.big[:, 0] - around.over[:, 0, :] @ away
    first = np.searchsorted(columns.tallies.codes["employee"], np.arange(columns.employees + 1))
    mean, variance = people_of(
        columns.tallies.counts,
        sums_of(columns, np.zeros_like(mode.big), rest),
        first,
        centre,
        np.sqrt(around.inverse[:, 0, 0]),
        mode.spreads[columns.big_spread[:2]],
        _GRID,
    )
    effects = np.concatenate([mean, rest[columns.spans[0]]])
    factor = OwnFactor(float(mode.theta[0]), np.maximum(variance, _LEAST_VARIANCE))
    return Draw(mode.theta, mode.scale_rest, effects, factor)
