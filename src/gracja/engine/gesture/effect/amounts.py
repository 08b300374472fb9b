"""The difference a gesture makes to what customers spend, with an interval that may be looked at every day.

Amounts have no upper limit, so that nothing exact can be said of their mean; this interval is asymptotic:
its coverage at every look comes with growing counts. It is not given before FEWEST customers on each side.
Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), "Time-uniform central limit theory and
asymptotic confidence sequences", Annals of Statistics 52(6):2613-2640, theorem 2.2 and equation (14) for its
width.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, isfinite, log, sqrt
from typing import Final, Self

from gracja.engine.errors import EngineInputError

FEWEST: Final = 200
_NARROWEST_AT: Final = 1000  # customers: where the interval is to be tightest


@dataclass(frozen=True, slots=True)
class Amounts:
    """What customers of one side spent: how many customers, the sum, the sum of squares. Sides add up."""

    customers: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, amounts: Iterable[float]) -> Self:
        """One amount a customer, 0 of who bought nothing. Raises EngineInputError: amounts_not_finite."""
        given = list(amounts)
        if not all(isfinite(amount) for amount in given):
            raise EngineInputError("amounts_not_finite")
        return cls(len(given), fsum(given), fsum(amount * amount for amount in given))

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            self.customers + other.customers, self.total + other.total, self.squares + other.squares
        )

    @property
    def mean(self) -> float:
        return self.total / self.customers

    @property
    def variance(self) -> float:
        """Between customers; never below zero."""
        return max(0.0, (self.squares - self.customers * self.mean**2) / (self.customers - 1))


@dataclass(frozen=True, slots=True)
class SpendDifference:
    """estimate: mean spend where the gesture was open, minus where held out. low, high: at every look."""

    estimate: float
    low: float
    high: float
    open: Amounts
    held: Amounts


def spend_difference(open_: Amounts, held: Amounts, *, level: float = 0.95) -> SpendDifference | None:
    """What the gesture changes in spend; None with fewer than FEWEST customers on a side, or amounts that do
    not differ. One share held out throughout. Raises EngineInputError: level_out_of_range.
    """
    if not 0 < level < 1:
        raise EngineInputError("level_out_of_range", given=level)
    if min(open_.customers, held.customers) < FEWEST:
        return None
    spread = open_.variance / open_.customers + held.variance / held.customers
    if spread == 0:
        return None
    estimate = open_.mean - held.mean
    half = sqrt(spread) * looks_factor(open_.customers + held.customers, level)
    return SpendDifference(estimate, estimate - half, estimate + half, open_, held)


def looks_factor(customers: int, level: float) -> float:
    """How many standard errors the interval reaches (1.96, were one to look only once)."""
    miss = 1 - level
    tuned = (-2 * log(miss) + log(-2 * log(miss)) + 1) / _NARROWEST_AT
    time = customers * tuned
    return sqrt(2 * (time + 1) / time * log(sqrt(time + 1) / miss))
