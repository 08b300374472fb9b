"""Learned detectors over the rows of the rules: what they decide takes the place of what phrases said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.detect.batch import BatchScorer
from gracja.engine.detect.certainty.thresholds import ABSTAINED, decide
from gracja.engine.detect.learned.detector import Detector, Scored, score_contacts
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.scan.numbers import Column, as_column, kernels, one_array
from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import EVIDENCE, OBSERVATIONS

_JUDGED = ("marked", "abstained")


def check_detectors(detectors: Sequence[Detector], edition: Edition) -> None:
    """Raises EngineInputError: detector_edition, where one was learned for a standard that is not here;
    detector_measure, where its standard is not answered by yes or no.
    """
    here = {standard.standard: standard.measure for _, _, standard in edition.standards()}
    for one in detectors:
        if one.edition.rpartition("@")[0] != edition.id or one.standard not in here:
            raise EngineInputError(
                "detector_edition",
                Where(field=one.standard),
                detector=one.name,
                standard=one.standard,
                learned=one.edition,
                edition=edition.name,
            )
        if here[one.standard] != "yes_no":
            raise EngineInputError(
                "detector_measure",
                Where(field=one.standard),
                detector=one.name,
                standard=one.standard,
                edition=edition.name,
            )


@dataclass(frozen=True)
class LearnedScorer:
    """`RecordBatch -> RecordBatch`, as BatchScorer: the rules' rows, with the detectors' laid over them.

    It pickles as its fields. Detectors are checked when it is made: errors as `check_detectors`.
    """

    edition: Edition
    detectors: tuple[Detector, ...]
    default_language: str | None = None

    def __post_init__(self) -> None:
        check_detectors(self.detectors, self.edition)

    @cached_property
    def _rules(self) -> BatchScorer:
        return BatchScorer(self.edition, self.default_language)

    def __getstate__(self) -> dict[str, Any]:
        return {
            "edition": self.edition,
            "detectors": self.detectors,
            "default_language": self.default_language,
        }

    def __call__(self, conversations: pa.RecordBatch) -> pa.RecordBatch:
        """tables.CONVERSATIONS -> tables.OBSERVATIONS; a conversation must be whole in its batch."""
        rules = pa.Table.from_batches([self._rules(conversations)], schema=OBSERVATIONS)
        table = apply_detectors(conversations, rules, self.detectors)
        return pa.RecordBatch.from_arrays(
            [one_array(column) for column in table.columns], schema=OBSERVATIONS
        )


def apply_detectors(
    conversations: pa.Table | pa.RecordBatch, observations: pa.Table, detectors: Sequence[Detector]
) -> pa.Table:
    """The observations with the rows of learned standards judged anew; their number and order stay.

    conversations: tables.CONVERSATIONS, each contact once. observations: what the rules found in them.
    A row that the rules marked, or abstained from, gets the detector's probability and name, and is marked
    or abstained by its card's thresholds; without a card by 0.5, error unknown. Not met in a conversation
    that broke off is not seen. Rows that are not applicable or not seen stay, and so do contacts of several
    segments: a detector was taught by marks of whole contacts. Evidence is the likeliest turn, whole.
    """
    if not len(detectors) or not len(observations):
        return observations
    turns = AgentTurns.of(conversations)
    scored = score_contacts(detectors, turns, conversations.num_rows)
    talks = _Talks(conversations, turns)
    result = observations
    for detector, found in zip(detectors, scored, strict=True):
        result = _overlaid(result, detector, found, talks)
    return result


class _Talks:
    """What rows need of the conversations: their numbers, whether they ended, who spoke."""

    def __init__(self, conversations: pa.Table | pa.RecordBatch, turns: AgentTurns) -> None:
        self.contact: Column = one_array(conversations.column("contact"))
        self.complete = np.asarray(one_array(conversations.column("complete")), dtype=np.bool_)
        self.turns = turns
        self.lengths = np.asarray(kernels.utf8_length(turns.text), dtype=np.int64)
        speakers = turns.employee.dictionary_encode()
        code = np.asarray(speakers.indices.fill_null(-1), dtype=np.int64)
        spoke = np.full((2, conversations.num_rows), -1)
        np.maximum.at(spoke[0], turns.contact, code)
        spoke[1] = len(speakers.dictionary)
        np.minimum.at(spoke[1], turns.contact, code)
        alone = np.where(spoke[0] == spoke[1], spoke[0], -1)
        one = speakers.dictionary.take(as_column(alone, alone < 0))
        silent = np.bincount(turns.contact, minlength=conversations.num_rows) == 0
        # who an absence is about: the only one who spoke; where nobody did, who the contact was given to
        self.alone: Column = kernels.if_else(
            pa.array(silent), one_array(conversations.column("employee")).cast(one.type), one
        )


def _overlaid(observations: pa.Table, detector: Detector, found: Scored, talks: _Talks) -> pa.Table:
    chosen, row = rows_to_judge(observations, detector.standard, talks.contact)
    if not len(chosen):
        return observations
    new = _judged(observations.take(as_column(chosen)), detector, found, row, talks)
    order = np.arange(len(observations))
    order[chosen] = len(observations) + np.arange(len(chosen))
    return pa.concat_tables([observations, new]).take(as_column(order))


def rows_to_judge(
    observations: pa.Table, standard: str, contacts: Column
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rules' rows that a detector of this standard judges, and each one's place among `contacts`.

    They are the rows of one segment that the rules marked or abstained from.
    """
    ours = kernels.equal(observations["standard"], standard)
    judged = kernels.is_in(observations["status"], value_set=pa.array(_JUDGED))
    row = np.asarray(kernels.index_in(observations["contact"], value_set=contacts).fill_null(-1))
    of_standard = np.asarray(ours, dtype=np.bool_) & (row >= 0)
    segments = np.bincount(row[of_standard], minlength=len(contacts))
    chosen = np.flatnonzero(of_standard & np.asarray(judged, dtype=np.bool_) & (segments[row] == 1))
    return chosen, row[chosen].astype(np.int64)


def _judged(
    rows: pa.Table, detector: Detector, found: Scored, row: NDArray[np.int64], talks: _Talks
) -> pa.Table:
    chance = detector.probability(found.odds[row])
    card = detector.card
    answer = (chance >= 0.5).astype(np.int8) if card is None else decide(chance, card.thresholds)
    turn = found.turn[row]
    answer[(answer == 1) & (turn < 0)] = ABSTAINED  # nothing was said that could be shown
    unseen = (answer == 0) & ~talks.complete[row]
    marked = (answer != ABSTAINED) & ~unseen
    status = np.where(unseen, "not_seen", np.where(answer == ABSTAINED, "abstained", "marked"))
    met = answer == 1
    spoken: Column = talks.turns.employee.take(as_column(np.maximum(turn, 0), ~met))
    absent: Column = talks.alone.take(as_column(row))
    columns: dict[str, Any] = {
        "employee": kernels.if_else(
            pa.array(met), spoken, kernels.if_else(pa.array(answer == 0), absent, one_array(rows["employee"]))
        ),
        "status": pa.array(status.tolist(), pa.string()),
        "value": as_column(answer.astype(np.float32), ~marked),
        "raw": pa.nulls(len(rows), pa.float32()),
        "unit": pa.nulls(len(rows), pa.string()),
        "probability": as_column(chance.astype(np.float32)),
        "detector": pa.repeat(pa.scalar(detector.name, pa.string()), len(rows)),
        "evidence": _evidence(np.where(met, turn, -1), talks),
    }
    return pa.table([columns.get(name, rows[name]) for name in OBSERVATIONS.names], schema=OBSERVATIONS)


def _evidence(turn: NDArray[np.int64], talks: _Talks) -> Column:
    shown = turn[turn >= 0]
    parts = (talks.turns.turn[shown], np.zeros(len(shown)), talks.lengths[shown])
    spans = pa.StructArray.from_arrays(
        [as_column(part.astype(np.int32)) for part in parts], fields=[*EVIDENCE]
    )
    offsets = np.concatenate([[0], np.cumsum(turn >= 0)]).astype(np.int32)
    return pa.ListArray.from_arrays(as_column(offsets), spans)
