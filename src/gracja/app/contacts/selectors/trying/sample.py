"""The newest conversations that somebody may read, kept in memory until the archive changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.selectors.scope import SPOKE, Scope
from gracja.archive.stored import DataFile, Stored
from gracja.engine.tables import CONVERSATIONS

MOST: Final = 2_000
_KEPT: Final = 4
_CHOSEN_BY: Final = ["contact", "place", "employee", "started_at"]

_kept: OrderedDict[tuple[Any, ...], Sample] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Sample:
    """conversations: tables.CONVERSATIONS, the newest first. version: changes when the archive does."""

    conversations: pa.Table
    all_there: int  # conversations in the archive that the reader may read; at least those here
    version: str

    @property
    def turns(self) -> int:
        """How many turns were said in them."""
        turns: Any = self.conversations["turns"].combine_chunks()
        return len(turns.flatten())


def newest(scope: Scope) -> Sample | None:
    """Up to 2,000 of the newest. None before there is an archive. Errors as Archive.conversations."""
    archive = archive_if_there()
    if archive is None:
        return None
    with archive.shared():
        stored = archive.conversation_files()
        files = stored.files()
        version = str(hash((str(archive.folder), *(file.path for file in files))))
        key = (version, scope.everything, scope.places, scope.mine)
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
        sample = _read(stored, files, scope, version)
    with _lock:
        _kept[key] = sample
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return sample


def _read(stored: Stored, files: list[DataFile], scope: Scope, version: str) -> Sample:
    """Which are the newest is seen from their times alone; only then are their texts read."""
    months = sorted({file.month for file in files}, key=lambda month: (month[0].isdigit(), month))
    chosen: list[pa.Table] = []
    rows, seen = 0, 0
    for month in reversed(months):
        of_month = [file for file in files if file.month == month]
        if rows >= MOST:
            seen += sum(file.rows for file in of_month) if scope.everything else 0
            continue
        wanted = _wanted(stored, of_month, scope)
        seen += wanted.num_rows
        wanted = wanted.sort_by([("started_at", "descending")]).slice(0, MOST - rows)
        rows += wanted.num_rows
        for file in of_month:
            chosen += stored.read_of(file, wanted["contact"].combine_chunks(), CONVERSATIONS.names)
    table = pa.concat_tables([CONVERSATIONS.empty_table(), *(one.cast(CONVERSATIONS) for one in chosen)])
    table = table.sort_by([("started_at", "descending"), ("contact", "ascending")]).combine_chunks()
    return Sample(table, seen, version)


def _wanted(stored: Stored, files: list[DataFile], scope: Scope) -> pa.Table:
    columns = [*_CHOSEN_BY, SPOKE] if scope.mine and not scope.everything else _CHOSEN_BY
    tables = []
    for file in files:
        for table in stored.read(file, columns):
            mine = table if scope.everything else table.filter(pc.fill_null(scope.mask(table), False))  # noqa: FBT003
            tables.append(mine.select(["contact", "started_at"]))
    return pa.concat_tables(tables)
