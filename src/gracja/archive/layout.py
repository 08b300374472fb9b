"""What lies in an archive's folder: two tables, partitioned by UTC month, and a file that says what it is.

    archive.json            the format's version
    archive.lock            who works on it now
    conversations/          month=2026-11/*.parquet and _delta_log/
    observations/           the same

A row of either table lies in the partition of its conversation's month. No statistics of values are kept in
the Delta log: an id must not stand there after its person was erased.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS

type Column = Any  # an Arrow array, chunked or not: its published types know neither lists nor structs

FORMAT: Final = 1
MARKER: Final = "archive.json"
LOCK: Final = "archive.lock"
MONTH: Final = "month"
UNKNOWN: Final = "unknown"
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Layout:
    """How the files of one table are made. rows_at_once: rows of a row group, which is read as one."""

    name: str
    schema: pa.Schema
    rows_at_once: int


CONVERSATION_FILES: Final = Layout(
    "conversations",
    pa.schema(
        [
            *CONVERSATIONS,
            pa.field("content", pa.int64(), nullable=False),  # what was imported: content_digests
            pa.field("batch", pa.string(), nullable=False),  # when and in which commit it was imported
        ]
    ),
    2_000,
)
OBSERVATION_FILES: Final = Layout(
    "observations",
    pa.schema(
        [
            *(each for each in OBSERVATIONS if each.name != "blind"),  # of a person's mark: here are none
            pa.field("edition_digest", pa.string(), nullable=False),
            pa.field(
                "scored_by", pa.string(), nullable=False
            ),  # what was asked to score; `detector` is a row's own
            pa.field("batch", pa.string(), nullable=False),  # that of the conversation
        ]
    ),
    50_000,
)


def months_of(conversations: pa.Table) -> Column:
    """`2026-11` by UTC, shape (rows,): of the start, else of the first turn with a time, else `unknown`."""
    started = conversations["started_at"].combine_chunks()
    turns: Column = conversations["turns"].combine_chunks()
    at = turns.flatten().field("at")
    timed: Column = pc.is_valid(at)
    lists: Column = pc.list_parent_indices(turns)
    parents = lists.filter(timed)
    # The first turn of each conversation among those with a time: where its number first appears.
    spoken = at.filter(timed).take(pc.index_in(pa.array(range(len(turns)), parents.type), parents))
    months: Column = pc.strftime(pc.coalesce(started, spoken), "%Y-%m")
    return pc.fill_null(months, UNKNOWN)


def check_months(months: list[str]) -> list[str]:
    """Raises EngineInputError: archive_month."""
    for month in months:
        if month != UNKNOWN and not _MONTH.fullmatch(month):
            raise EngineInputError("archive_month", given=month)
    return months
