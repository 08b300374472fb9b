"""Files and standard input in, checked Arrow tables out; results written so that no half file is left."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.cli.batches import OnRejected, settle
from gracja.cli.batches import batches as batches  # noqa: PLC0414  (read from here by name)
from gracja.cli.ledger_file import ledger_of_sheet
from gracja.cli.opening import STANDARD_INPUT, Progress, Source, chunks_of, parquet_tables, sources
from gracja.engine.conversations.flat import (
    ROWS_AT_ONCE,
    Part,
    read_flat_csv,
    read_flat_jsonl,
    read_flat_table,
)
from gracja.engine.conversations.kinds import CONTACT, OBSERVATION, Kind
from gracja.engine.conversations.outcome import Noticed, Rejected, Tally
from gracja.engine.conversations.rating_sheet import read_rating_sheet
from gracja.engine.conversations.sheet import Sheet, check_sheet, each_once
from gracja.engine.errors import EngineInputError, Where
from gracja.wording.sentences import say_error


def read_observations(
    paths: Sequence[str | Path],
    *,
    on_rejected: OnRejected | None = None,
    strict: bool = False,
    tally: Tally | None = None,
    progress: Progress | None = None,
) -> pa.Table:
    """The observations of all files as one table of tables.OBSERVATIONS, each key once.

    Without `on_rejected` the first bad row raises, since nothing is dropped unsaid. Errors as `batches`.
    """
    return _read_flat(OBSERVATION, paths, on_rejected, tally or Tally(), progress, strict=strict)


def read_contacts(
    paths: Sequence[str | Path],
    *,
    on_rejected: OnRejected | None = None,
    strict: bool = False,
    tally: Tally | None = None,
    progress: Progress | None = None,
) -> pa.Table:
    """The contacts of all files as one table of tables.CONTACTS, each segment once; as above."""
    return _read_flat(CONTACT, paths, on_rejected, tally or Tally(), progress, strict=strict)


@dataclass(frozen=True)
class RejectedRows:
    """A file of JSON lines that takes each rejected row with its reason in words."""

    path: Path
    lang: str
    out: IO[bytes]

    def __call__(self, rejected: Rejected) -> None:
        row = {
            "file": rejected.where.file,
            "line": rejected.where.line,
            "contact": rejected.contact,
            "code": rejected.code,
            "message": say_error(rejected.error(), self.lang),
            "facts": dict(rejected.facts),
            "raw": rejected.raw,
        }
        self.out.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


@contextmanager
def rejected_to(path: str | Path, *, lang: str, beside: Path | None = None) -> Iterator[RejectedRows]:
    """Write rejected rows to this file.

    It is there even when nothing was rejected (empty) and when the run failed (what was found). beside: the
    output that is locked meanwhile, so that a killed run's unfinished file is written over by the next.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    mark = None if beside is None else beside.name
    with replacing(path, even_when_failed=True, mark=mark) as out:
        yield RejectedRows(Path(path), lang, out)


def write_parquet(tables: Iterable[pa.Table], path: str | Path, schema: pa.Schema) -> None:
    """Write tables of one schema as Parquet; the file appears when it is whole."""
    with replacing(path) as out, pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)


@contextmanager
def replacing(
    path: str | Path, *, even_when_failed: bool = False, mark: str | None = None
) -> Iterator[IO[bytes]]:
    """A file to write, which takes its name only when it is whole.

    even_when_failed: also when what happened meanwhile failed, but not when it cannot be written itself.
    mark: tells its unfinished self from that of another process; by default the number of this one.
    """
    if str(path) == STANDARD_INPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    final = Path(path)
    part = final.with_name(f".{final.name}.{mark or os.getpid()}.part")
    keep = even_when_failed
    out = part.open("wb")
    try:
        yield out
        keep = True
    finally:
        try:
            out.close()  # which writes the last of it
        except OSError:
            keep = False
            raise
        finally:
            if keep:
                part.replace(final)
            else:
                part.unlink(missing_ok=True)


def _read_flat(
    kind: Kind,
    paths: Sequence[str | Path],
    on_rejected: OnRejected | None,
    tally: Tally,
    progress: Progress | None,
    *,
    strict: bool,
) -> pa.Table:
    sheets: list[Sheet] = []
    strict = strict or on_rejected is None
    try:
        for source in sources(paths):
            for part in _parts(kind, source, progress):
                if not isinstance(part, Sheet):
                    settle(part, tally, on_rejected, strict=strict)
                    continue
                good, rejections = check_sheet(kind, part)
                sheets.append(good)
                for rejected in rejections:
                    settle(rejected, tally, on_rejected, strict=strict)
    except EngineInputError:
        tally.accepted += sum(sheet.table.num_rows for sheet in sheets)
        raise
    table, repeats = each_once(kind, sheets)
    for rejected in repeats:
        settle(rejected, tally, on_rejected, strict=strict)
    tally.accepted += table.num_rows
    return table


def _parts(kind: Kind, source: Source, progress: Progress | None) -> Iterator[Part]:
    name, form = source
    if form == "empty":
        yield Noticed("file_empty", Where(name))
    elif form == "jsonl":
        yield from read_flat_jsonl(kind, chunks_of(name, progress), file=name)
    elif form == "csv" and kind is OBSERVATION and (ledger := ledger_of_sheet(name)) is not None:
        yield from read_rating_sheet(chunks_of(name, progress), ledger, file=name)
    elif form == "csv":
        yield from read_flat_csv(kind, chunks_of(name, progress), file=name)
    else:
        for first_row, table in parquet_tables(name, progress, rows_at_once=ROWS_AT_ONCE):
            yield from read_flat_table(kind, table, file=name, first_row=first_row)
