"""What a customer will do next, given what they did: still active? how many purchases? how much?

Given a history, a customer who is still active has a rate ~ Gamma(r + x, alpha + T) and a probability to stop
~ Beta(a, b + x), independent of each other, so that all below is exact for the fitted parameters: the future
purchases are the smaller of a negative binomial count and a beta-geometric one. The uncertainty of the
parameters themselves is not in it (at the sizes that can be fitted it is small; a simulation says how small).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, hyp2f1

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.value.buying import BuyingModel
from gracja.engine.gesture.value.history import checked_history

Floats = NDArray[np.float64]
_NO_LIMIT: Final = 1e-6  # closer to a = 1 than this, the expectation is 0 / 0
_MOST_PURCHASES: Final = 10_000


class Interval(NamedTuple):
    """Lower and upper ends, each (n_customers,)."""

    low: Floats
    high: Floats


def chance_active(
    model: BuyingModel, frequency: ArrayLike, recency: ArrayLike, observed: ArrayLike
) -> Floats:
    """P(alive): that each customer has not stopped buying, (n_customers,).

    In this model one stops only after a repeat purchase, so that it is 1 for who never came again.
    Raises EngineInputError as `checked_history`. Source: Fader & Hardie (2008), "Computing P(alive) using the
    BG/NBD model".
    """
    x, last, seen = checked_history(frequency, recency, observed)
    return _active(model, x, last, seen)


def expected_purchases(
    model: BuyingModel, frequency: ArrayLike, recency: ArrayLike, observed: ArrayLike, periods: float
) -> Floats:
    """Purchases expected of each customer in the next `periods`, given the history; (n_customers,).

    Raises EngineInputError: as `checked_history`, horizon_out_of_range (facts: given).
    Source: Fader, Hardie & Lee (2005), equation (10), after Euler's transformation of its hypergeometric
    function, which neither overflows for frequent customers nor loses digits.
    """
    x, last, seen = checked_history(frequency, recency, observed)
    return _active(model, x, last, seen) * _while_active(model, x, seen, _horizon(periods))


def purchases_interval(
    model: BuyingModel,
    frequency: ArrayLike,
    recency: ArrayLike,
    observed: ArrayLike,
    periods: float,
    *,
    level: float = 0.95,
) -> Interval:
    """Between which numbers of purchases each customer's next `periods` will lie: equal tails of the exact
    predictive distribution. Counts are whole, so that it holds at least at its level.

    Raises EngineInputError: as `expected_purchases`, level_out_of_range.
    """
    if not 0 < level < 1:
        raise EngineInputError("level_out_of_range", given=level)
    x, last, seen = checked_history(frequency, recency, observed)
    tail = _Tail(model, x, last, seen, _horizon(periods))
    low, high = np.zeros_like(x), np.zeros_like(x)
    beyond = (1 - level) / 2
    customers = np.arange(len(x))
    for count in range(1, _MOST_PURCHASES):
        reached = tail.next()
        low[customers[reached > 1 - beyond]] = count
        stay = reached > beyond
        customers = customers[stay]
        high[customers] = count
        if not len(customers):
            break
        tail.keep(stay)
    return Interval(low, high)


def _active(model: BuyingModel, x: Floats, last: Floats, seen: Floats) -> Floats:
    after = np.where(x > 0, model.b + x - 1, 1.0)
    growth = (model.r + x) * (np.log(model.alpha + seen) - np.log(model.alpha + last))
    return np.where(x > 0, expit(np.log(after / model.a) - growth), 1.0)


def _while_active(model: BuyingModel, x: Floats, seen: Floats, periods: float) -> Floats:
    """Expected of an active customer; depends on frequency and time observed alone."""
    # a pair as a complex number: numpy sorts those as fast as plain ones
    pairs, at = np.unique(np.stack([x, seen], axis=1).view(np.complex128).ravel(), return_inverse=True)
    x, seen = pairs.real, pairs.imag
    a = model.a + (2 * _NO_LIMIT if abs(model.a - 1) < _NO_LIMIT else 0.0)
    z = periods / (model.alpha + seen + periods)
    rest = (1 - z) ** (a - 1) * hyp2f1(a + model.b - 1 - model.r, a - 1, a + model.b + x - 1, z)
    expected: Floats = ((a + model.b + x - 1) / (a - 1) * (1 - rest))[at]
    return expected


class _Tail:
    """P(at least 1, 2, 3 ... purchases) of each customer, one count after the other."""

    def __init__(self, model: BuyingModel, x: Floats, last: Floats, seen: Floats, periods: float) -> None:
        share = periods / (model.alpha + seen + periods)
        self._rate, self._stay, self._either = model.r + x, model.b + x, model.a + model.b + x
        self._share = share
        self._exactly = (1 - share) ** self._rate  # P(count so far), were nobody to stop
        self._often = 1.0 - self._exactly  # P(more than so far)
        self._stayed = _active(model, x, last, seen)  # active, and did not stop after any but the last
        self._count = 0

    def next(self) -> Floats:
        """The tail of the next count: bought so often, and did not stop before."""
        reached: Floats = self._often * self._stayed
        self._stayed = self._stayed * (self._stay + self._count) / (self._either + self._count)
        self._count += 1
        self._exactly = self._exactly * (self._rate + self._count - 1) / self._count * self._share
        self._often = np.maximum(self._often - self._exactly, 0.0)
        return reached

    def keep(self, stay: NDArray[np.bool_]) -> None:
        """Go on with these customers alone."""
        for name in ("_rate", "_stay", "_either", "_share", "_exactly", "_often", "_stayed"):
            setattr(self, name, getattr(self, name)[stay])


def purchase_chances(
    model: BuyingModel, frequency: float, recency: float, observed: float, periods: float
) -> Floats:
    """P(0, 1, 2 ... purchases) of one customer in the next `periods`, until less than 1e-9 is left.

    Raises EngineInputError as `expected_purchases`.
    """
    x, last, seen = checked_history([frequency], [recency], [observed])
    tail = _Tail(model, x, last, seen, _horizon(periods))
    reached = [1.0]
    while reached[-1] > 1e-9 and len(reached) < _MOST_PURCHASES:
        reached.append(float(tail.next()[0]))
    return -np.diff([*reached, 0.0])


def _horizon(periods: float) -> float:
    if not (np.isfinite(periods) and periods > 0):
        raise EngineInputError("horizon_out_of_range", given=periods)
    return periods
