"""Ranks that may be read all at once: simultaneous intervals, and tiers that end only where it is sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.posterior import Posterior

_SEED = 20_261_122
_MOST_SIMULATED = 1500
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

    Two subjects differ surely where their
    difference exceeds c of its standard deviations; c is the `level` quantile of the largest standardised
    difference between posterior draws and means over all pairs (seeded; for more than 1,500 subjects
    Bonferroni's, which is larger). rank_low = 1 + number surely better, rank_high = n - number surely worse.
    Source: Tukey's honest differences, on a posterior; ranks as in Mogstad, Romano, Shaikh, Wilhelm (2024),
    Review of Economic Studies 91:476.
    """
    points = list(posterior.joint(contrasts))
    mean = np.asarray(sum(weight * m for weight, m, _ in points))
    covariance = np.asarray(sum(weight * (v + np.outer(m - mean, m - mean)) for weight, m, v in points))
    deviation = _pair_deviations(covariance)
    critical = _critical(points, mean, deviation, level)
    better = mean[:, None] - mean > critical * deviation
    surely_better, surely_worse = better.sum(axis=0), better.sum(axis=1)
    return Ranks(1 + surely_better, len(mean) - surely_worse, tiers(mean, better))


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
    if count > _MOST_SIMULATED:
        return float(ndtri(1 - (1 - level) / (count * (count - 1))))
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
