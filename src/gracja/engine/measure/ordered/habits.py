"""A wide scale read as a number, and each evaluator's habits on it: severity, width, steadiness.

value = mean + severity of the evaluator + width x (what was rated) + noise; the noise's variance is the
evaluator's own. Severity and width are normal over evaluators, correlated; what was rated is normal; noise is
drawn to all evaluators' by 20 marks' worth. Fitted by variational expectation-maximisation with what was
rated and the habits as factors. On scales of many steps (politeness from 1 to 25) evaluators differ more in
how wide and how steadily they use the scale than thresholds common to all can tell.

Source: Bishop (2006), Pattern Recognition and Machine Learning, chapter 10, for the scheme; de Vries et al.
(2012), J. Animal Sci. 90, for severity, width and noise of judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints

_MOST_ROUNDS: Final = 500
_SETTLED: Final = 1e-5  # of the values' standard deviation, in one round
_NOISE_MARKS: Final = 20.0


@dataclass(frozen=True)
class Habits:
    """mean: of all values. subjects: (subjects,) what was rated, as a difference from the mean, and its
    standard deviation. severity: (evaluators,) added to every value, minus the strictness; width: 1 is
    average; noise: standard deviation. lowest, highest: of the scale.
    """

    mean: float
    subjects: Floats
    deviation: Floats
    severity: Floats
    width: Floats
    noise: Floats
    lowest: float
    highest: float

    def expected(self, subject: ArrayLike, evaluator: ArrayLike) -> Floats:
        """(rows,) expected values. Codes from 0; -1, or one that the fit has not seen, is an average one."""
        rated = _of(self.subjects, 0.0, subject)
        value = self.mean + _of(self.severity, 0.0, evaluator) + _of(self.width, 1.0, evaluator) * rated
        return np.asarray(np.clip(value, self.lowest, self.highest))


def habits(
    values: ArrayLike, subject: ArrayLike, evaluator: ArrayLike, *, lowest: float, highest: float
) -> Habits:
    """Fit what was rated and who rated it.

    values: (rows,) from lowest to highest. subject, evaluator: (rows,) codes from 0.

    Raises EngineInputError: rating_empty, rating_shape, rating_value_range, rating_code_range,
    rating_did_not_converge.
    """
    y, who, eye = _checked(values, subject, evaluator, lowest, highest)
    now = _State.start(y, who, eye)
    for _ in range(_MOST_ROUNDS):
        before = now.fitted(who, eye)
        now.rate_subjects(y, who, eye)
        now.rate_evaluators(y, who, eye)
        moved = now.fitted(who, eye) - before
        if float(np.sqrt((moved**2).mean())) <= _SETTLED * max(float(y.std()), 1e-12):
            return Habits(
                now.mean,
                now.rated,
                np.sqrt(now.rated_variance),
                now.severity,
                now.width,
                np.sqrt(now.noise),
                lowest,
                highest,
            )
    raise EngineInputError("rating_did_not_converge", steps=_MOST_ROUNDS)


@dataclass
class _State:
    """Means and variances of all factors; covariance: (evaluators, 2, 2) of severity and width; spread:
    (2, 2) of both over evaluators.
    """

    mean: float
    rated: Floats
    rated_variance: Floats
    rated_spread: float
    severity: Floats
    width: Floats
    covariance: Floats
    spread: Floats
    noise: Floats

    @classmethod
    def start(cls, y: Floats, who: Ints, eye: Ints) -> _State:
        total, subjects, evaluators = max(float(y.var()), 1e-9), int(who.max()) + 1, int(eye.max()) + 1
        spread = np.diag([0.2 * total, 0.1])
        return cls(
            float(y.mean()),
            np.zeros(subjects),
            np.full(subjects, 0.3 * total),
            0.3 * total,
            np.zeros(evaluators),
            np.ones(evaluators),
            np.tile(spread, (evaluators, 1, 1)),
            spread,
            np.full(evaluators, 0.6 * total),
        )

    def fitted(self, who: Ints, eye: Ints) -> Floats:
        return np.asarray(self.mean + self.severity[eye] + self.width[eye] * self.rated[who])

    def rate_subjects(self, y: Floats, who: Ints, eye: Ints) -> None:
        """What was rated, given the evaluators' habits; and how much it varies."""
        size, noise = len(self.rated), self.noise[eye]
        wide = self.width[eye] ** 2 + self.covariance[eye, 1, 1]
        told = self.width[eye] * (y - self.mean - self.severity[eye]) - self.covariance[eye, 0, 1]
        precision = np.bincount(who, wide / noise, size) + 1 / self.rated_spread
        self.rated = np.bincount(who, told / noise, size) / precision
        self.rated_variance = 1 / precision
        self.rated_spread = max(float((self.rated**2 + self.rated_variance).mean()), 1e-9)

    def rate_evaluators(self, y: Floats, who: Ints, eye: Ints) -> None:
        """Severity, width and noise of each, given what was rated; how they vary; and the mean."""
        size, count = len(self.severity), np.bincount(eye, minlength=len(self.severity))
        rated, square = self.rated[who], self.rated[who] ** 2 + self.rated_variance[who]
        sums = [np.bincount(eye, of, size) for of in (rated, square, y - self.mean, (y - self.mean) * rated)]
        prior = np.linalg.inv(self.spread)
        precision = (
            prior
            + np.stack([count, sums[0], sums[0], sums[1]], axis=1).reshape(-1, 2, 2)
            / (self.noise[:, None, None])
        )
        told = prior[:, 1] + np.stack(sums[2:], axis=1) / self.noise[:, None]
        self.covariance = np.linalg.inv(precision)
        self.severity, self.width = np.einsum("ekl,el->ke", self.covariance, told)
        off = np.stack([self.severity, self.width - 1], axis=1)
        self.spread = (np.einsum("ek,el->kl", off, off) + self.covariance.sum(axis=0)) / size
        self.spread += 1e-9 * np.eye(2)
        covariance, left = self.covariance[eye], y - self.fitted(who, eye)
        around = covariance[:, 0, 0] + 2 * rated * covariance[:, 0, 1] + square * covariance[:, 1, 1]
        squares = left**2 + around + self.width[eye] ** 2 * self.rated_variance[who]
        pooled = max(float(squares.mean()), 1e-9)
        self.noise = (np.bincount(eye, squares, size) + _NOISE_MARKS * pooled) / (count + _NOISE_MARKS)
        steady = 1 / self.noise[eye]
        self.mean += float((left * steady).sum() / steady.sum())


def _checked(
    values: ArrayLike, subject: ArrayLike, evaluator: ArrayLike, lowest: float, highest: float
) -> tuple[Floats, Ints, Ints]:
    y = np.asarray(values, dtype=np.float64)
    if y.size == 0:
        raise EngineInputError("rating_empty")
    if not ((y >= lowest) & (y <= highest)).all():
        raise EngineInputError("rating_value_range", given=float(y[~((y >= lowest) & (y <= highest))][0]))
    coded = []
    for name, given in (("subject", subject), ("evaluator", evaluator)):
        codes = np.asarray(given)
        if codes.shape != y.shape:
            raise EngineInputError("rating_shape", expected=y.size, given=codes.size)
        if not np.issubdtype(codes.dtype, np.integer) or codes.min() < 0:
            raise EngineInputError("rating_code_range", facet=name)
        coded.append(codes.astype(np.int64))
    return y, coded[0], coded[1]


def _of(effects: Floats, unknown: float, codes: ArrayLike) -> Floats:
    given = np.asarray(codes, dtype=np.int64)
    seen = (given >= 0) & (given < len(effects))
    return np.where(seen, effects[np.where(seen, given, 0)], unknown)
