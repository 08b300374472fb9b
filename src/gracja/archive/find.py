"""Single conversations by their contact, and what was observed in one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from gracja.archive.folder import Archive
from gracja.archive.layout import OBSERVATION_FILES, check_months
from gracja.engine.tables import CONVERSATIONS


@dataclass(frozen=True)
class Found:
    """A conversation as tables.CONVERSATIONS has it, and the month under which it lies."""

    month: str
    row: dict[str, Any]


def find_conversations(
    archive: Archive, contacts: Iterable[str], *, months: Sequence[str] | None = None
) -> dict[str, Found]:
    """These contacts' conversations, in these months (None: all); one that is not there is left out.

    Raises EngineInputError: archive_month, archive_busy and those of `trouble.coded`.
    """
    check_months(list(months or []))
    wanted = set(contacts)
    found: dict[str, Found] = {}
    with archive.shared():
        stored = archive.conversation_files()
        for file in reversed(stored.files(months)):  # people ask about what was lately
            if len(found) == len(wanted):
                break
            for table in stored.read_of(
                file, pa.array(wanted - found.keys(), pa.string()), CONVERSATIONS.names
            ):
                found |= {row["contact"]: Found(file.month, row) for row in table.to_pylist()}
    return found


def observations_of(archive: Archive, contact: str, month: str) -> list[dict[str, Any]]:
    """All observations of this contact, whose conversation lies in this month; rows as the archive keeps
    them, with `edition_digest` and `scored_by`. Errors as `find_conversations`.
    """
    check_months([month])
    columns = [name for name in OBSERVATION_FILES.schema.names if name != "batch"]
    with archive.shared():
        stored = archive.observation_files()
        return [
            row
            for file in stored.files([month])
            for table in stored.read_of(file, pa.array([contact], pa.string()), columns)
            for row in table.to_pylist()
        ]
