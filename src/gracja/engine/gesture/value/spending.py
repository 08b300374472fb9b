"""How much a customer spends each time: the Gamma-Gamma model.

A customer's amounts vary around a mean of their own, and these means vary over customers; how much is taken
to say nothing of how often. Source: Fader & Hardie (2013), "The Gamma-Gamma model of monetary value",
brucehardie.com/notes/025.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammaln

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.value.fitting import climb, interval_of, search

Floats = NDArray[np.float64]
FEWEST_REPEATERS: Final = 30
NAMES: Final = ("p", "q", "gamma")


@dataclass(frozen=True, slots=True)
class SpendingModel:
    """p: shape of one customer's amounts. q, gamma: of their scale over customers, gamma in the currency.
    correlation: of frequency with mean spend (Pearson), which the model takes to be none.
    """

    p: float
    q: float
    gamma: float
    log_likelihood: float
    repeaters: int
    correlation: float
    covariance: Floats

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Each parameter's interval. Raises EngineInputError: level_out_of_range."""
        low, high = interval_of(np.log([self.p, self.q, self.gamma]), self.covariance, level)
        return {name: (float(low[at]), float(high[at])) for at, name in enumerate(NAMES)}


def fit_spending(frequency: ArrayLike, mean_spend: ArrayLike) -> SpendingModel:
    """The model by maximum likelihood, from customers who came again and spent something.

    frequency: repeat purchases; mean_spend: of these, NaN where there are none; (n_customers,). Who did not
    come again, or spent nothing at all, says nothing of the amounts and is left out.
    Raises EngineInputError: shape_mismatch, amount_below_zero (facts: customer: the row from 1; given),
    too_few_repeaters (facts: repeaters, fewest), value_not_converged (facts: model).
    """
    x, m = np.asarray(frequency, np.float64), np.asarray(mean_spend, np.float64)
    if x.shape != m.shape or x.ndim != 1:
        raise EngineInputError("shape_mismatch", given=list(m.shape), expected=list(x.shape))
    if (m < 0).any():
        row = int(np.argmax(m < 0))
        raise EngineInputError("amount_below_zero", customer=row + 1, given=float(m[row]))
    told = (x > 0) & (m > 0)
    x, m = x[told], m[told]
    if len(x) < FEWEST_REPEATERS:
        raise EngineInputError("too_few_repeaters", repeaters=len(x), fewest=FEWEST_REPEATERS)
    scale = float(m.mean())
    likelihood = _Likelihood(x, m / scale).of_logs
    near = search(likelihood, np.log([2.0, 3.0, 1.0]), len(x))
    top = climb(likelihood, near, len(x), "gamma_gamma")
    p, q, gamma = np.exp(top.logs)
    log_likelihood = top.log_likelihood - len(x) * np.log(scale)  # a density of the means themselves
    varies = x.std() > 0 and m.std() > 0
    correlation = float(np.corrcoef(x, m)[0, 1]) if varies else float("nan")
    return SpendingModel(
        float(p),
        float(q),
        float(gamma * scale),
        float(log_likelihood),
        len(x),
        correlation,
        top.covariance,
    )


class _Likelihood:
    """Equation (1a) of the source and its gradient."""

    def __init__(self, x: Floats, m: Floats) -> None:
        self._x, self._total = x, x * m
        self._log_total = float(x @ np.log(self._total))  # sum of x ln(x m)
        self._log_mean = float(np.log(m).sum())
        self._each, counts = np.unique(x, return_counts=True)
        self._customers = counts.astype(np.float64)

    def of_logs(self, logs: Floats) -> tuple[float, Floats]:
        p, q, gamma = np.exp(logs)
        x, n = self._each, self._customers
        size = n.sum()
        log_scale = np.log(gamma + self._total)
        value = (
            n @ (gammaln(p * x + q) - gammaln(p * x))
            + size * (q * np.log(gamma) - gammaln(q))
            + p * self._log_total
            - self._log_mean
            - (p * self._x + q) @ log_scale
        )
        gradient = [
            n @ (x * (digamma(p * x + q) - digamma(p * x))) + self._log_total - self._x @ log_scale,
            n @ digamma(p * x + q) + size * (np.log(gamma) - digamma(q)) - log_scale.sum(),
            size * q / gamma - ((p * self._x + q) / (gamma + self._total)).sum(),
        ]
        return float(value), np.array(gradient) * np.exp(logs)
