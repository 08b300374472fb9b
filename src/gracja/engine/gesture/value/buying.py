"""How often customers buy, and when they stop: the BG/NBD model.

While active, a customer buys at a rate of their own (gamma over customers); after each purchase they may
stop, with a probability of their own (beta over customers). Source: Fader, Hardie & Lee (2005), "Counting
your customers the easy way: an alternative to the Pareto/NBD model", Marketing Science 24(2):275-284.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammaln

from gracja.engine.compiled import compiled
from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.value.fitting import climb, interval_of, search
from gracja.engine.gesture.value.history import checked_history

Floats = NDArray[np.float64]
FEWEST_REPEATERS: Final = 30  # four parameters; with fewer the top of the likelihood is a ridge
_ENOUGH: Final = 50_000
NAMES: Final = ("r", "alpha", "a", "b")


@dataclass(frozen=True, slots=True)
class BuyingModel:
    """r, alpha: of the rate, alpha in periods. a, b: of the probability to stop. covariance: of the
    logarithms of (r, alpha, a, b), (4, 4), from the Hessian.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int
    repeaters: int
    covariance: Floats

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Each parameter's interval. Raises EngineInputError: level_out_of_range."""
        logs = np.log([self.r, self.alpha, self.a, self.b])
        low, high = interval_of(logs, self.covariance, level)
        return {name: (float(low[at]), float(high[at])) for at, name in enumerate(NAMES)}


def fit_buying(frequency: ArrayLike, recency: ArrayLike, observed: ArrayLike) -> BuyingModel:
    """The model by maximum likelihood, from one row a customer, as `summary_of` makes them.

    frequency: repeat purchases; recency, observed: periods; all (n_customers,). Equal rows are counted once.
    Raises EngineInputError: those of `checked_history`, too_few_repeaters (facts: repeaters, fewest),
    value_not_converged (facts: model).
    """
    x, last, seen = checked_history(frequency, recency, observed)
    repeaters = int((x > 0).sum())
    if repeaters < FEWEST_REPEATERS:
        raise EngineInputError("too_few_repeaters", repeaters=repeaters, fewest=FEWEST_REPEATERS)
    scale = float(seen.mean())  # the climb is the same whatever the period
    last, seen = last / scale, seen / scale
    every = max(1, len(x) // _ENOUGH)  # a part of a great many shows where the top is
    part = _Likelihood(x[::every], last[::every], seen[::every])
    near = search(part.of_logs, np.log([0.5, 0.2, 1.0, 2.0]), len(x) / every)
    top = climb(_Likelihood(x, last, seen).of_logs, near, len(x), "bg_nbd")
    r, alpha, a, b = np.exp(top.logs)
    # the likelihood of the times themselves: one 1/period for each repeat purchase
    log_likelihood = top.log_likelihood - float(x.sum()) * np.log(scale)
    return BuyingModel(
        float(r),
        float(alpha * scale),
        float(a),
        float(b),
        float(log_likelihood),
        len(x),
        repeaters,
        top.covariance,
    )


class _Likelihood:
    """Equation (6) of the source and its gradient, over the distinct histories and their counts."""

    def __init__(self, x: Floats, last: Floats, seen: Floats) -> None:
        rows = pl.DataFrame({"x": x, "last": last, "seen": seen}).group_by("x", "last", "seen").len()
        self._x, self._last, self._seen = (rows[name].to_numpy() for name in ("x", "last", "seen"))
        self._count = rows["len"].to_numpy().astype(np.float64)
        # gamma functions see nothing but the frequency
        self._each, at = np.unique(self._x, return_inverse=True)
        self._customers = np.bincount(at, self._count)

    def of_logs(self, logs: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = np.exp(logs)
        x, n = self._each, self._customers
        by_frequency = (
            gammaln(r + x)
            - gammaln(r)
            + r * np.log(alpha)
            + gammaln(a + b)
            + gammaln(b + x)
            - gammaln(b)
            - gammaln(a + b + x)
        )
        value, *slopes = _of_times(r, alpha, a, b, self._x, self._last, self._seen, self._count)
        gradient = np.array(slopes)
        gradient += [
            n @ (digamma(r + x) - digamma(r) + np.log(alpha)),
            n.sum() * r / alpha,
            n @ (digamma(a + b) - digamma(a + b + x)),
            n @ (digamma(a + b) - digamma(a + b + x) + digamma(b + x) - digamma(b)),
        ]
        return float(n @ by_frequency + value), gradient * np.exp(logs)


@compiled(error_model="numpy")
def _of_times(
    r: float, alpha: float, a: float, b: float, x: Floats, last: Floats, seen: Floats, count: Floats
) -> tuple[float, float, float, float, float]:
    """Of the log of the last factor (still active, or stopped right after the last purchase), the sum over
    customers, and its slopes by r, alpha, a and b.
    """
    value = by_r = by_alpha = by_a = by_b = 0.0
    for row in range(len(x)):
        n, bought = count[row], x[row]
        size = r + bought
        log_seen = np.log(alpha + seen[row])
        value -= n * size * log_seen
        if bought == 0:
            by_r -= n * log_seen
            by_alpha -= n * size / (alpha + seen[row])
            continue
        log_last = np.log(alpha + last[row])
        after = b + bought - 1
        odds = np.log(a / after) + size * (log_seen - log_last)  # in logarithms: of a frequent one, huge
        rest = np.exp(-abs(odds))
        stopped = 1 / (1 + rest) if odds > 0 else rest / (1 + rest)
        value += n * (max(odds, 0.0) + np.log1p(rest))
        by_r -= n * ((1 - stopped) * log_seen + stopped * log_last)
        by_alpha -= n * size * ((1 - stopped) / (alpha + seen[row]) + stopped / (alpha + last[row]))
        by_a += n * stopped / a
        by_b -= n * stopped / after
    return value, by_r, by_alpha, by_a, by_b
