"""Customer value: what a customer is expected to spend over a horizon, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.value.buying import BuyingModel
from gracja.engine.gesture.value.predict import expected_purchases, purchase_chances
from gracja.engine.gesture.value.spending import SpendingModel

Floats = NDArray[np.float64]
_HALVINGS: Final = 60


@dataclass(frozen=True, slots=True)
class Worth:
    """value: expected spend over the horizon, discounted, in the currency of the history. low, high: between
    which the spend will lie; low is 0 for many, who may never come again. nothing: the chance of that.
    """

    value: float
    low: float
    high: float
    nothing: float


def expected_spend(model: SpendingModel, frequency: ArrayLike, mean_spend: ArrayLike) -> Floats:
    """What each customer is expected to spend each time, (n_customers,): their own mean, drawn to everyone's
    the more, the less often they came. Of who never came again (mean_spend NaN): everyone's.

    NaN where the fitted amounts have no mean (q <= 1 and few purchases).
    Raises EngineInputError: shape_mismatch. Source: Fader & Hardie (2013), equation (5).
    """
    x, m = np.asarray(frequency, np.float64), np.asarray(mean_spend, np.float64)
    if x.shape != m.shape:
        raise EngineInputError("shape_mismatch", given=list(m.shape), expected=list(x.shape))
    told = (x > 0) & (m > 0)
    size = np.where(told, model.p * x, 0.0)
    total = np.where(told, x * m, 0.0)
    below = model.q + size - 1
    return model.p * (model.gamma + total) / np.where(below > 0, below, np.nan)


def customer_value(
    buying: BuyingModel,
    spending: SpendingModel,
    history: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    periods: int,
    *,
    discount: float = 0.0,
) -> Floats:
    """Expected spend of each customer in each of the next `periods`, discounted and summed, (n_customers,).

    history: frequency, recency, observed, mean_spend. discount: per period; 0.002 a week is about 10 % a
    year. Spend of a period is discounted from its end. The history's revenue is no margin: take the
    margin's share of it where cost is to be compared.
    Raises EngineInputError: as `expected_purchases` and `expected_spend`, discount_out_of_range.
    """
    if not (np.isfinite(discount) and discount >= 0):
        raise EngineInputError("discount_out_of_range", given=discount)
    x, last, seen, mean_spend = history
    total, before = np.zeros(np.shape(x)), np.zeros(np.shape(x))
    for period in range(1, _whole(periods) + 1):
        until = expected_purchases(buying, x, last, seen, period)
        total += (until - before) / (1 + discount) ** period
        before = until
    return total * expected_spend(spending, x, mean_spend)


def worth_of(
    buying: BuyingModel,
    spending: SpendingModel,
    history: tuple[float, float, float, float],
    periods: int,
    *,
    discount: float = 0.0,
    level: float = 0.95,
) -> Worth:
    """One customer's value, with the interval of what they will spend.

    history: frequency, recency, observed, mean_spend (NaN where there is none). The interval has equal tails
    of the exact predictive distribution of the spend given the fitted parameters (how many purchases, and how
    much: k amounts together are a beta prime); the discount scales it as it scales the value. Parameters'
    own uncertainty is not in it. Raises EngineInputError: as `customer_value`, level_out_of_range.
    """
    if not 0 < level < 1:
        raise EngineInputError("level_out_of_range", given=level)
    x, last, seen, mean = history
    one = ([x], [last], [seen], [mean])
    value = float(customer_value(buying, spending, one, periods, discount=discount)[0])
    plain = float(customer_value(buying, spending, one, periods)[0]) if discount else value
    ratio = value / plain if plain > 0 else 1.0
    chances = purchase_chances(buying, x, last, seen, periods)
    told = x > 0 and mean > 0
    shape = spending.q + (spending.p * x if told else 0.0)
    scale = spending.gamma + (x * mean if told else 0.0)
    ends = [
        ratio * _quantile(chances, spending.p, shape, scale, at) for at in ((1 - level) / 2, (1 + level) / 2)
    ]
    return Worth(value, ends[0], ends[1], float(chances[0]))


def _quantile(chances: Floats, p: float, shape: float, scale: float, at: float) -> float:
    """The spend that is not passed with chance `at`."""
    counts = np.arange(1, len(chances))

    def below(spend: float) -> float:
        return float(chances[0] + chances[1:] @ betainc(p * counts, shape, spend / (scale + spend)))

    if below(0.0) >= at:
        return 0.0
    low, high = 0.0, scale
    while below(high) < at:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < at else (low, middle)
    return high


def _whole(periods: float) -> int:
    if periods != int(periods) or periods < 1:
        raise EngineInputError("horizon_out_of_range", given=periods)
    return int(periods)
