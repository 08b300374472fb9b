"""How often the intervals of customer value hold the truth, on made-up customers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from gesture.made_up import CDNOW, SPEND, customers

from gracja.engine.gesture.value.buying import fit_buying
from gracja.engine.gesture.value.predict import purchases_interval
from gracja.engine.gesture.value.spending import fit_spending
from gracja.engine.gesture.value.worth import worth_of

ASKED = 20  # customers of a replication whose spend is asked about


class Share(NamedTuple):
    """A simulated share and its Monte-Carlo standard error."""

    share: float
    error: float
    count: int


def value_coverage(replications: int, count: int, seed: int) -> dict[str, Share]:
    """Share of replications whose 95 % intervals hold each parameter; share of customers whose purchases and
    spend of the next 39 weeks lie in theirs (error: between replications).
    """
    truth = dict(zip(("r", "alpha", "a", "b", "p", "q", "gamma"), (*CDNOW, *SPEND), strict=True))
    held: dict[str, list[float]] = {}
    for replication in range(replications):
        made = customers(count, seed * 100_000 + replication, days=False)
        buying = fit_buying(made.frequency, made.recency, made.observed)
        spending = fit_spending(made.frequency, made.mean_spend)
        for name, (low, high) in (buying.intervals() | spending.intervals()).items():
            held.setdefault(name, []).append(low <= truth[name] <= high)
        interval = purchases_interval(buying, made.frequency, made.recency, made.observed, 39)
        inside = (interval.low <= made.later) & (made.later <= interval.high)
        held.setdefault("purchases", []).append(float(inside.mean()))
        frequent = np.flatnonzero(made.frequency >= 5)
        for name, rows in (("spend", range(ASKED)), ("spend of the frequent", frequent[:ASKED])):
            held.setdefault(name, []).append(
                float(np.mean([_spend_held(buying, spending, made, row) for row in rows]))
            )
    return {
        name: Share(float(np.mean(all_)), float(np.std(all_) / np.sqrt(len(all_))), len(all_))
        for name, all_ in held.items()
    }


def _spend_held(buying, spending, made, row) -> bool:  # noqa: ANN001  (models and made-up customers, as above)
    history = (made.frequency[row], made.recency[row], made.observed[row], made.mean_spend[row])
    worth = worth_of(buying, spending, tuple(map(float, history)), 39)
    return bool(worth.low <= made.later_spend[row] <= worth.high)
