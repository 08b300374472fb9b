"""BG/NBD as one writes it down from the paper: the likelihood of each customer, climbed without gradient."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln


class Plain(NamedTuple):
    parameters: NDArray[np.float64]
    log_likelihood: float


def fit_plainly(x: NDArray[np.float64], last: NDArray[np.float64], seen: NDArray[np.float64]) -> Plain:
    """Equation (6) of Fader, Hardie & Lee (2005) under Nelder-Mead, as current packages do it."""

    def falling(logs: NDArray[np.float64]) -> float:
        r, alpha, a, b = np.exp(logs)
        one = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        two = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        three = -(r + x) * np.log(alpha + seen)
        four = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
        whole = one + two + np.where(x > 0, np.logaddexp(three, four), three)
        return float(-whole.sum())

    found = minimize(
        falling, np.log([0.5, 5.0, 1.0, 2.0]), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-5}
    )
    return Plain(np.exp(found.x), -float(found.fun))
