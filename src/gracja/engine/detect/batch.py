"""A batch of conversations in, a batch of observations out: pure, so that any engine may call it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa

from gracja.engine.detect.name import DETECTOR
from gracja.engine.detect.plan import Plan
from gracja.engine.detect.rules.asking import Asking
from gracja.engine.detect.rules.door import conversations_of
from gracja.engine.detect.rules.judging import judge
from gracja.engine.detect.rules.rows import rows_of
from gracja.engine.detect.rules.talks import Talks
from gracja.engine.edition.model import Edition
from gracja.engine.tables import OBSERVATIONS


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
    """The same with a plan made once, for many batches. Errors as `conversations_of`."""
    if not conversations.num_rows:
        return OBSERVATIONS.empty_table()
    talks = Talks.of(conversations_of(conversations), default_language)
    asking = Asking(plan, talks)
    judged = [judge(standard, asking) for standard in plan.judged]
    names = [standard.standard for standard in plan.judged]
    return rows_of(judged, names, plan.edition.name, DETECTOR, talks)


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
