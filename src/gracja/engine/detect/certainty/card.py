"""The evaluation card: what is known of one detector of one standard, and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import ConfigDict, TypeAdapter, ValidationError

from gracja.engine.detect.certainty.calibration import (
    Calibration,
    calibration_from_dict,
    cross_fitted,
    fit_calibration,
)
from gracja.engine.detect.certainty.intervals import Share, exact_interval
from gracja.engine.detect.certainty.quality import Quality, quality
from gracja.engine.detect.certainty.thresholds import (
    ABSTAINED,
    CONFIDENCE,
    MOST_WRONG,
    RarerClass,
    Thresholds,
    choose_thresholds,
    decide,
    rarer_class,
)
from gracja.engine.errors import EngineInputError, Where

FORM: Final = 1
HISTOGRAM_BINS: Final = 20
Design = Literal["held_out", "cross_fitted"]


@dataclass(frozen=True)
class About:
    """What a card is about.

    made_on: the date, ISO 8601, given from outside. design: whether the marks took no part in training
    (`held_out`) or each was scored by a detector trained without it (`cross_fitted`). ties: contacts left out
    because people disagreed evenly. Digests: SHA-256 of the marks used.
    """

    detector: str
    edition: str
    standard: str
    made_on: str
    design: Design
    evaluators: int
    ties: int
    training_digest: str
    calibration_digest: str


@dataclass(frozen=True)
class Accuracy:
    """Against people: sensitivity (of those met), specificity (of those not met), 95 % exact intervals."""

    sensitivity: Share
    specificity: Share


@dataclass(frozen=True)
class Scores:
    """How probabilities were spread when the card was made, for drift.

    histogram: counts in 20 equal bins of [0, 1]. decided: how many of them were decided. mean: their mean.
    by_folds: whether they come from detectors that were each trained without a fold, since nobody but the
    marked was there; what the card's own detector says later cannot be compared with these.
    """

    histogram: tuple[int, ...]
    decided: int
    mean: float
    by_folds: bool = False

    @property
    def count(self) -> int:
        return sum(self.histogram)


@dataclass(frozen=True)
class Card:
    """base_rate: share met among the marks. decided: share of the marks that is decided. of_decided and bare:
    accuracy of the decided marks, and of a plain "probability >= 0.5" on all. f1: of the plain decision on
    marks that trained neither detector nor calibration; null where nothing was met and nothing marked met.
    """

    form: int
    about: About
    marks: int
    base_rate: Share
    calibration: Calibration
    thresholds: Thresholds
    decided: Share
    of_decided: Accuracy
    bare: Accuracy
    f1: float | None
    rarer: RarerClass
    quality: Quality
    scores: Scores

    __pydantic_config__ = ConfigDict(extra="forbid")


def make_card(
    about: About,
    scores: ArrayLike,
    met: ArrayLike,
    *,
    folds: ArrayLike | None = None,
    pool: ArrayLike | None = None,
    most_wrong: float = MOST_WRONG,
    confidence: float = CONFIDENCE,
) -> Card:
    """Calibrate, choose thresholds and say how good it all is.

    scores: shape (marks,), raw scores of marks drawn at random, each from a detector that was not trained on
    it. met: the people's answers. folds: shape (marks,), which fold was left out when each was scored, for
    the design `cross_fitted`. pool: raw scores of further contacts, without marks.

    Raises EngineInputError: as `fit_calibration` and `choose_thresholds`.
    """
    label = np.asarray(met, dtype=np.bool_)
    chance = cross_fitted(scores, label, folds=folds)
    calibration = fit_calibration(scores, label)
    again = calibration.probability(scores)
    others = None if pool is None else calibration.probability(pool)
    thresholds = choose_thresholds(
        chance,
        label,
        again=again,
        pool=others,
        most_wrong=most_wrong,
        confidence=confidence,
    )
    answer = decide(chance, thresholds)
    bare = (chance >= 0.5).astype(np.int8)
    hits = int((bare.astype(np.bool_) & label).sum())
    named = int(label.sum() + bare.sum())
    return Card(
        form=FORM,
        about=about,
        marks=len(label),
        base_rate=exact_interval(int(label.sum()), len(label)),
        calibration=calibration,
        thresholds=thresholds,
        decided=exact_interval(int((answer != ABSTAINED).sum()), len(label)),
        of_decided=_accuracy(answer, label),
        bare=_accuracy(bare, label),
        f1=2 * hits / named if named else None,
        rarer=rarer_class(chance, label, thresholds),
        quality=quality(chance, label),
        # by the calibration that later contacts are scored with; the cross-fitted one alone looks like drift
        scores=replace(
            spread(again if others is None else others, thresholds),
            by_folds=others is None and folds is not None,
        ),
    )


def spread(probability: ArrayLike, thresholds: Thresholds) -> Scores:
    """The histogram, the number decided and the mean of some probabilities."""
    chance = np.asarray(probability, dtype=np.float64)
    number = np.minimum((chance * HISTOGRAM_BINS).astype(np.int64), HISTOGRAM_BINS - 1)
    counts = np.bincount(number, minlength=HISTOGRAM_BINS)
    decided = int((decide(chance, thresholds) != ABSTAINED).sum())
    return Scores(
        tuple(int(count) for count in counts), decided, float(chance.mean()) if len(chance) else 0.0
    )


def card_to_dict(card: Card) -> dict[str, Any]:
    """Plain numbers, texts, lists and dicts; null is "not measured"."""
    plain: dict[str, Any] = asdict(card)
    return plain


def card_from_dict(data: Any) -> Card:
    """Raises EngineInputError: card_version, card_broken (facts: problem)."""
    form = data.get("form") if isinstance(data, dict) else None
    if isinstance(form, int) and form != FORM:
        raise EngineInputError("card_version", Where(field="card.form"), given=form, known=FORM)
    try:
        card = _CARD.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in ("card", *first["loc"]))
        raise EngineInputError("card_broken", Where(field=place)) from None
    calibration_from_dict(card.calibration.to_dict())
    if field := _unsound(card):
        raise EngineInputError("card_broken", Where(field=f"card.{field}"))
    return card


_CARD: Final = TypeAdapter(Card)


def _accuracy(answer: NDArray[np.int8], label: NDArray[np.bool_]) -> Accuracy:
    decided = answer != ABSTAINED
    met, missed = decided & label, decided & ~label
    return Accuracy(
        exact_interval(int((answer[met] == 1).sum()), int(met.sum())),
        exact_interval(int((answer[missed] == 0).sum()), int(missed.sum())),
    )


def _unsound(card: Card) -> str | None:
    """The first field that no card of ours could hold."""
    at = card.thresholds
    pair = (at.low is None and at.high is None) or (
        at.low is not None and at.high is not None and 0 <= at.low <= 0.5 <= at.high <= 1
    )
    sound = {
        "marks": card.marks > 0,
        "thresholds": pair and 0 <= at.wrong <= at.decided <= at.marks == card.marks,
        "thresholds.most_wrong": 0 < at.most_wrong < 1,
        "thresholds.confidence": 0 < at.confidence < 1,
        "scores.histogram": len(card.scores.histogram) == HISTOGRAM_BINS and min(card.scores.histogram) >= 0,
        "scores.decided": 0 <= card.scores.decided <= card.scores.count,
        "scores.mean": 0 <= card.scores.mean <= 1,
    }
    return next((field for field, good in sound.items() if not good), None)
