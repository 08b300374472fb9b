"""Period after period of every site, compiled."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any, Final

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.measure.over_time.signals import BEYOND, DRIFT, RUN

# The mean distance of two neighbours, in standard deviations of normal values
NEIGHBOURS: Final = 1.128379167095513
_ROOTS: Final = 4096  # kept in a table: a root and a quotient cost more than all the rest of a period


@compiled()
def follow(met: Any, judged: Any, baseline: int, laney: bool, rules: Any) -> tuple[Any, ...]:  # noqa: FBT001
    """(centre, dispersion, z, smoothed, signals), as `charts.Chart` describes them.

    rules: (sigmas, run, drift_sigmas, smoothing).
    """
    sites, periods = met.shape
    centre = np.full(sites, nan)
    dispersion = np.ones(sites)
    z = np.full((sites, periods), nan, dtype=np.float32)
    smoothed = np.full((sites, periods), nan, dtype=np.float32)
    signals = np.zeros((sites, periods), dtype=np.uint8)
    per_root = 1 / np.sqrt(np.arange(1, _ROOTS))
    widths = _widths(periods, rules[3])
    for site in range(sites):
        usual = _usual(met[site, :baseline], judged[site, :baseline])
        centre[site] = usual
        if not 0 < usual < 1:
            continue
        spread = sqrt(usual * (1 - usual))
        if laney:
            dispersion[site] = _dispersion(met[site, :baseline], judged[site, :baseline], usual, spread)
        per_spread = 1 / (spread * dispersion[site])
        state = (0.0, 0, 0, 0)
        for period in range(periods):
            count = judged[site, period]
            if count:
                per = per_root[count - 1] if count < _ROOTS else 1 / sqrt(count)
                here = (met[site, period] - usual * count) * per * per_spread
                state, mean, signal = _step(here, state, widths, rules)
                z[site, period] = here
                smoothed[site, period] = mean
                signals[site, period] = signal
    return centre, dispersion, z, smoothed, signals


@compiled()
def lengths(series: int, longest: int, rules: Any, seed: int) -> Any:
    """Periods until the first signal of each of so many series of independent standard normal values."""
    np.random.seed(seed)  # noqa: NPY002  (the only generator inside compiled code)
    found = np.full(series, longest)
    widths = _widths(longest, rules[3])
    for number in range(series):
        state = (0.0, 0, 0, 0)
        for period in range(longest):
            state, _, signal = _step(np.random.standard_normal(), state, widths, rules)  # noqa: NPY002
            if signal:
                found[number] = period + 1
                break
    return found


@compiled()
def _usual(met: Any, judged: Any) -> float:
    all_judged = judged.sum()
    return float(met.sum() / all_judged) if all_judged else nan


@compiled()
def _dispersion(met: Any, judged: Any, usual: float, spread: float) -> float:
    """Laney's sigma of z: from the moving range, so that a lasting change does not hide itself; 1 where there
    are no two periods to compare, or they are all alike.
    """
    apart, pairs, seen, before = 0.0, 0, False, 0.0
    for period in range(len(met)):
        if judged[period]:
            here = (met[period] / judged[period] - usual) * sqrt(judged[period])
            if seen:
                apart += abs(here - before)
                pairs += 1
            seen, before = True, here
    return apart / pairs / spread / NEIGHBOURS if pairs and apart > 0 else 1.0


@compiled()
def _widths(periods: int, smoothing: float) -> Any:
    """By what the moving average after each number of periods becomes standard deviations of its own."""
    left = (1 - smoothing) ** (2 * np.arange(1.0, periods + 1))
    return 1 / np.sqrt(smoothing / (2 - smoothing) * (1 - left))


@compiled()
def _step(here: float, state: Any, widths: Any, rules: Any) -> tuple[Any, float, int]:
    """One more period: (state, moving average in its own standard deviations, bits)."""
    average, steps, streak, side = state
    sigmas, run, drift_sigmas, smoothing = rules
    average += smoothing * (here - average)
    mean = average * widths[steps]
    # without a branch: which way the next value goes is what nobody can guess, a processor neither
    now = (here > 0) - (here < 0)
    streak = (streak * (now == side) + 1) * (now != 0)
    signal = BEYOND * (abs(here) > sigmas)
    signal |= RUN * ((run > 0) & (streak >= run))
    signal |= DRIFT * ((drift_sigmas > 0) & (abs(mean) > drift_sigmas))
    return (average, steps + 1, streak, now), mean, signal
