"""The difference a gesture makes to what all customers have, with an interval that may be looked at daily.

All eligible customers are compared as they were drawn, whether or not the gesture reached them (intention to
treat). Chance drew them with a known probability, so that for outcomes y in [0, 1] and any number c the
weighted outcome z = (y - c) * (1 / P(open) where open, else -1 / P(held)) has the difference as its mean,
whatever the outcomes' distribution. Betting a part of one's wealth on z being above (or below) a supposed
difference is then a fair game, if the supposition is true: by Ville's inequality the wealth ever reaches 1 /
a with probability at most a, however often one looks. The interval is every difference against which the
average wealth over a fixed set of bets (and of c) has not reached it: exact at any count, no normal
approximation.

Sources: Waudby-Smith & Ramdas (2024), "Estimating means of bounded random variables by betting", JRSS B
86(1):1-27; Howard, Ramdas, McAuliffe & Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence
sequences", Annals of Statistics 49(2):1055-1080; Robbins (1970) for the average over bets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import lgamma
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gracja.engine.errors import EngineInputError

Floats = NDArray[np.float64]
YES_NO: Final = (0.0, 1.0)
_CENTRES: Final = np.array([0.08, 0.3, 0.7, 0.92])  # c: one is near the usual share
_SIZES: Final = np.array([0.04, 0.12, 0.3, 0.8])  # of the largest safe bet
_BETS: Final = np.concatenate([_SIZES, -_SIZES])
_GRID: Final = np.linspace(-0.999, 0.999, 401)
_HALVINGS: Final = 20
_BROKEN: Final = np.log(1000)


@dataclass(frozen=True, slots=True)
class Stage:
    """Customers drawn with one share held out. open, held: how many had each outcome, in the order of the
    values (of a yes or no: first how many did not return, then how many did).
    """

    held_share: float
    open: tuple[int, ...]
    held: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """estimate: mean outcome where the gesture was open, minus where it was held out, on the scale of the
    values. low, high: valid at every look. evidence: natural logarithm of the wealth against no difference.
    """

    estimate: float
    low: float
    high: float
    open_customers: int
    held_customers: int
    open_mean: float
    held_mean: float
    evidence: float


def difference(
    stages: Sequence[Stage], values: Sequence[float] = YES_NO, *, level: float = 0.95
) -> Difference | None:
    """What the gesture changes; None while there is nobody on one of the sides, and where no difference at
    all could have given these counts: then chance did not draw them as was said.

    stages: one for each share that was held out over time; those of 0 or 1 compare nothing. values: outcomes,
    rising. Count each customer once, all who were drawn, and only those whose days for the outcome are over,
    on both sides: who returns early must not count early. Of ratings, which not everybody gives, see
    `ratings`: who rates was not drawn.
    Raises EngineInputError: held_share_out_of_range, level_out_of_range, count_out_of_range, shape_mismatch,
    values_do_not_rise.
    """
    low_value, high_value = _check(stages, values, level)
    compared = [stage for stage in stages if 0 < stage.held_share < 1]
    open_, held = (np.sum([getattr(stage, side) for stage in compared], axis=0) for side in ("open", "held"))
    if not (np.sum(open_) and np.sum(held)):
        return None
    span = high_value - low_value
    outcomes = (np.asarray(values) - low_value) / span
    estimate = _estimate(compared, outcomes)
    ends = _ends(compared, outcomes, np.log(1 / (1 - level)), estimate)
    if ends is None:
        return None
    low, high = ends
    return Difference(
        span * estimate,
        span * low,
        span * high,
        int(open_.sum()),
        int(held.sum()),
        float(open_ @ np.asarray(values) / open_.sum()),
        float(held @ np.asarray(values) / held.sum()),
        float(_wealth(compared, outcomes, np.zeros(1))[0]),
    )


def split_is_broken(stages: Sequence[Stage]) -> bool:
    """Whether the sides' sizes cannot have come from the share that was to be held out: something chose who
    was counted, and nothing can be concluded. True by chance once in 1,000 policies at most, at any look.
    Source: the beta-binomial mixture of Robbins (1970) in Howard et al. (2021).
    """
    for stage in stages:
        open_, held = sum(stage.open), sum(stage.held)
        share = stage.held_share
        if not 0 < share < 1:
            if (share == 0 and held) or (share == 1 and open_):
                return True
            continue
        expected = held * np.log(share) + open_ * np.log1p(-share)
        mixed = lgamma(held + 1) + lgamma(open_ + 1) - lgamma(held + open_ + 2)
        if mixed - expected > _BROKEN:
            return True
    return False


def log_wealth(
    open_counts: ArrayLike, held_counts: ArrayLike, held_share: float, outcomes: Floats, supposed: float
) -> Floats:
    """The logarithm of the average wealth against a supposed difference, for many looks at once.

    open_counts, held_counts: (..., n_values). outcomes: (n_values,) in [0, 1]. Returns (...).
    """
    from scipy.special import logsumexp  # noqa: PLC0415  (half a second, which no start should wait for)

    gains = _gains(held_share, outcomes, np.array([supposed]))[0]  # (bets, 2 n_values)
    counts = np.concatenate([np.asarray(open_counts), np.asarray(held_counts)], axis=-1)
    wealth: Floats = logsumexp(counts @ gains.T, axis=-1) - np.log(len(gains))
    return wealth


def _gains(held_share: float, outcomes: Floats, supposed: Floats) -> Floats:
    """log(1 + bet (z - supposed)) of each bet and kind of customer, (supposed, bets, 2 n_values)."""
    off = outcomes[None, :] - _CENTRES[:, None]
    z = np.concatenate([off / (1 - held_share), -off / held_share], axis=1)  # (centres, 2 n_values)
    reach = z[:, None, :] - supposed[None, :, None]  # (centres, supposed, 2 n_values)
    # the ends that outcomes of 0 and 1 can reach, whether or not they occur
    ends = np.stack([-_CENTRES, 1 - _CENTRES], axis=1)
    ends = np.concatenate([ends / (1 - held_share), -ends / held_share], axis=1)
    above = ends.max(axis=1)[:, None] - supposed
    below = supposed - ends.min(axis=1)[:, None]
    safest = np.where(_BETS[:, None, None] > 0, 1 / below, 1 / above)  # (bets, centres, supposed)
    gains = np.log1p((_BETS[:, None, None] * safest)[..., None] * reach)
    return np.moveaxis(gains, 2, 0).reshape(len(supposed), -1, z.shape[1])


def _wealth(stages: Sequence[Stage], outcomes: Floats, supposed: Floats) -> Floats:
    from scipy.special import logsumexp  # noqa: PLC0415  (as above)

    total = sum(
        _gains(stage.held_share, outcomes, supposed) @ np.array([*stage.open, *stage.held])
        for stage in stages
    )
    wealth: Floats = logsumexp(total, axis=1) - np.log(len(_BETS) * len(_CENTRES))
    return wealth


def _estimate(stages: Sequence[Stage], outcomes: Floats) -> float:
    """Mean difference of the stages, each by its customers; of all together where none has both sides."""
    rows = [(np.array(stage.open), np.array(stage.held)) for stage in stages]
    both = [(one, other) for one, other in rows if one.sum() and other.sum()]
    if not both:
        both = [(np.sum([one for one, _ in rows], axis=0), np.sum([other for _, other in rows], axis=0))]
    means = [one @ outcomes / one.sum() - other @ outcomes / other.sum() for one, other in both]
    return float(np.average(means, weights=[one.sum() + other.sum() for one, other in both]))


def _ends(
    stages: Sequence[Stage], outcomes: Floats, limit: float, estimate: float
) -> tuple[float, float] | None:
    """The outermost differences that are not refuted, and the estimate between them; None where each is."""
    # of very many customers the interval may lie between two points of the grid
    grid = np.union1d(_GRID, np.clip(estimate, _GRID[0], _GRID[-1]))
    refuted = _wealth(stages, outcomes, grid) >= limit
    left = np.flatnonzero(~refuted)
    if not len(left):
        return None
    ends = []
    for kept, step in ((int(left[0]), -1), (int(left[-1]), 1)):
        beyond = kept + step
        if not 0 <= beyond < len(grid):
            ends.append(float(step))
            continue
        inside, outside = float(grid[kept]), float(grid[beyond])
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            stays = _wealth(stages, outcomes, np.array([middle]))[0] < limit
            inside, outside = (middle, outside) if stays else (inside, middle)
        ends.append(outside)
    return min(ends[0], estimate), max(ends[1], estimate)


def _check(stages: Sequence[Stage], values: Sequence[float], level: float) -> tuple[float, float]:
    if not 0 < level < 1:
        raise EngineInputError("level_out_of_range", given=level)
    if len(values) < 2 or any(one >= other for one, other in pairwise(values)):
        raise EngineInputError("values_do_not_rise", given=list(values))
    for stage in stages:
        if not 0 <= stage.held_share <= 1:
            raise EngineInputError("held_share_out_of_range", given=stage.held_share)
        for counts in (stage.open, stage.held):
            if len(counts) != len(values):
                raise EngineInputError("shape_mismatch", given=[len(counts)], expected=[len(values)])
            if any(count < 0 for count in counts):
                raise EngineInputError("count_out_of_range")
    return values[0], values[-1]
