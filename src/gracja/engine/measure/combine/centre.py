"""What draws vary around, for whoever asks for one place and one covariance instead of all draws.

In one draw all that is shared is held fixed, as if it were known. Over all of them it varies: the covariance
is what is left of each employee within a draw, and how the draws differ. Of 64 draws in mirrored pairs a
standard error of what is shared is known to about an eighth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.combine.sampling import Draw, OwnFactor
from gracja.engine.measure.wide import Around


@dataclass(frozen=True)
class BothFactor:
    """within: of employees in a draw; between: how the draws differ."""

    within: OwnFactor
    between: Around

    def variance_of(self, big: Any, rest: Floats) -> Floats:
        """(n,) of contrasts in spherical effects: big (n, employees), sparse or not, rest (n, n_rest)."""
        return self.within.variance_of(big, rest) + self.between.variance_of(big, rest)

    def covariance_of(self, big: Any, rest: Floats) -> Floats:
        """(n, n) of the same."""
        return self.within.covariance_of(big, rest) + self.between.covariance_of(big, rest)


@dataclass(frozen=True)
class Centre:
    """As a mode, of means: theta of the truth's facets, employees first; scale_rest: (columns of the truth,),
    1 for the intercept; effects: of the truth, in logits, the intercept last.
    """

    theta: Floats
    scale_rest: Floats
    effects: Floats
    factor: BothFactor


def centre_of(drawn: tuple[Draw, ...], weights: Floats) -> Centre:
    """Of draws and their weights, which sum to 1."""
    theta, scale_rest, effects, own = (
        weights @ np.stack(each)
        for each in zip(
            *((draw.theta, draw.scale_rest, draw.effects, draw.factor.own) for draw in drawn), strict=True
        )
    )
    away = np.stack([draw.effects for draw in drawn], axis=1) - effects[:, None]
    away *= np.sqrt(len(drawn) * weights)  # as of so many draws of equal weight
    employees, spread = len(own), float(theta[0])
    between = Around(away[:employees] / spread, away[employees:] / scale_rest[:, None])
    return Centre(theta, scale_rest, effects, BothFactor(OwnFactor(spread, own), between))
