"""A likelihood climbed to its top: parameters, their covariance, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from gracja.engine.errors import EngineInputError

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats], tuple[float, Floats]]
_FAR: Final = 12.0  # in logarithms, of scaled data: a parameter that runs away is not fixed by the data
_STEP: Final = 1e-5
_STILL: Final = 1e-6  # the next step would be its square
_MOST_STEPS: Final = 30
_NO_CURVE: Final = 1e-9  # of the mean log-likelihood: a ridge, not a top


@dataclass(frozen=True, slots=True)
class Top:
    """logs: logarithms of the parameters at the top; covariance of these logarithms, (k, k)."""

    logs: Floats
    covariance: Floats
    log_likelihood: float


def search(likelihood: Likelihood, start: Floats, count: float) -> Floats:
    """Logarithms (k,) near the top of a log-likelihood, from `start`; `climb` goes the last steps."""
    found = minimize(_falling(likelihood, count), start, jac=True, method="BFGS", options={"gtol": 1e-5})
    return np.asarray(found.x, np.float64)


def climb(likelihood: Likelihood, near: Floats, count: float, model: str) -> Top:
    """The top of a log-likelihood over logarithms of positive parameters, by Newton's steps.

    likelihood: logarithms (k,) -> value and exact gradient (k,); the Hessian is from differences of the exact
    gradient. near: as `search` found it. count: of customers.
    Raises EngineInputError: value_not_converged (facts: model).
    """
    falling = _falling(likelihood, count)
    logs = near
    for _ in range(_MOST_STEPS):
        if not np.isfinite(logs).all() or np.abs(logs).max() > _FAR:
            break
        value, gradient = falling(logs)
        curvature = _curvature(falling, logs, gradient)
        if np.linalg.eigvalsh(curvature)[0] <= _NO_CURVE:
            break
        step = np.linalg.solve(curvature, gradient)
        logs = logs - np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < _STILL:
            return Top(logs, np.linalg.inv(curvature) / count, -value * count)
    raise EngineInputError("value_not_converged", model=model)


def _falling(likelihood: Likelihood, count: float) -> Likelihood:
    def falling(logs: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood(logs)
        return -value / count, -gradient / count

    return falling


def _curvature(falling: Likelihood, logs: Floats, gradient: Floats) -> Floats:
    rows = [(falling(logs + step)[1] - gradient) / _STEP for step in np.eye(len(logs)) * _STEP]
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2


def interval_of(logs: Floats, covariance: Floats, level: float) -> tuple[Floats, Floats]:
    """Lower and upper ends of the parameters (k,): normal on the logarithm, from the Hessian.

    Raises EngineInputError: level_out_of_range.
    """
    if not 0 < level < 1:
        raise EngineInputError("level_out_of_range", given=level)
    half = NormalDist().inv_cdf(0.5 + level / 2) * np.sqrt(np.diag(covariance))
    return np.exp(logs - half), np.exp(logs + half)
