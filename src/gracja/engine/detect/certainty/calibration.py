"""From a detector's scores to probabilities that mean what they say, fitted on marks it was not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit, xlogy

from gracja.engine.detect.certainty.logistic import logistic
from gracja.engine.errors import EngineInputError, Where

Floats = NDArray[np.float64]
Method = Literal["platt", "beta", "isotonic"]
METHODS: Final[tuple[Method, ...]] = ("platt", "beta", "isotonic")
FOLDS: Final = 10
SEED: Final = 20_261_122
# Under so many marks of the rarer answer a step function only repeats the noise.
_LEAST_FOR_STEPS: Final = 50
_SURE: Final = 1e-6


@dataclass(frozen=True)
class Calibration:
    """A monotone map from score to probability.

    platt: parameters (slope, intercept) on the score; beta: (for, against, intercept) on ln p and -ln(1 - p)
    of p = logistic(score); isotonic: `knots` (scores, ascending) and `parameters` (their probabilities),
    interpolated, flat outside.
    """

    method: Method
    parameters: tuple[float, ...]
    knots: tuple[float, ...] = ()

    def probability(self, scores: ArrayLike) -> Floats:
        """Scores of any shape -> probabilities strictly inside (0, 1)."""
        score = np.asarray(scores, dtype=np.float64)
        if self.method == "isotonic":
            found = np.interp(score, self.knots, self.parameters)
        else:
            found = expit(_features(score, self.method) @ np.asarray(self.parameters))
        return np.clip(found, _SURE, 1 - _SURE)

    def to_dict(self) -> dict[str, Any]:
        return {"method": self.method, "parameters": list(self.parameters), "knots": list(self.knots)}


def calibration_from_dict(data: Any) -> Calibration:
    """Raises EngineInputError: calibration_broken."""
    try:
        method = data["method"]
        parameters = tuple(float(value) for value in data["parameters"])
        knots = tuple(float(value) for value in data["knots"])
    except (KeyError, TypeError, ValueError):
        raise EngineInputError("calibration_broken", Where(field="calibration")) from None
    sizes = {"platt": (2, 0), "beta": (3, 0), "isotonic": (len(knots), len(parameters))}
    good = (
        sizes.get(method) == (len(parameters), len(knots))
        and parameters
        and np.isfinite([*parameters, *knots]).all()
        and (method != "isotonic" or ((np.diff(knots) > 0).all() and (np.diff(parameters) >= 0).all()))
    )
    if not good:
        raise EngineInputError("calibration_broken", Where(field="calibration"))
    return Calibration(method, parameters, knots)


def fit_calibration(scores: ArrayLike, met: ArrayLike, *, method: Method | None = None) -> Calibration:
    """The map that predicts marks it was not fitted on best, or the one that is named.

    scores: shape (marks,), any real number, higher = surer that the standard is met (log odds are best).
    met: the people's answers. Chosen by log loss over ten folds; isotonic only from 50 marks of the rarer
    answer. Constant scores give the base rate.

    Raises EngineInputError: shape_mismatch, calibration_one_answer, score_not_finite.
    Source: Platt (1999); Kull, Silva Filho & Flach (2017), AISTATS; Zadrozny & Elkan (2002), KDD.
    """
    score, label = _checked(scores, met)
    if method is None:
        method = _best_method(score, label)
    return _fitted(score, label, method)


def cross_fitted(
    scores: ArrayLike, met: ArrayLike, *, folds: ArrayLike | None = None, method: Method | None = None
) -> Floats:
    """Probabilities of marks, each from a map fitted without its own fold; shape (marks,).

    folds: a number for each mark; marks scored by a detector trained without fold k must carry fold k here
    too. Without it: `fold_numbers`. Raises as `fit_calibration`.
    """
    score, label = _checked(scores, met)
    number = fold_numbers(label) if folds is None else np.asarray(folds)
    chosen = _best_method(score, label) if method is None else method
    found = np.empty(len(score))
    for fold in np.unique(number):
        held = number == fold
        found[held] = _fitted(score[~held], label[~held], chosen).probability(score[held])
    return found


def fold_numbers(met: ArrayLike, folds: int = FOLDS, seed: int = SEED) -> NDArray[np.int64]:
    """A fold 0..folds-1 for each mark, drawn so that each fold holds its share of both answers."""
    label = np.asarray(met, dtype=np.bool_)
    random = np.random.default_rng(seed)
    number = np.empty(len(label), dtype=np.int64)
    given = 0
    for answer in (True, False):
        members = random.permutation(np.flatnonzero(label == answer))
        number[members] = (given + np.arange(len(members))) % folds
        given += len(members)
    return number


def _checked(scores: ArrayLike, met: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    score, label = np.asarray(scores, dtype=np.float64), np.asarray(met, dtype=np.bool_)
    if score.ndim != 1 or score.shape != label.shape:
        raise EngineInputError(
            "shape_mismatch", Where(field="met"), expected=list(score.shape), given=list(label.shape)
        )
    if not np.isfinite(score).all():
        raise EngineInputError(
            "score_not_finite", Where(field="scores"), count=int((~np.isfinite(score)).sum())
        )
    if label.all() or not label.any():
        raise EngineInputError("calibration_one_answer", Where(field="met"), marks=len(label))
    return score, label


def _best_method(score: Floats, label: NDArray[np.bool_]) -> Method:
    rarer = min(label.sum(), (~label).sum())
    number = fold_numbers(label)
    losses: dict[Method, float] = {}
    for method in METHODS:
        if method != "isotonic" or rarer >= _LEAST_FOR_STEPS:
            found = np.empty(len(score))
            for fold in np.unique(number):
                held = number == fold
                found[held] = _fitted(score[~held], label[~held], method).probability(score[held])
            losses[method] = log_loss(found, label)
    return min(losses, key=lambda method: losses[method])


def log_loss(probability: Floats, met: NDArray[np.bool_]) -> float:
    """Mean negative log likelihood of the marks, in nats."""
    return float(-np.mean(xlogy(met, probability) + xlogy(~met, 1 - probability)))


def _fitted(score: Floats, label: NDArray[np.bool_], method: Method) -> Calibration:
    if method == "isotonic":
        return _steps(score, label)
    features = _features(score, method)
    # Platt's targets: as if each answer had been seen once more, so that no probability becomes 0 or 1
    positive, negative = label.sum(), (~label).sum()
    target = np.where(label, (positive + 1) / (positive + 2), 1 / (negative + 2))
    free = np.ones(features.shape[1], dtype=np.bool_)
    weights = logistic(features, target)
    if method == "beta" and (weights[:2] < 0).any():
        # a negative slope would turn the order round; without it the other one is fitted alone
        free[int(np.argmin(weights[:2]))] = False
        weights = np.zeros(3)
        weights[free] = logistic(features[:, free], target)
    slopes = np.maximum(weights[:-1], 0.0)
    if (slopes != weights[:-1]).any():
        slopes, intercept = np.zeros_like(slopes), float(logit(target.mean()))
    else:
        intercept = float(weights[-1])
    return Calibration(method, (*(float(slope) for slope in slopes), intercept))


def _features(score: Floats, method: Method) -> Floats:
    one = np.ones_like(score)
    if method == "platt":
        return np.stack([score, one], axis=-1)
    return np.stack([-np.logaddexp(0, -score), np.logaddexp(0, score), one], axis=-1)


def _steps(score: Floats, label: NDArray[np.bool_]) -> Calibration:
    """Isotonic regression, each level as if it had seen both answers half a time more."""
    knots, inverse, weights = np.unique(score, return_inverse=True, return_counts=True)
    share = np.bincount(inverse, label) / weights
    level = isotonic_regression(share, weights=weights).x
    group = np.cumsum(np.append(0, np.abs(np.diff(level)) > 1e-12))
    marks = np.bincount(group, weights)
    met = np.bincount(group, share * weights)
    smooth = np.maximum.accumulate((met + 0.5) / (marks + 1))[group]
    ends = np.append(np.diff(group) > 0, True) | np.append(True, np.diff(group) > 0)
    return Calibration("isotonic", tuple(map(float, smooth[ends])), tuple(map(float, knots[ends])))
