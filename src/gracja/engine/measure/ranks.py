"""Ranks that may be read all at once: simultaneous intervals, and tiers that end only where it is sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.posterior import Posterior, Prediction
from gracja.engine.measure.wide import WideMode

_SEED = 20_261_122
# Up to so many subjects pairs are compared: n x n numbers, of which there are five.
MOST_PAIRED = 1500
_PAIR_DRAWS = 60_000_000
_FEWEST_DRAWS, _MOST_DRAWS = 400, 2000
_AT_ONCE = 500_000


@dataclass(frozen=True)
class Ranks:
    """low, high, tier: (subjects,) integers from 1, 1 is best."""

    low: Ints
    high: Ints
    tier: Ints


def simultaneous_ranks(posterior: Posterior, contrasts: Contrasts, level: float) -> Ranks:
    """Ranks of subjects by their contrasts, all of them covered at once with probability `level`.

    Up to 1,500 subjects, two differ surely where their difference exceeds c of its standard deviations; c is
    the `level` quantile of the largest standardised difference between posterior draws and means over all
    pairs (seeded). More are compared by an interval of each, all of which hold at once: two differ surely
    where these do not meet. That takes memory for each subject and level beside the largest facet's, as the
    contrasts do, not for each pair, and parts only those whose distance is about a tenth larger. Where
    variances come from draws (`wide`), the tails are Student's t, and pairs too are bounded by their number.
    rank_low = 1 + number surely better, rank_high = n - number surely worse.
    Source: Tukey's honest differences, on a posterior; ranks as in Mogstad, Romano, Shaikh, Wilhelm (2024),
    Review of Economic Studies 91:476; by intervals: Klein, Wright, Wieczorek (2020), J. R. Statist. Soc. A
    183:589.
    """
    if len(contrasts) > MOST_PAIRED:
        return _by_intervals(posterior, contrasts, level)
    points = list(posterior.joint(contrasts))
    mean = np.asarray(sum(weight * m for weight, m, _ in points))
    covariance = np.asarray(sum(weight * (v + np.outer(m - mean, m - mean)) for weight, m, v in points))
    deviation = _pair_deviations(covariance)
    draws, pairs = _draws(posterior), len(mean) * (len(mean) - 1) / 2
    if draws and pairs:
        critical = -float(stdtrit(draws, (1 - level) / (2 * pairs)))
    else:
        critical = _critical(points, mean, deviation, level)
    better = mean[:, None] - mean > critical * deviation
    surely_better, surely_worse = better.sum(axis=0), better.sum(axis=1)
    return Ranks(1 + surely_better, len(mean) - surely_worse, tiers(mean, better))


def _by_intervals(posterior: Posterior, contrasts: Contrasts, level: float) -> Ranks:
    return ranks_of_intervals(*simultaneous_intervals(posterior, contrasts, level))


def simultaneous_intervals(
    posterior: Posterior, contrasts: Contrasts, level: float
) -> tuple[Floats, Floats, Floats]:
    """(subjects,) mean, low and high of each subject's distance from the average one, in logits. Each misses
    with probability (1 - level) / n, so that all hold with at least `level`.
    """
    count = len(contrasts)
    # What all have in common (the level of the places) parts nobody, and would only widen the intervals.
    found = posterior.predict(Prediction(contrasts.around_average()))
    tail = (1 - level) / (2 * count)
    if draws := _draws(posterior):
        reach = -float(stdtrit(draws, tail)) * found.deviation
        return found.mean, found.mean - reach, found.mean + reach
    return found.mean, found.quantile(tail), found.quantile(1 - tail)


def _draws(posterior: Posterior) -> int:
    """From how many draws a variance is, which is then chi-squared around the true one; 0 where it is exact.
    So far in the tails the normal with such a variance would miss nearly twice as often as it says.
    """
    mode = posterior.modes[0]
    return mode.factor.rest.shape[1] if isinstance(mode, WideMode) else 0


def ranks_of_intervals(mean: Floats, low: Floats, high: Floats) -> Ranks:
    """Ranks and tiers where two differ surely whose intervals do not meet.

    mean, low, high: (subjects,), low <= high.
    """
    count = len(mean)
    surely_better = count - np.searchsorted(np.sort(low), high, side="right")
    surely_worse = np.searchsorted(np.sort(high), low, side="left")
    order = np.argsort(-mean, kind="stable")
    above, below = np.minimum.accumulate(low[order]), np.maximum.accumulate(high[order][::-1])[::-1]
    ends = np.append(False, above[:-1] > below[1:])
    tier = np.empty(count, dtype=np.int64)
    tier[order] = 1 + np.cumsum(ends)
    return Ranks((1 + surely_better).astype(np.int64), (count - surely_worse).astype(np.int64), tier)


def _pair_deviations(covariance: Floats) -> Floats:
    variance = np.diagonal(covariance)
    squares = variance[:, None] + variance - 2 * covariance
    return np.asarray(np.sqrt(np.maximum(squares, 1e-18)))


def _critical(
    points: list[tuple[float, Floats, Floats]], mean: Floats, deviation: Floats, level: float
) -> float:
    count = len(mean)
    if count < 2:
        return 0.0
    draws = int(np.clip(_PAIR_DRAWS / count**2, _FEWEST_DRAWS, _MOST_DRAWS))
    random = np.random.default_rng(_SEED)
    inverse = 1 / deviation
    np.fill_diagonal(inverse, 0.0)
    largest = []
    for (_, m, v), share in zip(points, _shares_of(draws, [weight for weight, _, _ in points]), strict=True):
        # A trace of noise of their own keeps people who are known to be equal from a singular root.
        root = np.linalg.cholesky(v + (1e-9 * np.diagonal(v).mean() + 1e-15) * np.eye(count))
        drawn = random.standard_normal((share, count)) @ root.T + m - mean
        for some in np.array_split(drawn, max(1, share * count**2 // _AT_ONCE)):
            gaps = np.abs(some[:, :, None] - some[:, None, :]) * inverse
            largest.append(gaps.max(axis=(1, 2), initial=0.0))
    return float(np.quantile(np.concatenate(largest), level, method="higher"))


def _shares_of(draws: int, weights: list[float]) -> list[int]:
    """Draws for each point: its weight's share, fractions by cumulation, so that all add up."""
    ends = np.round(np.cumsum(weights) * draws).astype(int)
    return [int(n) for n in np.diff(ends, prepend=0)]


def tiers(mean: Floats, better: Floats) -> Ints:
    """(subjects,) tier from 1: one ends only where everyone above is surely better than everyone below.

    mean: (subjects,); better: (subjects, subjects), row surely better than column.
    """
    order = np.argsort(-mean, kind="stable")
    sorted_better = np.asarray(better)[np.ix_(order, order)]
    tier = np.ones(len(mean), dtype=np.int64)
    # Below the last of the block above, everyone is beaten by everyone above: check the whole corner at once.
    beaten_from = np.array([_all_beaten_from(row) for row in sorted_better], dtype=np.int64)
    needed = np.maximum.accumulate(beaten_from) if len(mean) else beaten_from
    current = 1
    for position, subject in enumerate(order):
        if position and needed[position - 1] <= position:
            current += 1
        tier[subject] = current
    return tier


def _all_beaten_from(row: Floats) -> int:
    """First position from which on every subject is surely worse than this one."""
    not_beaten = np.flatnonzero(~np.asarray(row, dtype=bool))
    return int(not_beaten[-1]) + 1
