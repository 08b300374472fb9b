"""Conversations in, observations out, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from gracja.engine.detect.name import DETECTOR
from gracja.engine.edition.model import Edition
from gracja.engine.tables import OBSERVATIONS
from oracle.evaluate import Evaluation
from oracle.judge import judge
from oracle.mark import Mark
from oracle.plan import Plan
from oracle.talk import Talk


def detect(
    conversations: pa.Table | pa.RecordBatch, edition: Edition, *, default_language: str | None = None
) -> pa.Table:
    """What `gracja.engine.detect.detect` must answer."""
    rows = _rows(Plan(edition), conversations.to_pylist(), default_language)
    return pa.Table.from_pylist(list(rows), schema=OBSERVATIONS)


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
