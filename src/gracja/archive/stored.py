"""One Delta table as the files that it holds now: written with pyarrow, committed together or not at all.

Each commit that adds or takes rows carries the next number of the app transaction `gracja`. Delta refuses it
when another process took that number first, so nobody adds rows on the ground of what was true before.
Compaction counts for itself, as `gracja-tidy`: Delta lets two commits take out the same file, and what both
put in would stand twice. So imports go on beside it, and a second compaction is refused.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.transaction import AddAction, RemoveAction

from gracja.archive.layout import MONTH, Column, Layout
from gracja.archive.trouble import OvertakenError, coded
from gracja.engine.errors import Where

_APP: Final = "gracja"
_TIDY: Final = "gracja-tidy"
_BYTES_AT_ONCE: Final = 32_000_000
_NO_STATISTICS: Final = {"delta.dataSkippingNumIndexedCols": "0"}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A Parquet file of a table; `path` from the table's folder."""

    path: str
    month: str
    rows: int
    size_bytes: int


class Stored:
    """A Delta table in `folder`, as of its last `refresh`. Errors as `trouble.coded`."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self.folder, self.layout = folder / layout.name, layout
        with coded(folder):
            self._table = DeltaTable(self.folder)

    @classmethod
    def create(cls, folder: Path, layout: Layout) -> None:
        """An empty table; one that is there stays."""
        schema = layout.schema.append(pa.field(MONTH, pa.string(), nullable=False))
        with coded(folder):
            DeltaTable.create(
                folder / layout.name,
                schema,
                mode="ignore",
                partition_by=[MONTH],
                configuration=_NO_STATISTICS,
            )

    def refresh(self) -> None:
        with coded(self.folder.parent):
            self._table.update_incremental()

    def files(self, months: Sequence[str] | None = None) -> list[DataFile]:
        """The files that hold the table's rows, by month and name."""
        actions = pa.table(self._table.get_add_actions(flatten=True))
        columns = (f"partition.{MONTH}", "path", "num_records", "size_bytes")
        rows = sorted(zip(*(actions[name].to_pylist() for name in columns), strict=True))
        return [
            DataFile(path, month, rows_, size)
            for month, path, rows_, size in rows
            if months is None or month in months
        ]

    def read(self, file: DataFile, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Its row groups, one after another."""
        with coded(self.folder.parent), pq.ParquetFile(self.folder / file.path) as parquet:
            for number in range(parquet.num_row_groups):
                yield parquet.read_row_group(number, columns=columns, use_threads=False)

    def read_of(self, file: DataFile, contacts: pa.Array[Any], columns: list[str]) -> Iterator[pa.Table]:
        """The rows of these contacts; of a row group without any only the contacts are read."""
        with coded(self.folder.parent), pq.ParquetFile(self.folder / file.path) as parquet:
            for number in range(parquet.num_row_groups):
                named = parquet.read_row_group(number, columns=["contact"], use_threads=False)["contact"]
                theirs: Column = pc.is_in(named, value_set=contacts)
                if pc.any(theirs).as_py():
                    yield parquet.read_row_group(number, columns=columns, use_threads=False).filter(theirs)

    def read_beyond(self, file: DataFile, batches: Collection[str], columns: list[str]) -> Iterator[pa.Table]:
        """The rows of other imports than these; of a row group without any, only the names are read."""
        known = pa.array(batches, pa.string())
        with coded(self.folder.parent), pq.ParquetFile(self.folder / file.path) as parquet:
            for number in range(parquet.num_row_groups):
                if not batches:
                    yield parquet.read_row_group(number, columns=columns, use_threads=False)
                    continue
                named = parquet.read_row_group(number, columns=["batch"], use_threads=False)["batch"]
                other: Column = pc.invert(pc.is_in(named, value_set=known))
                if pc.any(other).as_py():
                    yield parquet.read_row_group(number, columns=columns, use_threads=False).filter(other)

    def commit(
        self, added: Sequence[DataFile], removed: Sequence[DataFile] = (), *, same_rows: bool = False
    ) -> None:
        """Put files in and take files out, at once. same_rows: the rows stay as they were (compaction).

        Raises OvertakenError when another process committed the same kind since the last `refresh`, or when
        a file to take out was gone by then.
        """
        if removed and not {file.path for file in removed} <= {file.path for file in self.files()}:
            raise OvertakenError("archive_overtaken", Where(str(self.folder.parent)))
        now = int(time.time() * 1000)
        actions: list[AddAction | RemoveAction] = [
            AddAction(
                file.path,
                file.size_bytes,
                {MONTH: file.month},
                now,
                not same_rows,
                json.dumps({"numRecords": file.rows}),
            )
            for file in added
        ]
        actions += [
            RemoveAction(file.path, not same_rows, now, file.size_bytes, {MONTH: file.month})
            for file in removed
        ]
        app = _TIDY if same_rows else _APP
        number = (self._table.transaction_version(app) or 0) + 1
        with coded(self.folder.parent):
            self._table.create_write_transaction(
                actions,
                "append",
                self._table.schema(),
                [MONTH],
                commit_properties=CommitProperties(app_transactions=[Transaction(app, number)]),
            )
        self.refresh()

    def discard(self, files: Sequence[DataFile]) -> None:
        """Delete files that were written and not committed."""
        for file in files:
            (self.folder / file.path).unlink(missing_ok=True)

    @contextmanager
    def discarding(self) -> Iterator[list[DataFile]]:
        """A list of files written; they are deleted when what is inside fails."""
        written: list[DataFile] = []
        try:
            yield written
        except BaseException:
            self.discard(written)
            raise

    def sweep(self) -> int:
        """Delete every file that the table no longer holds; how many. Only for one who is alone here."""
        with coded(self.folder.parent):
            gone = self._table.vacuum(
                retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True
            )
        self.refresh()
        return len(gone)


class Writing:
    """A new data file of one month: rows go in, small pieces are gathered into whole row groups.

    `done` closes it and says what to commit; left without it, the file is deleted.
    """

    def __init__(self, stored: Stored, month: str) -> None:
        self._stored, self.month, self.rows = stored, month, 0
        self._kept: list[pa.Table] = []
        self._kept_rows = self._kept_bytes = 0
        self._path = f"{MONTH}={month}/{uuid4().hex}.parquet"
        self._whole = False

    def __enter__(self) -> Self:
        place = self._stored.folder / self._path
        with coded(self._stored.folder.parent):
            place.parent.mkdir(parents=True, exist_ok=True)
            self._out = pa.OSFile(str(place), "wb")
            try:
                self._writer = pq.ParquetWriter(
                    self._out, self._stored.layout.schema, compression="zstd", write_statistics=False
                )
            except OSError:
                self._out.close()
                place.unlink()
                raise
        return self

    def write(self, rows: pa.Table) -> None:
        """Append rows with the columns of the layout."""
        self._kept.append(rows.select(self._stored.layout.schema.names).cast(self._stored.layout.schema))
        self._kept_rows += rows.num_rows
        self._kept_bytes += rows.nbytes
        if self._kept_rows >= self._stored.layout.rows_at_once or self._kept_bytes >= _BYTES_AT_ONCE:
            self._flush()

    def done(self) -> DataFile:
        """The file, whole and on the disk."""
        self._flush()
        with coded(self._stored.folder.parent):
            self._writer.close()
            self._out.close()
            place = self._stored.folder / self._path
            with place.open("rb") as file:
                os.fsync(file.fileno())
            size = place.stat().st_size
        self._whole = True
        return DataFile(self._path, self.month, self.rows, size)

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._whole:
            return
        self._writer.is_open = False  # no footer is wanted, and there may be no room for one
        self._out.close()
        (self._stored.folder / self._path).unlink(missing_ok=True)

    def _flush(self) -> None:
        if not self._kept:
            return
        table = pa.concat_tables(self._kept)
        self._kept, self._kept_rows, self._kept_bytes = [], 0, 0
        self.rows += table.num_rows
        share = max(1, -(-table.nbytes // _BYTES_AT_ONCE))
        at_once = max(1, min(self._stored.layout.rows_at_once, table.num_rows // share))
        with coded(self._stored.folder.parent):
            self._writer.write_table(table, row_group_size=at_once)
