"""Weights of n-grams from marked turns: logistic regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gracja.engine.detect.learned.vocabulary import Vectors
from gracja.engine.errors import EngineInputError, Where

# How far weights may go (scikit-learn's C): 1, 3, 10 and 30 were tried on held-out conversations.
STRENGTH: Final = 10.0
_PRECISION: Final = 3e-5  # of the gradient; at 1e-3 the fit stopped early and lost 2 points of F1
_STEPS: Final = 500


@dataclass(frozen=True)
class Weights:
    """log odds of a turn = vectors @ weight + bias; weight (k,)."""

    weight: NDArray[np.float32]
    bias: float


def train_turns(
    vectors: Vectors, met: ArrayLike, *, counts: ArrayLike | None = None, strength: float = STRENGTH
) -> Weights:
    """From marked turns: vectors (n, k), met (n,) of 0 and 1, counts (n,) how much each turn counts.

    The same input gives the same weights. Raises EngineInputError: learning_one_answer (facts: marks).
    """
    label = np.asarray(met, dtype=np.bool_)
    if label.all() or not label.any():
        raise EngineInputError("learning_one_answer", Where(field="met"), marks=len(label))
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  (seconds that scoring need not wait)

    model = LogisticRegression(C=strength, tol=_PRECISION, max_iter=_STEPS)
    model.fit(vectors, label, sample_weight=counts)
    return Weights(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def best_turns(
    odds: NDArray[np.float64], contact: NDArray[np.int64], contacts: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The highest log odds of each contact's turns, and which turn it is: -inf and -1 without turns."""
    order = np.lexsort((-np.arange(len(odds)), odds, contact))
    last = np.concatenate([contact[order][1:] != contact[order][:-1], [True]]) if len(order) else order
    highest = order[np.flatnonzero(last)]
    best, turn = np.full(contacts, -np.inf), np.full(contacts, -1)
    best[contact[highest]], turn[contact[highest]] = odds[highest], highest
    return best, turn
