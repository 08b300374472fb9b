"""From people's marks of contacts to a detector and its card for each standard that they can teach."""

from __future__ import annotations

from collections.abc import Collection
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
from gracja.engine.detect.certainty.consensus import HUMAN, Consensus, consensus, random_stratum
from gracja.engine.detect.learned.contact import ContactMarks, learn_contacts, phrase_weights
from gracja.engine.detect.learned.detector import FAR, Detector
from gracja.engine.detect.learned.train import Weights, best_turns
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vectors, Vocabulary
from gracja.engine.edition.model import Edition, Standard

VERSION: Final = 1  # of the way of learning: another way, another number
FOLDS: Final = 5
RARER_AT_LEAST: Final = 5  # marks of the rarer answer: one for each fold
_ONE_MARK: Final = ["contact", "met"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NotLearned:
    """A standard with marks that teach nothing. why: one_answer, too_few_marks, no_yes_or_no."""

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
) -> Learned:
    """A detector for each yes-or-no standard with `RARER_AT_LEAST` marks of either answer or more.

    conversations: tables.CONVERSATIONS, with or without marks: all help to know the words. observations:
    tables.OBSERVATIONS; people's marks count (`consensus`). made_on: today, ISO 8601. drawn: contacts drawn
    at random with one probability (`drawn_evenly`), where a draw chose them; they alone calibrate.

    Each mark on a card was scored by a detector that was trained without it, in folds of contacts.
    Raises EngineInputError: as `consensus`, `random_stratum` and `make_card`.
    """
    agreed = consensus(observations, edition.id)
    class_ = _Class(edition, conversations, default_language)
    shown = _shown(observations)
    detectors, refused, unmarked = [], [], []
    for _, _, standard in edition.standards():
        labels = agreed.of(standard.standard).filter(pl.col("contact").is_in(list(class_.row)))
        if not len(labels):
            unmarked.append(standard.standard)
        elif (why := _unteachable(standard, labels)) is not None:
            refused.append(NotLearned(standard.standard, why, len(labels), _rarer(labels)))
        else:
            lesson = _Lesson(standard.standard, labels, shown.get(standard.standard, set()))
            evaluators, ties = _evaluators(observations, standard.standard), _ties(agreed, standard.standard)
            detectors.append(class_.taught(lesson, made_on, drawn, evaluators, ties))
    strangers = agreed.labels.filter(~pl.col("contact").is_in(list(class_.row)))["contact"].n_unique()
    return Learned(tuple(detectors), tuple(refused), tuple(unmarked), strangers)


@dataclass(frozen=True)
class _Lesson:
    """labels: contact, met. shown: (contact, turn) that a mark of met names as its evidence."""

    standard: str
    labels: pl.DataFrame
    shown: set[tuple[str, int]]


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
        self._found = _shown(
            detect(conversations, edition, default_language=default_language), automatic=True
        )

    def taught(
        self, lesson: _Lesson, made_on: str, drawn: Collection[str] | None, evaluators: int, ties: int
    ) -> Detector:
        rows = np.array([self.row[name] for name in lesson.labels["contact"]])
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
        stratum = random_stratum(lesson.labels, drawn)
        counts = lesson.labels["contact"].is_in(stratum["contact"].to_list()).to_numpy()
        about = About(
            detector=detector.name,
            edition=self.edition.name,
            standard=lesson.standard,
            made_on=made_on,
            design="cross_fitted",
            evaluators=evaluators,
            ties=ties,
            training_digest=training,
            calibration_digest=_digest(stratum, self.vocabulary),
        )
        pool = np.delete(self._odds(weights), rows)
        return detector.with_card(_card(about, held_out[counts], label[counts], folds[counts], pool))

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
    if labels["met"].n_unique() == 1:
        return "one_answer"
    return "too_few_marks" if _rarer(labels) < RARER_AT_LEAST else None


def _rarer(labels: pl.DataFrame) -> int:
    met = int(labels["met"].sum())
    return min(met, len(labels) - met)


def _shown(observations: pa.Table, *, automatic: bool = False) -> dict[str, set[tuple[str, int]]]:
    """By standard, the turns (contact, turn) that marks of "met" show."""
    columns = ["contact", "standard", "source", "value", "evidence"]
    rows = pl.DataFrame(pl.from_arrow(observations.select(columns)))
    whose = pl.col("source").is_in(["automatic"] if automatic else list(HUMAN))
    met = rows.filter(whose & (pl.col("value") == 1)).explode("evidence").drop_nulls("evidence")
    found: dict[str, set[tuple[str, int]]] = {}
    for contact, standard, _, _, place in met.iter_rows():
        found.setdefault(standard, set()).add((contact, place["turn"]))
    return found


def _evaluators(observations: pa.Table, standard: str) -> int:
    rows = pl.DataFrame(pl.from_arrow(observations.select(["standard", "source", "evaluator"])))
    ours = (pl.col("standard") == standard) & pl.col("source").is_in(list(HUMAN))
    return int(rows.filter(ours)["evaluator"].n_unique())


def _ties(agreed: Consensus, standard: str) -> int:
    return len(agreed.ties.filter(pl.col("standard") == standard))


def _digest(labels: pl.DataFrame, vocabulary: Vocabulary) -> str:
    """SHA-256 of the marks and of the n-grams that stand for the conversations' words."""
    rows: list[Any] = labels.select(_ONE_MARK).sort(_ONE_MARK).rows()
    return sha256((repr(rows) + "\n".join(vocabulary.name)).encode()).hexdigest()
