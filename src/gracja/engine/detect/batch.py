"""A batch of conversations in, a batch of observations out: pure, so that any engine may call it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from gracja.engine.detect.evaluate import Evaluation
from gracja.engine.detect.judge import judge
from gracja.engine.detect.mark import Mark
from gracja.engine.detect.plan import Plan
from gracja.engine.detect.talk import Talk
from gracja.engine.edition.model import Edition
from gracja.engine.tables import OBSERVATIONS

DETECTOR: Final = "phrases@1"


def detect(
    conversations: pa.Table | pa.RecordBatch, edition: Edition, *, default_language: str | None = None
) -> pa.Table:
    """Observations (tables.OBSERVATIONS) of every automatic standard in every conversation.

    conversations: tables.CONVERSATIONS. default_language: for conversations that name none; without it
    a standard with phrases keyed by language abstains there. Standards with `detect: none` give no row.
    """
    return detect_with(Plan(edition), conversations, default_language=default_language)


def detect_with(
    plan: Plan, conversations: pa.Table | pa.RecordBatch, *, default_language: str | None = None
) -> pa.Table:
    """The same with a plan made once, for many batches."""
    rows = _rows(plan, conversations.to_pylist(), default_language)
    return pa.Table.from_pylist(list(rows), schema=OBSERVATIONS)


@dataclass(frozen=True)
class BatchScorer:
    """`RecordBatch -> RecordBatch`: conversations in, observations out, without state or side effects.

    It pickles as its two fields, so a distributed engine can send it anywhere and call it unchanged
    (`mapInArrow`, `map_batches`); each process compiles the edition once, at the first call.
    """

    edition: Edition
    default_language: str | None = None

    @cached_property
    def _plan(self) -> Plan:
        return Plan(self.edition)

    def __getstate__(self) -> dict[str, Any]:
        return {"edition": self.edition, "default_language": self.default_language}

    def __call__(self, conversations: pa.RecordBatch) -> pa.RecordBatch:
        """tables.CONVERSATIONS -> tables.OBSERVATIONS; a conversation must be whole in its batch."""
        table = detect_with(self._plan, conversations, default_language=self.default_language)
        columns = [column.combine_chunks() for column in table.columns]
        return pa.RecordBatch.from_arrays(columns, schema=OBSERVATIONS)


def _rows(
    plan: Plan, conversations: Iterable[dict[str, Any]], language: str | None
) -> Iterator[dict[str, Any]]:
    edition = plan.edition.name
    for conversation in conversations:
        talk = Talk.from_row(conversation, language)
        evaluation = Evaluation(plan, talk)
        for standard in plan.standards:
            for mark in judge(standard, evaluation):
                yield _row(mark, standard.standard, edition, talk)


def _row(mark: Mark, standard: str, edition: str, talk: Talk) -> dict[str, Any]:
    return {
        "contact": talk.contact,
        "segment": mark.segment,
        "employee": mark.employee,
        "standard": standard,
        "edition": edition,
        "source": "automatic",
        "evaluator": None,
        "place": talk.place,
        "occurred_at": talk.occurred_at,
        "status": mark.status,
        "value": mark.value,
        "raw": mark.raw,
        "unit": mark.unit,
        "probability": None,
        "detector": DETECTOR,
        "evidence": [
            {"turn": hit.turn, "start": hit.start, "end": min(hit.end, len(talk.turns[hit.turn].text))}
            for hit in mark.evidence
        ],
        "inclusion": None,
        "revision": 1,
        "supersedes": None,
    }
