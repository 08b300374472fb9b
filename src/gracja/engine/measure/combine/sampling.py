"""What all have in common drawn at random, and each employee's own posterior by points for each draw.

The effects of the rest are drawn from the normal around their mode and weighed by how likely they really
are; the employees, who are independent given these, are integrated one by one.
Source: Rue, Martino, Chopin (2009), J. R. Statist. Soc. B 71:319, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.linalg.lapack import dtrtrs

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.combine.columns import Columns
from gracja.engine.measure.combine.integrated import CombinedMode, people_at
from gracja.engine.measure.combine.mode import Prior, information_at

DRAWS: Final = 64
# Where there are so many cells, what all have in common is well known, and half as many show its rest.
_MANY_CELLS, _FEWER_DRAWS = 50_000, 32
# Of hundreds of effects the weights of draws differ more than they help: half of the draws are to be left.
_LEFT: Final = 0.5
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
    truth,), 1 for the intercept; effects: of the truth, in logits, the intercept last. surprise: log of how
    much likelier the rest is than the normal that it was drawn from.
    """

    theta: Floats
    scale_rest: Floats
    effects: Floats
    factor: OwnFactor
    surprise: float


def draws(
    columns: Columns, modes: tuple[CombinedMode, ...], weights: Floats
) -> tuple[tuple[Draw, ...], Floats]:
    """64, of large companies 32, in pairs that mirror each other, and their weights, which sum to 1."""
    random = np.random.default_rng(_SEED)
    found: list[Draw] = []
    pairs = (DRAWS if len(columns.tallies.counts) < _MANY_CELLS else _FEWER_DRAWS) // 2
    for number, times in zip(
        *np.unique(_spread_out(weights, pairs, random), return_counts=True), strict=True
    ):
        mode, prior = modes[number], Prior.of(columns, modes[number].spreads)
        full = replace(mode, information=information_at(columns, mode.effects, prior))
        for _ in range(times):
            normal = random.normal(size=columns.n_rest)
            found += [_drawn(columns, full, prior, way * normal) for way in (1, -1)]
    return tuple(found), _weights(np.array([draw.surprise for draw in found]))


def _spread_out(weights: Floats, pairs: int, random: np.random.Generator) -> Ints:
    """Each mode as often as its weight says, to the next whole number (systematic resampling)."""
    places = (np.arange(pairs) + random.random()) / pairs
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)


def _weights(surprise: Floats) -> Floats:
    """By how likely each draw is, drawn to equality until enough are left (Kish's effective number)."""
    if not np.isfinite(surprise).all():
        raise EngineInputError("rating_did_not_converge", steps=0)
    power = 1.0
    while True:
        raw = np.exp(power * (surprise - surprise.max()))
        weights = raw / raw.sum()
        if 1 / (weights**2).sum() >= _LEFT * len(weights):
            return np.asarray(weights)
        power *= 0.8


def _drawn(columns: Columns, mode: CombinedMode, prior: Prior, normal: Floats) -> Draw:
    rest = mode.effects.rest + np.asarray(dtrtrs(mode.information.lower, normal, lower=1, trans=1)[0])
    people = people_at(columns, mode, rest, sloping=False)
    effects = np.concatenate([people.mean[:, 0] - mode.middle, rest[columns.spans[0]]])
    effects[-1] += mode.middle
    factor = OwnFactor(float(mode.spreads[0]), np.maximum(people.variance, _LEAST_VARIANCE))
    height = people.height - prior.depth_of(rest) - prior.log_root - mode.information.log_root()
    surprise = height - mode.height + 0.5 * float(normal @ normal)
    return Draw(*columns.of_truth(mode.spreads), effects, factor, surprise)
