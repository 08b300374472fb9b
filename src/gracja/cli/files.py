"""Files and standard input in, checked Arrow tables out; results written so that no half file is left."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gracja.cli.opening import STANDARD_INPUT, Progress, Source, chunks_of, parquet_tables, sources
from gracja.engine.conversations.columns import check_columns, check_table
from gracja.engine.conversations.flat import (
    ROWS_AT_ONCE,
    Part,
    read_flat_csv,
    read_flat_jsonl,
    read_flat_table,
)
from gracja.engine.conversations.jsonl import read_jsonl
from gracja.engine.conversations.kinds import CONTACT, OBSERVATION, Kind
from gracja.engine.conversations.once import Seen
from gracja.engine.conversations.outcome import Accepted, Conversation, Noticed, Outcome, Rejected, Tally
from gracja.engine.conversations.sheet import Sheet, check_sheet, each_once
from gracja.engine.conversations.table import to_table
from gracja.engine.conversations.turns_csv import read_turns_csv
from gracja.engine.errors import EngineInputError, Where
from gracja.wording.sentences import say_error

CONVERSATIONS_AT_ONCE: Final = 2_000
CHARACTERS_AT_ONCE: Final = 20_000_000  # long conversations come in smaller tables, so that memory stays flat
_CONVERSATION_ROWS_AT_ONCE: Final = 500
OnRejected = Callable[[Rejected], None]


def batches(
    paths: Sequence[str | Path],
    *,
    on_rejected: OnRejected,
    strict: bool = False,
    tally: Tally | None = None,
    progress: Progress | None = None,
    at_once: int = CONVERSATIONS_AT_ONCE,
) -> Iterator[pa.Table]:
    """The good conversations of all files, as tables of at most `at_once`, each contact once.

    paths: JSONL, CSV of turns, Parquet, gzipped or not; `-` is JSON lines on standard input. All are
    looked at before the first is read. on_rejected: called with each conversation that cannot be used.
    strict: stop at the first of them. tally: counts and notices, complete when the iterator ends.
    progress: called with the number of bytes of the files read since its last call.

    Raises EngineInputError for what is wrong with a whole file (file_not_found, file_is_directory,
    file_unreadable, file_kind_unknown, file_utf16, gzip_broken, parquet_broken, standard_input_twice, and
    those of `csv_rows` and `check_table`) and, if strict, for the first rejection.
    """
    tally = Tally() if tally is None else tally
    seen, kept, characters = Seen(), list[Conversation](), 0
    for source in sources(paths):
        for outcome in _outcomes(source, progress):
            if not isinstance(outcome, Accepted):
                _settle(outcome, tally, on_rejected, strict=strict)
                continue
            if again := seen.repeated(outcome):
                _settle(again, tally, on_rejected, strict=strict)
                continue
            tally.accepted += 1
            for noticed in outcome.notices:
                tally.notice(noticed)
            kept.append(outcome.conversation)
            characters += sum(len(turn.text) for turn in outcome.conversation.turns)
            if len(kept) >= at_once or characters >= CHARACTERS_AT_ONCE:
                yield to_table(kept)
                kept, characters = [], 0
    if kept:
        yield to_table(kept)


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
def rejected_to(path: str | Path, *, lang: str) -> Iterator[RejectedRows]:
    """Write rejected rows to this file.

    It is there even when nothing was rejected (empty) and when the run failed (what was found).
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, even_when_failed=True) as out:
        yield RejectedRows(Path(path), lang, out)


def write_parquet(tables: Iterable[pa.Table], path: str | Path, schema: pa.Schema) -> None:
    """Write tables of one schema as Parquet; the file appears when it is whole."""
    with replacing(path) as out, pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)


@contextmanager
def replacing(path: str | Path, *, even_when_failed: bool = False) -> Iterator[IO[bytes]]:
    """A file to write, which takes its name only when it is whole."""
    if str(path) == STANDARD_INPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    final = Path(path)
    part = final.with_name(f".{final.name}.{os.getpid()}.part")
    whole = even_when_failed
    try:
        with part.open("wb") as out:
            yield out
        whole = True
    finally:
        if whole:
            part.replace(final)
        else:
            part.unlink(missing_ok=True)


def _settle(
    outcome: Rejected | Noticed, tally: Tally, on_rejected: OnRejected | None, *, strict: bool
) -> None:
    if isinstance(outcome, Noticed):
        tally.notice(outcome)
        return
    tally.reject(outcome)
    if on_rejected:
        on_rejected(outcome)
    if strict:
        raise outcome.error()


def _outcomes(source: Source, progress: Progress | None) -> Iterator[Outcome]:
    name, kind = source
    if kind == "empty":
        yield Noticed("file_empty", Where(name))
    elif kind == "jsonl":
        yield from read_jsonl(chunks_of(name, progress), file=name)
    elif kind == "csv":
        passes = iter((None, progress))  # the first of two passes only counts
        yield from read_turns_csv(lambda: chunks_of(name, next(passes)), file=name)
    else:
        for first_row, table in parquet_tables(
            name, progress, rows_at_once=_CONVERSATION_ROWS_AT_ONCE, check=check_columns
        ):
            yield from check_table(table, file=name, first_row=first_row)


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
                    _settle(part, tally, on_rejected, strict=strict)
                    continue
                good, rejections = check_sheet(kind, part)
                sheets.append(good)
                for rejected in rejections:
                    _settle(rejected, tally, on_rejected, strict=strict)
    except EngineInputError:
        tally.accepted += sum(sheet.table.num_rows for sheet in sheets)
        raise
    table, repeats = each_once(kind, sheets)
    for rejected in repeats:
        _settle(rejected, tally, on_rejected, strict=strict)
    tally.accepted += table.num_rows
    return table


def _parts(kind: Kind, source: Source, progress: Progress | None) -> Iterator[Part]:
    name, form = source
    if form == "empty":
        yield Noticed("file_empty", Where(name))
    elif form == "jsonl":
        yield from read_flat_jsonl(kind, chunks_of(name, progress), file=name)
    elif form == "csv":
        yield from read_flat_csv(kind, chunks_of(name, progress), file=name)
    else:
        for first_row, table in parquet_tables(name, progress, rows_at_once=ROWS_AT_ONCE):
            yield from read_flat_table(kind, table, file=name, first_row=first_row)
