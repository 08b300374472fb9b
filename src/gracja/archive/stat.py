"""What an archive holds, and how large it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyarrow.compute as pc

from gracja.archive.folder import Archive
from gracja.archive.stored import Stored

_SCORING = ("edition", "edition_digest", "scored_by")


@dataclass(frozen=True)
class Scoring:
    """The rows of one edition by one detector."""

    edition: str
    edition_digest: str
    scored_by: str
    observations: int


@dataclass(frozen=True)
class Stat:
    """Counts of rows and files. last_import: UTC, ISO 8601, None before the first."""

    conversations: int
    observations: int
    conversations_by_month: dict[str, int]
    scorings: list[Scoring]
    files: int
    size_bytes: int
    last_import: str | None


def stat(archive: Archive) -> Stat:
    """Raises EngineInputError: archive_busy and those of `trouble.coded`."""
    with archive.shared():
        conversations, observations = archive.conversation_files(), archive.observation_files()
        months = Counter[str]()
        for file in conversations.files():
            months[file.month] += file.rows
        counted = _scorings(observations)
        paths = [path for path in archive.folder.rglob("*") if path.is_file()]
        return Stat(
            conversations=months.total(),
            observations=sum(file.rows for file in observations.files()),
            conversations_by_month=dict(sorted(months.items())),
            scorings=[Scoring(*names, rows) for names, rows in sorted(counted.items())],
            files=len(paths),
            size_bytes=sum(path.stat().st_size for path in paths),
            last_import=_last_import(conversations),
        )


def _scorings(observations: Stored) -> Counter[tuple[str, str, str]]:
    counted = Counter[tuple[str, str, str]]()
    for file in observations.files():
        for table in observations.read(file, list(_SCORING)):
            groups = table.group_by(list(_SCORING)).aggregate([([], "count_all")])
            for row in groups.to_pylist():
                counted[row["edition"], row["edition_digest"], row["scored_by"]] += row["count_all"]
    return counted


def _last_import(conversations: Stored) -> str | None:
    newest = [
        pc.max(table["batch"]).as_py()
        for file in conversations.files()
        for table in conversations.read(file, ["batch"])
    ]
    return max(newest)[:20] if newest else None
