"""Weights of n-grams from people's marks: logistic regression on turns, on contacts through their turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression

from gracja.engine.detect.learned.vocabulary import Vectors
from gracja.engine.errors import EngineInputError, Where

# How far weights may go (scikit-learn's C): 1, 3, 10 and 30 were tried on held-out conversations.
STRENGTH: Final = 10.0
_PRECISION: Final = 3e-5  # of the gradient; at 1e-3 the fit stopped early and lost 2 points of F1
_STEPS: Final = 500
_ROUNDS: Final = 3
_OTHERS_WEIGHT: Final = 0.5  # what a met contact's other turns count as examples of "not this"
Bools = NDArray[np.bool_]


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
    model = LogisticRegression(C=strength, tol=_PRECISION, max_iter=_STEPS)
    model.fit(vectors, label, sample_weight=counts)
    return Weights(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def train_contacts(
    vectors: Vectors,
    contact: NDArray[np.int64],
    met: NDArray[np.float64],
    *,
    shown: Bools,
    hint: NDArray[np.float64],
    strength: float = STRENGTH,
) -> Weights:
    """From marked contacts, whose turn is known only where the mark shows it.

    vectors: (n, k), of all turns. contact: (n,), the row of each turn's contact. met: (contacts,), 1, 0 or
    NaN without a mark. shown: (n,), turns that a mark names as evidence. hint: (n,), higher where a turn
    looks like the standard before anything is learned; 0 throughout where nothing is known.

    A contact marked met has its shown turns; without any, first the turn with the highest hint (all its
    turns together where no hint tells), then, in further rounds, the turn that the weights of the round
    before find likeliest. Its other turns count half as examples of the contrary; those that look met count
    not at all.
    Raises EngineInputError: learning_one_answer.
    """
    of_turn = met[contact]
    inside = np.flatnonzero(~np.isnan(of_turn))
    group, positive, known = contact[inside], of_turn[inside] == 1, shown[inside]
    has_shown = np.isin(group, group[known & positive])
    open_turns = positive & ~has_shown
    taken = positive & known
    clue = hint[inside].astype(np.float64)
    sizes = np.bincount(group)
    chosen = taken | (open_turns & (clue >= _highest(clue, group)))
    spread = np.bincount(group[chosen & open_turns], minlength=len(sizes))
    counts = np.where(chosen & open_turns, 1 / np.maximum(spread[group], 1), 1.0)
    counts[positive & ~chosen] = _OTHERS_WEIGHT
    weights = train_turns(vectors[inside], chosen, counts=counts, strength=strength)
    for _ in range(_ROUNDS if open_turns.any() else 0):
        odds = vectors[inside] @ weights.weight + weights.bias
        chosen = taken | (open_turns & (odds >= _highest(odds, group)))
        counts = np.ones(len(inside))
        counts[positive & ~chosen] = _OTHERS_WEIGHT
        counts[open_turns & ~chosen & (odds > 0)] = 0
        weights = train_turns(vectors[inside], chosen, counts=counts, strength=strength)
    return weights


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


def _highest(value: NDArray[np.float64], group: NDArray[np.int64]) -> NDArray[np.float64]:
    """The highest value in the group of each turn."""
    best, _ = best_turns(value, group, int(group.max()) + 1 if len(group) else 0)
    return best[group]
