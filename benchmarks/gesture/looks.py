"""Policies looked at every day for a year: how often a gesture without effect is said to have one, and how
soon a real effect is seen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gracja.engine.gesture.effect.amounts import FEWEST, looks_factor
from gracja.engine.gesture.effect.bounded import log_wealth

DAYS = 365
WAIT = 30  # days for the outcome
OUTCOMES = np.array([0.0, 1.0])


class Year(NamedTuple):
    """found: share of policies with a difference seen at any look, with its Monte-Carlo error; naive: the
    same by a test of two shares at 5 % a day; wrong: with a difference of the wrong sign; days: median to
    it.
    """

    found: float
    error: float
    naive: float
    wrong: float
    days: float
    policies: int


def shares(
    policies: int, seed: int, *, usual: float, effect: float, a_day: int = 20, held_share: float = 0.2
) -> Year:
    """So many policies with so many eligible customers a day, of whom `usual` return without the gesture."""
    draw = np.random.default_rng(seed)
    limit = np.log(20)
    found, naive, wrong, days = [], [], [], []
    for _ in range(policies):
        looks = DAYS - WAIT
        held = draw.binomial(a_day, held_share, looks)
        open_ = a_day - held
        back_open, back_held = draw.binomial(open_, usual + effect), draw.binomial(held, usual)
        counts = [np.cumsum(rows) for rows in (open_ - back_open, back_open, held - back_held, back_held)]
        opened, holding = np.stack(counts[:2], axis=1), np.stack(counts[2:], axis=1)
        seen = log_wealth(opened, holding, held_share, OUTCOMES, 0.0) >= limit
        difference, z = _z(opened, holding)
        found.append(seen.any())
        naive.append((np.abs(z) > 1.96).any())
        first = int(np.argmax(seen))
        if seen.any():
            days.append(first + 1 + WAIT)
            wrong.append(effect != 0 and np.sign(difference[first]) != np.sign(effect))
    return _year(found, naive, wrong, days)


def _z(opened: NDArray[np.int64], holding: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
    n1, n0 = opened.sum(axis=1), holding.sum(axis=1)
    with np.errstate(all="ignore"):
        p1, p0 = opened[:, 1] / n1, holding[:, 1] / n0
        both = (opened[:, 1] + holding[:, 1]) / (n1 + n0)
        z = (p1 - p0) / np.sqrt(both * (1 - both) * (1 / n1 + 1 / n0))
    return p1 - p0, np.where(np.minimum(n1, n0) >= 30, np.nan_to_num(z), 0.0)


def spend(policies: int, seed: int, *, effect: float = 0.0, a_day: int = 20, held_share: float = 0.2) -> Year:
    """The same for amounts: 60 % buy nothing, the others spend a lognormal amount with a long tail."""
    draw = np.random.default_rng(seed)
    found, naive, wrong, days = [], [], [], []
    total = a_day * (DAYS - WAIT)
    for _ in range(policies):
        held = draw.random(total) < held_share
        amount = np.where(draw.random(total) < 0.6, 0.0, draw.lognormal(3, 1, total)) * (1 + effect * ~held)
        sides = []
        for side in (~held, held):
            count = np.cumsum(side)[a_day - 1 :: a_day]
            sums = [np.cumsum(np.where(side, amount**power, 0.0))[a_day - 1 :: a_day] for power in (1, 2)]
            mean = sums[0] / np.maximum(count, 1)
            sides.append((count, mean, (sums[1] - count * mean**2) / np.maximum(count - 1, 1)))
        (n1, m1, v1), (n0, m0, v0) = sides
        enough = np.minimum(n1, n0) >= FEWEST
        z = np.where(enough, (m1 - m0) / np.sqrt(v1 / np.maximum(n1, 1) + v0 / np.maximum(n0, 1)), 0.0)
        factor = np.array([looks_factor(int(count), 0.95) for count in n1 + n0])
        seen = np.abs(z) > factor
        found.append(seen.any())
        naive.append((np.abs(z) > 1.96).any())
        if seen.any():
            days.append(int(np.argmax(seen)) + 1 + WAIT)
            wrong.append(effect != 0 and np.sign(z[np.argmax(seen)]) != np.sign(effect))
    return _year(found, naive, wrong, days)


def _year(found: list[bool], naive: list[bool], wrong: list[bool], days: list[int]) -> Year:
    share = float(np.mean(found))
    error = float(np.sqrt(max(share * (1 - share), 1 / len(found)) / len(found)))
    return Year(
        share,
        error,
        float(np.mean(naive)),
        float(np.sum(wrong) / len(found)),
        float(np.median(days)) if days else float("nan"),
        len(found),
    )
