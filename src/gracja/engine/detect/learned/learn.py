"""From people's marks of contacts to a detector and its card for each standard that they can teach."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.detect.batch import detect
from gracja.engine.detect.certainty.calibration import fold_numbers
from gracja.engine.detect.certainty.card import About, Card, make_card
from gracja.engine.detect.certainty.consensus import (
    consensus,
    counted_rows,
    evaluators_of,
    random_stratum,
)
from gracja.engine.detect.learned.apply import rows_to_judge
from gracja.engine.detect.learned.contact import ContactMarks, learn_contacts, phrase_weights
from gracja.engine.detect.learned.detector import FAR, Detector
from gracja.engine.detect.learned.train import Weights, best_turns
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vectors, Vocabulary
from gracja.engine.detect.scan.numbers import Column, one_array
from gracja.engine.edition.model import Edition, Standard
from gracja.engine.edition.predicate import Predicate

VERSION: Final = 1  # of the way of learning: another way, another number
FOLDS: Final = 5
RARER_AT_LEAST: Final = 5  # marks of the rarer answer: one for each fold
_ONE_MARK: Final = ["contact", "met"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NotLearned:
    """A standard with marks that teach nothing. why: one_answer, too_few_marks, no_yes_or_no, not_detected
    (`detect: none`), too_few_to_measure (of the marks that can calibrate; `marks` and `rarer` count these).
    """

    standard: str
    why: str
    marks: int
    rarer: int


@dataclass(frozen=True)
class Learned:
    """detectors: with a card each. refused: standards with marks, but too few. unmarked: automatic standards
    and others without a mark. strangers: marked contacts that are not among the conversations.
    """

    detectors: tuple[Detector, ...]
    refused: tuple[NotLearned, ...]
    unmarked: tuple[str, ...]
    strangers: int


def learn(
    edition: Edition,
    conversations: pa.Table,
    observations: pa.Table,
    *,
    made_on: str,
    drawn: Collection[str] | None = None,
    default_language: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Learned:
    """A detector for each yes-or-no standard with `RARER_AT_LEAST` marks of either answer or more.

    conversations: tables.CONVERSATIONS, with or without marks: all help to know the words. observations:
    tables.OBSERVATIONS; people's marks count (`consensus`). made_on: today, ISO 8601. drawn: contacts drawn
    at random with one probability (`drawn_evenly`), where a draw chose them; they alone calibrate. progress:
    told of each standard before it is looked at: its id, its number from 1, and how many there are.

    Each mark on a card was scored by a detector that was trained without it, in folds of contacts. Every mark
    teaches, but a card measures only contacts that the detector will judge (`rows_to_judge`) and that ended.
    Raises EngineInputError: as `consensus`, `random_stratum` and `make_card`.
    """
    agreed = consensus(observations, edition.id)
    class_ = _Class(edition, conversations, default_language)
    counted = counted_rows(pl.DataFrame(pl.from_arrow(observations)), edition.id)
    shown = _shown(counted)
    detectors, refused, unmarked = [], [], []
    standards = [standard for _, _, standard in edition.standards()]
    for number, standard in enumerate(standards, 1):
        if progress:
            progress(standard.standard, number, len(standards))
        labels = agreed.of(standard.standard).filter(pl.col("contact").is_in(list(class_.row)))
        if not len(labels):
            unmarked.append(standard.standard)
        elif (why := _unteachable(standard, labels)) is not None:
            refused.append(NotLearned(standard.standard, why, len(labels), _rarer(labels)))
        else:
            lesson = _Lesson(
                standard.standard,
                labels,
                shown.get(standard.standard, set()),
                evaluators=evaluators_of(counted, labels),
                ties=agreed.tied(standard.standard),
            )
            result = class_.taught(lesson, made_on, drawn)
            if isinstance(result, Detector):
                detectors.append(result)
            else:
                refused.append(result)
    strangers = agreed.labels.filter(~pl.col("contact").is_in(list(class_.row)))["contact"].n_unique()
    return Learned(tuple(detectors), tuple(refused), tuple(unmarked), strangers)


@dataclass(frozen=True)
class _Lesson:
    """labels: contact, met. shown: (contact, turn) that a mark of met names as its evidence. evaluators: who
    gave these labels. ties: contacts without a label.
    """

    standard: str
    labels: pl.DataFrame
    shown: set[tuple[str, int]]
    evaluators: int
    ties: int


class _Class:
    """What all standards share: the turns, the vectors, and what phrases find."""

    def __init__(self, edition: Edition, conversations: pa.Table, default_language: str | None) -> None:
        names = conversations.column("contact").to_pylist()
        self.edition = edition
        self.row = {name: row for row, name in enumerate(names)}
        self.turns = AgentTurns.of(conversations)
        places = zip(self.turns.contact.tolist(), self.turns.turn.tolist(), strict=True)
        self._at = {(names[row], turn): i for i, (row, turn) in enumerate(places)}
        self.vocabulary = Vocabulary.of(self.turns)
        self.vectors: Vectors = self.vocabulary.vectors(self.turns)
        self._contact: Column = one_array(conversations.column("contact"))
        self._ended = np.asarray(one_array(conversations.column("complete")), dtype=np.bool_)
        self._rules = detect(conversations, edition, default_language=default_language)
        found = pl.DataFrame(pl.from_arrow(self._rules.select(["contact", "standard", "value", "evidence"])))
        self._found = _shown(found)

    def taught(self, lesson: _Lesson, made_on: str, drawn: Collection[str] | None) -> Detector | NotLearned:
        judged = self._judged(lesson.standard)
        rows = np.array([self.row[name] for name in lesson.labels["contact"]])
        stratum = random_stratum(lesson.labels.filter(judged[rows]), drawn)
        if _rarer(stratum) < RARER_AT_LEAST:
            return NotLearned(lesson.standard, "too_few_to_measure", len(stratum), _rarer(stratum))
        label = lesson.labels["met"].to_numpy().astype(np.float64)
        start = phrase_weights(self.vectors, self._turns_of(self._found.get(lesson.standard, set())))
        shown = self._turns_of(lesson.shown)
        folds = fold_numbers(label, FOLDS)
        held_out = np.empty(len(rows))
        for fold in range(FOLDS):
            inside = folds != fold
            weights = self._weights(rows[inside], label[inside], shown, start)
            held_out[~inside] = self._odds(weights)[rows[~inside]]
        weights = self._weights(rows, label, shown, start)
        training = _digest(lesson.labels, self.vocabulary)
        detector = Detector(
            standard=lesson.standard,
            edition=self.edition.name,
            version=VERSION,
            training=training,
            vocabulary=self.vocabulary,
            weight=weights.weight,
            bias=weights.bias,
        )
        counts = lesson.labels["contact"].is_in(stratum["contact"].to_list()).to_numpy()
        about = About(
            detector=detector.name,
            edition=self.edition.name,
            standard=lesson.standard,
            made_on=made_on,
            design="cross_fitted",
            evaluators=lesson.evaluators,
            ties=lesson.ties,
            training_digest=training,
            calibration_digest=_digest(stratum, self.vocabulary),
        )
        judged[rows] = False  # the others, without marks
        pool = self._odds(weights)[judged]
        return detector.with_card(_card(about, held_out[counts], label[counts], folds[counts], pool))

    def _judged(self, standard: str) -> NDArray[np.bool_]:
        """Whether the detector will say yes or no of each contact: where one broke off, it never says no."""
        judged = np.zeros(len(self.row), dtype=np.bool_)
        judged[rows_to_judge(self._rules, standard, self._contact)[1]] = True
        return judged & self._ended

    def _weights(
        self, rows: NDArray[np.int64], label: Floats, shown: NDArray[np.bool_], start: Weights
    ) -> Weights:
        met = np.full(len(self.row), np.nan)
        met[rows] = label
        return learn_contacts(self.vectors, self.turns.contact, ContactMarks(met, shown), start=start)

    def _odds(self, weights: Weights) -> Floats:
        odds = (self.vectors @ weights.weight + weights.bias).astype(np.float64)
        return np.clip(best_turns(odds, self.turns.contact, len(self.row))[0], -FAR, FAR)

    def _turns_of(self, places: set[tuple[str, int]]) -> NDArray[np.bool_]:
        chosen = np.zeros(len(self.turns), dtype=np.bool_)
        chosen[[self._at[place] for place in places if place in self._at]] = True
        return chosen


def _card(about: About, odds: Floats, label: Floats, folds: NDArray[np.int64], pool: Floats) -> Card:
    return make_card(about, odds, label == 1, folds=folds, pool=pool if len(pool) else None)


def _unteachable(standard: Standard, labels: pl.DataFrame) -> str | None:
    if standard.measure != "yes_no":
        return "no_yes_or_no"
    if not isinstance(standard.detect, Predicate):
        return "not_detected"  # the rules write no row of it, which a detector could judge
    if labels["met"].n_unique() == 1:
        return "one_answer"
    return "too_few_marks" if _rarer(labels) < RARER_AT_LEAST else None


def _rarer(labels: pl.DataFrame) -> int:
    met = int(labels["met"].sum())
    return min(met, len(labels) - met)


def _shown(rows: pl.DataFrame) -> dict[str, set[tuple[str, int]]]:
    """By standard, the turns (contact, turn) that marks of "met" show."""
    met = rows.filter(pl.col("value") == 1).explode("evidence").drop_nulls("evidence")
    found: dict[str, set[tuple[str, int]]] = {}
    for contact, standard, place in met.select("contact", "standard", "evidence").iter_rows():
        found.setdefault(standard, set()).add((contact, place["turn"]))
    return found


def _digest(labels: pl.DataFrame, vocabulary: Vocabulary) -> str:
    """SHA-256 of the marks and of the n-grams that stand for the conversations' words."""
    rows: list[Any] = labels.select(_ONE_MARK).sort(_ONE_MARK).rows()
    return sha256((repr(rows) + "\n".join(vocabulary.name)).encode()).hexdigest()
