"""Scales as the last fit left them: held while single contacts come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, cast

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.ordered.design import OrderedDesign
from gracja.engine.measure.ordered.passes import chances
from gracja.engine.measure.ordered.prediction import moments
from gracja.engine.measure.ordered.scales import Scales
from gracja.engine.measure.ordered.solve import OrderedMode
from gracja.engine.measure.posterior import Posterior


class Ladders(NamedTuple):
    """As HeldScales, with firsts (scales,), where in `sums` those of each scale begin: what compiled code
    takes.
    """

    slopes: Floats
    tops: Ints
    firsts: Ints
    sums: Floats


def _alone(value: float) -> Floats:
    return np.array([value])


@dataclass(frozen=True)
class HeldScales:
    """The first scale is yes or no; without more there is nothing else.

    of: standard -> scale, 0 for who is not named. slopes, tops: (scales,). sums: of the thresholds, scale
    after scale, one at least.
    """

    of: dict[str, int] = field(default_factory=dict)
    slopes: Floats = field(default_factory=lambda: _alone(1.0))
    tops: Ints = field(default_factory=lambda: np.ones(1, dtype=np.int64))
    sums: Floats = field(default_factory=lambda: _alone(0.0))

    @classmethod
    def at(cls, posterior: Posterior, design: OrderedDesign, scales: Scales) -> HeldScales:
        """Slopes and thresholds, averaged over what the marks leave possible."""
        modes = [cast("OrderedMode", mode) for mode in posterior.modes]
        slopes = posterior.weights @ np.stack([mode.slopes for mode in modes])
        sums = posterior.weights @ np.stack([mode.thresholds for mode in modes])
        return cls(dict(scales.of), slopes, design.steps.tops, sums)

    @cached_property
    def ladders(self) -> Ladders:
        firsts = np.concatenate([[0], np.cumsum(self.tops - 1)[:-1]]).astype(np.int64)
        return Ladders(self.slopes, self.tops, firsts, self.sums)

    def mixed(self, at: float, effects: Floats, scale: Ints, weights: Floats) -> tuple[float, float]:
        """Expected share of the steps, 0-1, over standards whose weights add up to 1, and how steeply it
        rises with the logit that stands beside their effects. effects, scale, weights: (standards,).
        """
        return _mixed(at, effects, scale, weights, self.ladders)

    def told(self, logits: Floats, scale: Ints) -> Floats:
        """(marks,) what one mark tells of the logit."""
        _, variance = moments(logits, scale, *self.ladders)
        return np.asarray((self.slopes[scale] * self.tops[scale]) ** 2 * variance)


@compiled()
def _mixed(at: float, effects: Floats, scale: Ints, weights: Floats, ladders: Ladders) -> tuple[float, float]:
    share, rise = 0.0, 0.0
    chance = np.empty(ladders.tops.max() + 1)
    for i in range(len(effects)):
        slope, top = ladders.slopes[scale[i]], ladders.tops[scale[i]]
        chances(slope * (at + effects[i]), top, ladders.firsts[scale[i]], ladders.sums, chance)
        mean, square = 0.0, 0.0
        for k in range(1, top + 1):
            mean += k * chance[k]
            square += k * k * chance[k]
        share += weights[i] * mean / top
        rise += weights[i] * slope * (square - mean * mean) / top
    return share, rise
