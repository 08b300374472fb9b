"""Weights of n-grams from marks of whole contacts, starting from what phrases find where nobody marked.

Phrases are heard in every conversation; so first the n-grams around their hits are learned, without a mark.
That is where the marks begin: weights stay near it where they are few, and leave it where they are many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from gracja.engine.detect.learned.train import Weights
from gracja.engine.detect.learned.vocabulary import Vectors
from gracja.engine.errors import EngineInputError, Where

# How much a squared step away costs, in units of log likelihood; .1 to 3 were tried on held-out contacts.
_PHRASES_PULL: Final = 1.0  # towards no weight, while phrases are the only teacher
_MARKS_PULL: Final = 0.3  # towards what phrases taught, once people mark
_BIAS_PULL: Final = 0.3
_STEPS: Final = 60
_ROUNDS: Final = 8  # after 4, without phrases, the meant turn was not yet found
_FAR: Final = 30.0  # log odds beyond which nothing changes
Odds = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ContactMarks:
    """People's marks of one standard. met: (contacts,), 1, 0 or NaN where nobody marked.

    shown: (n,), the turns that a mark names as its evidence. A met contact that shows none is learned from
    all its turns: at least one of them was the standard.
    """

    met: NDArray[np.float64]
    shown: Bools


def phrase_weights(vectors: Vectors, found: Bools) -> Weights:
    """What tells the turns in which phrases found the standard from the others; needs no mark.

    vectors: (n, k). found: (n,). Where phrases found nothing, or everything, they teach nothing: weights 0.
    """
    start = _no_weights(vectors.shape[1], found.mean() if len(found) else 0.0)
    if found.all() or not found.any():
        return start
    return _fit(vectors, found.astype(np.float64), start, _PHRASES_PULL, begin=start)


def learn_contacts(
    vectors: Vectors, contact: NDArray[np.int64], marks: ContactMarks, *, start: Weights
) -> Weights:
    """Weights for turns from marks of contacts, near `start` (`phrase_weights`, or another detector's).

    vectors: (n, k), of all turns. contact: (n,), the row of each turn's contact in marks.met. The log odds
    of a contact are those of its likeliest turn. The same input gives the same weights.

    In a met contact the turns that it shows are the standard; its others are so as far as the weights find
    them likely, learned in rounds of expectation and maximisation. Where it shows none, at least one turn is
    the standard (noisy or). People point at one place, so the rest of what they read proves nothing.

    Raises EngineInputError: learning_one_answer (facts: marks), where all marks say the same.
    """
    given = marks.met[~np.isnan(marks.met)]
    if not len(given) or (given == given[0]).all():
        raise EngineInputError("learning_one_answer", Where(field="met"), marks=len(given))
    inside = np.flatnonzero(~np.isnan(marks.met[contact]))
    rows, group = vectors[inside], contact[inside]
    positive, shown = marks.met[group] == 1, marks.shown[inside] & (marks.met[group] == 1)
    target, weights = shown.astype(np.float64), start
    unseen = positive & ~shown
    pointed = np.isin(group, group[shown])
    for _ in range(_ROUNDS if unseen.any() else 1):
        chance = _chance(_odds(rows, weights))
        target[unseen] = np.where(pointed, chance, _shares(chance, group))[unseen]
        weights = _fit(rows, target, start, _MARKS_PULL, begin=weights)
    return weights


def threshold_for_f1(odds: Odds) -> float:
    """The log odds from which calling a contact met makes the expected F1 highest; needs no mark.

    odds: (contacts,), of many contacts as they come, -inf for those without turns. Taking the k likeliest,
    the expected F1 is about 2 x (sum of their probabilities) / (k + sum of all). Source: Lipton, Elkan &
    Naryanaswamy (2014), ECML PKDD 2:225. Without contacts: 0, the even odds.
    """
    ordered = np.sort(odds)[::-1]
    chance = _chance(ordered)
    if not len(ordered) or chance[0] == 0:
        return 0.0
    expected = 2 * np.cumsum(chance) / (np.arange(1, len(chance) + 1) + chance.sum())
    return float(ordered[int(expected.argmax())])


def _no_weights(columns: int, share: float) -> Weights:
    likely = min(max(share, 1e-3), 1 - 1e-3)
    return Weights(np.zeros(columns, np.float32), float(np.log(likely / (1 - likely))))


def _odds(vectors: Vectors, weights: Weights) -> Odds:
    return np.asarray(vectors @ weights.weight + np.float32(weights.bias), dtype=np.float64)


def _chance(odds: Odds) -> Odds:
    return np.where(odds < -_FAR, 0.0, 1 / (1 + np.exp(-np.clip(odds, -_FAR, _FAR))))


def _shares(chance: Odds, group: NDArray[np.int64]) -> Odds:
    """How likely each turn is the standard, given that at least one turn of its contact is."""
    held = np.clip(chance, 1e-9, 1 - 1e-9)
    none = np.bincount(group, np.log1p(-held))
    return np.asarray(held / -np.expm1(none[group]), dtype=np.float64)


def _fit(vectors: Vectors, target: Odds, start: Weights, pull: float, *, begin: Weights) -> Weights:
    """Towards shares in 0-1, with a Gaussian prior around `start`; the search sets out from `begin`."""
    origin, pulls = _values(start), np.append(np.full(vectors.shape[1], pull), _BIAS_PULL)
    turned: Any = vectors.T.tocsr()

    def cost(values: Odds) -> tuple[float, Odds]:
        odds = np.asarray(vectors @ values[:-1].astype(np.float32), dtype=np.float64) + values[-1]
        away = values - origin
        lost = (np.logaddexp(0, odds) - target * odds).sum()
        missed = _chance(odds) - target
        slope = np.append(turned @ missed.astype(np.float32), missed.sum())
        return float(lost + pulls @ away**2 / 2), slope + pulls * away

    best = minimize(cost, _values(begin), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return Weights(best[:-1].astype(np.float32), float(best[-1]))


def _values(weights: Weights) -> Odds:
    return np.append(weights.weight.astype(np.float64), weights.bias)
