"""An archive on the disk: opened, made, read."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from gracja.archive.layout import (
    CONVERSATION_FILES,
    FORMAT,
    LOCK,
    MARKER,
    OBSERVATION_FILES,
    Column,
    check_months,
)
from gracja.archive.lock import held
from gracja.archive.stored import Stored
from gracja.archive.trouble import coded
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS

_WAIT_SECONDS: Final = 60.0
_KEPT: Final = [name for name in OBSERVATIONS.names if name in OBSERVATION_FILES.schema.names]


@dataclass(frozen=True)
class Archive:
    """A folder with both tables. wait_seconds: how long to wait for others who work on it."""

    folder: Path
    wait_seconds: float = _WAIT_SECONDS

    def shared(self) -> AbstractContextManager[None]:
        """While it is held, no file is taken away. Raises EngineInputError: archive_busy."""
        return held(self.folder / LOCK, alone=False, wait_seconds=self.wait_seconds)

    def alone(self, *, wait_seconds: float | None = None) -> AbstractContextManager[None]:
        """While it is held, nobody else reads or writes. Raises EngineInputError: archive_busy."""
        wait = self.wait_seconds if wait_seconds is None else wait_seconds
        return held(self.folder / LOCK, alone=True, wait_seconds=wait)

    def conversation_files(self) -> Stored:
        return Stored(self.folder, CONVERSATION_FILES)

    def observation_files(self) -> Stored:
        return Stored(self.folder, OBSERVATION_FILES)

    def conversations(self, months: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Batches of tables.CONVERSATIONS, of these UTC months (`2026-11`, `unknown`) or of all.

        Raises EngineInputError: archive_month, archive_busy, archive_broken.
        """
        check_months(list(months or []))
        with self.shared():
            stored = self.conversation_files()
            for file in stored.files(months):
                for table in stored.read(file, CONVERSATIONS.names):
                    yield as_batch(table, CONVERSATIONS)

    def observations(
        self,
        months: Sequence[str] | None = None,
        *,
        edition: str | None = None,
        edition_digest: str | None = None,
        scored_by: str | None = None,
        beyond: Collection[str] = (),
        noted: set[str] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Batches of tables.OBSERVATIONS, of these months, of one edition (`salon@3`) or its exact content
        (`edition_digest`), of one detector; what is None is not asked. Errors as `conversations`.

        beyond: names of imports (the column `batch`) whose conversations are left out. noted: gets the names
        of those whose conversations are not.
        """
        check_months(list(months or []))
        wanted = {"edition": edition, "edition_digest": edition_digest, "scored_by": scored_by}
        asked = {name: value for name, value in wanted.items() if value is not None}
        with self.shared():
            stored = self.observation_files()
            for file in stored.files(months):
                for table in stored.read_beyond(file, beyond, list(dict.fromkeys([*_KEPT, "batch", *asked]))):
                    rows = rows_with(table, asked)
                    if noted is not None:
                        imports: Column = pc.unique(rows["batch"])
                        noted.update(imports.to_pylist())
                    rows = rows.append_column("blind", pa.nulls(len(rows), pa.bool_()))
                    batch = as_batch(rows, OBSERVATIONS)
                    if batch.num_rows:
                        yield batch


def rows_with(table: pa.Table, values: dict[str, str]) -> pa.Table:
    """The rows that hold these values in these columns."""
    for name, value in values.items():
        table = table.filter(pc.equal(table[name], pa.scalar(value)))
    return table


def as_batch(table: pa.Table, schema: pa.Schema) -> pa.RecordBatch:
    """One batch with the columns of this schema."""
    return pa.RecordBatch.from_arrays([table[name].combine_chunks() for name in schema.names], schema=schema)


def open_archive(folder: Path) -> Archive:
    """Raises EngineInputError: archive_not_found, archive_is_none, archive_newer, archive_broken."""
    marker = folder / MARKER
    try:
        said = json.loads(marker.read_text(encoding="utf-8"))
        number = said["gracja_archive"]
    except FileNotFoundError:
        code = "archive_is_none" if folder.is_dir() and any(folder.iterdir()) else "archive_not_found"
        raise EngineInputError(code, Where(str(folder))) from None
    except NotADirectoryError:
        raise EngineInputError("archive_is_none", Where(str(folder))) from None
    except (ValueError, KeyError, TypeError) as wrong:
        raise EngineInputError("archive_broken", Where(str(folder)), problem=f"{MARKER}: {wrong}") from None
    if number != FORMAT:
        raise EngineInputError("archive_newer", Where(str(folder)), given=number, known=FORMAT)
    return Archive(folder)


def open_or_create(folder: Path) -> Archive:
    """As `open_archive`; an empty folder, or none, becomes an archive."""
    if folder.is_file() or (folder.is_dir() and not (folder / MARKER).exists() and _strange(folder)):
        raise EngineInputError("archive_is_none", Where(str(folder)))
    with coded(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LOCK).touch()
    archive = Archive(folder)
    # locked: two processes may begin at once, and one of them may be killed between the steps
    with archive.alone(), coded(folder):
        for layout in (CONVERSATION_FILES, OBSERVATION_FILES):
            Stored.create(folder, layout)
        if not (folder / MARKER).exists():
            part = folder / f".{MARKER}.part"
            part.write_text(json.dumps({"gracja_archive": FORMAT}), encoding="utf-8")
            part.replace(folder / MARKER)
    return open_archive(folder)


def _strange(folder: Path) -> bool:
    """Whether something lies in the folder that a beginning archive does not hold."""
    ours = {LOCK, f".{MARKER}.part", CONVERSATION_FILES.name, OBSERVATION_FILES.name}
    return any(each.name not in ours for each in folder.iterdir())
