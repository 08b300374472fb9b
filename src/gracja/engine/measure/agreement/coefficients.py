"""The coefficients, from sums over units: what a bootstrap draws anew are the sums, never the units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np

from gracja.engine.measure.agreement.units import Floats, Units

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Weights = Literal["none", "linear", "quadratic"]


def coincidences(units: Units) -> Floats:
    """(patterns, values * values): what a unit of each pattern adds to Krippendorff's coincidence matrix."""
    counts = units.patterns.astype(np.float64)
    each = counts.sum(axis=1)
    width = counts.shape[1]
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(width)
    share = np.divide(1, each - 1, out=np.zeros_like(each), where=each >= 2)
    return (pairs * share[:, None, None]).reshape(len(counts), width * width)


def alpha_of(sums: Floats, values: Floats, level: Level) -> Floats:
    """Krippendorff's alpha, (draws,), NaN where nothing varies.

    sums: (draws, values * values), coincidence matrices. Source: K. Krippendorff, Computing Krippendorff's
    Alpha-Reliability (2011), sections C to F.
    """
    width = len(values)
    table = sums.reshape(-1, width, width)
    marginal = table.sum(axis=2)
    total = marginal.sum(axis=1)
    distance = _DISTANCES[level](values, marginal)
    observed = (table * distance).sum(axis=(1, 2)) * (total - 1)
    expected = (marginal[:, :, None] * marginal[:, None, :] * distance).sum(axis=(1, 2))
    return 1 - _over(observed, expected)


def _nominal(values: Floats, marginal: Floats) -> Floats:
    del marginal
    apart: Floats = (values[:, None] != values)[None].astype(np.float64)
    return apart


def _ordinal(values: Floats, marginal: Floats) -> Floats:
    del values
    # how many judgements lie between two values, each end counted by half
    upto = np.cumsum(marginal, axis=1) - marginal / 2
    return (upto[:, :, None] - upto[:, None, :]) ** 2


def _interval(values: Floats, marginal: Floats) -> Floats:
    del marginal
    return ((values[:, None] - values) ** 2)[None]


def _ratio(values: Floats, marginal: Floats) -> Floats:
    del marginal
    return _over(values[:, None] - values, values[:, None] + values, empty=0.0)[None] ** 2


_DISTANCES: Final[dict[Level, Callable[[Floats, Floats], Floats]]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}


def shares(units: Units) -> Floats:
    """(patterns, values + 3): what one unit of each pattern adds to the sums of Gwet's AC1: the shares of its
    judgements by value; 1 if it was judged at all; its agreement, and 1, if it was judged twice.
    """
    counts = units.patterns.astype(np.float64)
    each = counts.sum(axis=1)
    share = np.divide(counts, each[:, None], out=np.zeros_like(counts), where=each[:, None] > 0)
    twice = each >= 2
    pairs = each * (each - 1)
    agreed = np.divide((counts * (counts - 1)).sum(axis=1), pairs, out=np.zeros_like(each), where=twice)
    return np.column_stack([share, each > 0, agreed, twice])


def ac1_of(sums: Floats, values: Floats) -> Floats:
    """Gwet's AC1 of any number of judges, (draws,), NaN where no unit was judged twice.

    sums: (draws, values + 3), as `shares`. Source: K. L. Gwet, Computing inter-rater reliability and its
    variance in the presence of high agreement, Br. J. Math. Stat. Psychol. 61 (2008), equations 6 to 8.
    """
    width = len(values)
    usual = _over(sums[:, :width], sums[:, width, None])
    chance = (usual * (1 - usual)).sum(axis=1) / max(1, width - 1)
    observed = _over(sums[:, width + 1], sums[:, width + 2])
    return _over(observed - chance, 1 - chance)


def kappa_of(sums: Floats, values: Floats, weights: Weights) -> Floats:
    """Cohen's kappa of two judges, (draws,), NaN where chance alone agrees wholly.

    sums: (draws, values * values), the first judge's value by the second's. Weighted by the distance of the
    values, or by its square. Source: J. Cohen, Psychol. Bull. 70 (1968) 213.
    """
    width = len(values)
    table = sums.reshape(-1, width, width)
    steps = np.arange(width, dtype=np.float64)  # of the scale: what lies between two steps does not count
    apart = np.abs(steps[:, None] - steps)
    distance = {"none": (apart > 0).astype(np.float64), "linear": apart, "quadratic": apart**2}[weights]
    total = table.sum(axis=(1, 2))
    observed = (table * distance).sum(axis=(1, 2)) * total
    first, second = table.sum(axis=2), table.sum(axis=1)
    expected = (first[:, :, None] * second[:, None, :] * distance).sum(axis=(1, 2))
    return 1 - _over(observed, expected)


def _over(above: Floats, below: Floats, *, empty: float = np.nan) -> Floats:
    """A quotient, and `empty` where there is nothing to divide by."""
    above, below = np.broadcast_arrays(above, below)
    found: Floats = np.divide(above, below, out=np.full(above.shape, empty), where=below > 0)
    return found
