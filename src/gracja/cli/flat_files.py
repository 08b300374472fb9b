"""Observations and contacts, which are flat rows: files of any kind in, checked Arrow tables out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from gracja.cli.ledger_file import ledger_of_sheet
from gracja.engine.conversations.flat import (
    ROWS_AT_ONCE,
    Part,
    read_flat_csv,
    read_flat_jsonl,
    read_flat_table,
)
from gracja.engine.conversations.kinds import CONTACT, OBSERVATION, Kind
from gracja.engine.conversations.outcome import Noticed, Tally
from gracja.engine.conversations.rating_sheet import read_rating_sheet
from gracja.engine.conversations.sheet import Sheet, check_sheet, each_once
from gracja.engine.errors import EngineInputError, Where
from gracja.files.batches import OnRejected, settle
from gracja.files.opening import Progress, Source, chunks_of, parquet_tables, sources


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
