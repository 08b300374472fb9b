"""Logistic regression on a few columns and soft targets."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
# A weak pull to "no slope", on columns of unit spread, keeps a perfect separation finite.
_RIDGE: Final = 0.01
_FLAT: Final = 1e-9


def logistic(features: Floats, target: Floats) -> Floats:
    """Weights of a logistic regression on soft targets, by damped Newton steps.

    features: shape (marks, columns), the last of ones; a column without spread gets weight 0. target: shape
    (marks,), in [0, 1].
    """
    middle, scale = features.mean(axis=0), features.std(axis=0)
    told = scale > _FLAT
    middle[-1], scale[~told] = 0.0, 1.0
    scaled = np.where(told, (features - middle) / scale, 0.0)
    scaled[:, -1] = 1.0
    penalty = np.append(np.full(features.shape[1] - 1, _RIDGE), 0.0)
    weights = np.zeros(features.shape[1])

    def loss(at: Floats) -> float:
        linear = scaled @ at
        return float(np.sum(np.logaddexp(0, linear) - target * linear) + penalty @ at**2 / 2)

    for _ in range(100):
        chance = expit(scaled @ weights)
        gradient = scaled.T @ (chance - target) + penalty * weights
        curve = (scaled * (chance * (1 - chance))[:, None]).T @ scaled + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, gradient)
        size, here = 1.0, loss(weights)
        while loss(weights - size * step) > here and size > 1e-6:
            size /= 2
        weights = weights - size * step
        if np.abs(step).max() < 1e-9:
            break
    weights = weights / scale
    weights[-1] -= weights[:-1] @ middle[:-1]
    return weights
