"""Made-up customers, who buy and stop just as the models of the engine say, so that the truth is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CDNOW = (0.24259, 4.41353, 0.79289, 2.42577)  # published parameters, time in weeks
SPEND = (6.2488, 3.7446, 15.4478)


class Customers(NamedTuple):
    """Histories of repeat purchases, and what came in the weeks after; each (n_customers,)."""

    frequency: Floats
    recency: Floats
    observed: Floats
    mean_spend: Floats  # NaN where nobody came again
    later: Floats  # purchases after the end
    later_spend: Floats
    active: NDArray[np.bool_]


def customers(count: int, seed: int, *, weeks: float = 39, days: bool = True) -> Customers:
    """So many customers, first seen over the first 12 weeks; days: times are whole days, as in a shop."""
    draw = np.random.default_rng(seed)
    r, alpha, a, b = CDNOW
    rate, stop = draw.gamma(r, 1 / alpha, count), draw.beta(a, b, count)
    observed = weeks - draw.uniform(0, 12, count)
    if days:
        observed = np.round(observed * 7) / 7
    p, q, gamma = SPEND
    scale = draw.gamma(q, 1 / gamma, count)
    frequency, recency, total = np.zeros(count), np.zeros(count), np.zeros(count)
    later, later_spend = np.zeros(count), np.zeros(count)
    active = np.ones(count, bool)
    at, buying = np.zeros(count), np.arange(count)
    while len(buying):
        at[buying] += draw.exponential(1, len(buying)) / np.maximum(rate[buying], 1e-300)
        buying = buying[at[buying] <= observed[buying] + weeks]
        amount = draw.gamma(p, 1, len(buying)) / scale[buying]
        stops = draw.random(len(buying)) < stop[buying]
        now = at[buying] <= observed[buying]
        mine = buying[now]
        frequency[mine] += 1
        recency[mine] = at[mine]
        total[mine] += amount[now]
        active[mine] &= ~stops[now]
        later[buying[~now]] += 1
        later_spend[buying[~now]] += amount[~now]
        buying = buying[~stops]
    if days:
        recency = np.minimum(np.round(recency * 7) / 7, observed)
    mean = np.divide(total, frequency, out=np.full(count, np.nan), where=frequency > 0)
    return Customers(frequency, recency, observed, mean, later, later_spend, active)
