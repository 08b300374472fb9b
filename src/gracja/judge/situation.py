"""What the rules know about a contact before a question is asked: whether it applies, and its segments.

Both come from the detectors themselves, through observations of a small edition made for that purpose, so
that they mean here what they mean everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from gracja.engine.detect.batch import detect_with
from gracja.engine.detect.plan import Plan
from gracja.engine.edition.model import CountMeasure, Edition, Enhancer, Part, Standard
from gracja.engine.edition.predicate import Predicate

_SEGMENTS: Final = "segments"


@dataclass(frozen=True, slots=True)
class Situation:
    """segment_starts: turns at which segments begin. unknown: standards that may or may not apply."""

    segment_starts: tuple[int, ...]
    unknown: frozenset[str]


class Situations:
    """Asks the rules about whole tables of conversations. questions: standards with a `judge` detector."""

    def __init__(self, edition: Edition, questions: dict[str, Predicate], language: str | None) -> None:
        probes = [
            _probe(edition.standard(name), Predicate(agent_says=["*"], applies_if=question.applies_if))
            for name, question in questions.items()
            if question.applies_if is not None
        ]
        if edition.new_segment_at:
            at = edition.signals[edition.new_segment_at]
            every = Standard(standard=_SEGMENTS, behaviour="-", channels=["chat"])
            probes.append(_probe(every, at, counted=True))
        self._language = language
        part = Part(part="p", title="-", enhancers=[Enhancer(enhancer="e", title="-", standards=probes)])
        # segments of the real edition would only move the probes' rows
        probing = edition.model_copy(update={"sequence": [part], "new_segment_at": None})
        self._plan = Plan(probing) if probes else None

    def of(self, conversations: pa.Table) -> dict[str, Situation]:
        """The situation of each contact."""
        rows = conversations.to_pylist()
        starts = {row["contact"]: {0} | _events(row) for row in rows}
        unknown: dict[str, set[str]] = {contact: set() for contact in starts}
        for mark in self._marks(conversations):
            if mark["standard"] == _SEGMENTS:
                starts[mark["contact"]] |= {span["turn"] for span in mark["evidence"]}
            elif mark["status"] == "abstained":
                unknown[mark["contact"]].add(mark["standard"])
        return {
            contact: Situation(tuple(sorted(starts[contact])), frozenset(unknown[contact]))
            for contact in starts
        }

    def _marks(self, conversations: pa.Table) -> list[dict[str, Any]]:
        if self._plan is None:
            return []
        return detect_with(self._plan, conversations, default_language=self._language).to_pylist()


def _probe(standard: Standard, detect: Predicate, *, counted: bool = False) -> Standard:
    measure = CountMeasure(count_at_least=1) if counted else "yes_no"
    channels = ["in_person", "phone", "video", "chat", "message", "email", "letter"]
    return standard.model_copy(update={"detect": detect, "measure": measure, "channels": channels})


def _events(row: dict[str, Any]) -> set[int]:
    return {number for number, turn in enumerate(row["turns"]) if turn["event"] == "segment"}
