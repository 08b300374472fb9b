"""What a plan rests on: how much employees, standards, evaluators and places differ, fitted or assumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from scipy.special import expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats

NODES, _MASSES = np.polynomial.hermite_e.hermegauss(15)
MASSES: Final = _MASSES / _MASSES.sum()
_FAR: Final = 12.0  # logits beyond which a share is 0 or 1


@dataclass(frozen=True)
class Grounds:
    """employee, standard, evaluator, place: standard deviations in logits. intercept: logits, of an average
    employee, standard and evaluator. standards: marks of one review. dispersion: how much more the marks of
    one review vary together than if they were independent (1 = not). repeat: correlation of two evaluators'
    marks of one standard in one contact, beyond what the model says of both. employees, places: how many
    there are. assumed: which of these nobody has measured here.
    """

    employee: float = 0.5
    standard: float = 1.0
    evaluator: float = 0.4
    place: float = 0.2
    intercept: float = 1.25
    standards: int = 8
    dispersion: float = 1.3
    repeat: float = 0.6
    employees: int = 20
    places: int = 1
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        spreads = (self.employee, self.standard, self.evaluator, self.place)
        counts = (self.standards, self.employees, self.places)
        fine = min(spreads) >= 0 and min(counts) >= 1 and self.dispersion >= 1 and 0 <= self.repeat <= 1
        if not (fine and np.all(np.isfinite([*spreads, self.intercept, self.dispersion]))):  # also NaN
            raise EngineInputError("plan_grounds_range")

    @cached_property
    def standard_effects(self) -> Floats:
        """(nodes,) in logits, of the standards' normal distribution."""
        return np.asarray(self.standard * NODES)

    def share_at(self, level: Floats | float) -> Floats:
        """The share met over all standards of who stands at `level` logits with an average standard."""
        return np.asarray(expit(np.asarray(level)[..., None] + self.standard_effects) @ MASSES)

    def slope_at(self, level: Floats | float) -> Floats:
        """How fast that share rises with the level; also the mean information of one mark."""
        met = expit(np.asarray(level)[..., None] + self.standard_effects)
        return np.asarray((met * (1 - met)) @ MASSES)

    def level_of(self, share: float) -> float:
        """Logits of who meets this share: the inverse of `share_at`.

        Raises EngineInputError: plan_share_range.
        """
        if not 0 < share < 1:
            raise EngineInputError("plan_share_range", given=share)
        low, high = -_FAR - 4 * self.standard, _FAR + 4 * self.standard
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if float(self.share_at(middle)) < share else (low, middle)
        return (low + high) / 2

    @property
    def share_met(self) -> float:
        """Of an average employee."""
        return float(self.share_at(self.intercept))


ASSUMED: Final = Grounds(
    assumed=("employee", "standard", "evaluator", "place", "intercept", "dispersion", "repeat")
)
"""Where nothing has been measured: two in three employees within 11 points of the average, evaluators as
far apart as 0.4 logits, marks of one contact worth a quarter less than their number.
"""


def assumed_at(share_met: float, *, standards: int, employees: int, places: int = 1) -> Grounds:
    """The bundled assumptions for a company whose average employee meets this share.

    Raises EngineInputError: plan_share_range, plan_grounds_range.
    """
    given = replace(ASSUMED, standards=standards, employees=employees, places=places)
    return replace(given, intercept=given.level_of(share_met))
