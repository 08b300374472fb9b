"""Conversations from Parquet, or from anything else that is an Arrow table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

import pyarrow as pa

from gracja.engine.conversations.check import conversation_in
from gracja.engine.conversations.lines import head_of
from gracja.engine.conversations.outcome import Accepted, Noticed, Outcome, Rejected, WrongError
from gracja.engine.conversations.times import plain_times
from gracja.engine.conversations.values import short
from gracja.engine.errors import EngineInputError, Where

REQUIRED: Final = ("contact", "channel", "turns")


def check_table(table: pa.Table, *, file: str | None = None, first_row: int = 1) -> Iterator[Outcome]:
    """The conversations of a table with the columns of tables.CONVERSATIONS; optional ones may be missing.

    The line of a place is the row, counted from `first_row`. Codes of rejection: those of
    `conversation_in`, row_unreadable. Raises EngineInputError: columns_missing, column_type.
    """
    check_columns(table.schema, file=file)
    yield from check_rows(table, range(first_row, first_row + table.num_rows), file=file)


def check_rows(table: pa.Table, numbers: Iterable[int], *, file: str | None = None) -> Iterator[Outcome]:
    """As `check_table`, of rows that have these numbers in the file."""
    for number, row in zip(numbers, rows_of(table), strict=True):
        where = Where(file, number)
        if isinstance(row, WrongError):
            yield Rejected(where, row.code, row.facts, None, "")
            continue
        try:
            conversation, notices = conversation_in(row)
        except WrongError as wrong:
            place = Where(file, number, None, wrong.path())
            contact = row.get("contact")
            named = None if contact is None else short(contact)
            yield Rejected(place, wrong.code, wrong.facts, named, json_of(row))
            continue
        said = tuple(Noticed(code, where, name) for code, name in notices)
        yield Accepted(conversation, where, partial(json_of, row), said)


def check_columns(schema: pa.Schema, *, file: str | None = None) -> None:
    """Refuse a table that cannot hold conversations.

    Raises EngineInputError: columns_missing, column_type.
    """
    missing = [name for name in REQUIRED if name not in schema.names]
    if missing:
        raise EngineInputError("columns_missing", Where(file), missing=missing, found=schema.names[:20])
    turns = schema.field("turns").type
    listed = pa.types.is_list(turns) or pa.types.is_large_list(turns)
    if not listed or not pa.types.is_struct(turns.value_type):
        expected = "list<struct<speaker, text, ...>>"
        raise EngineInputError(
            "column_type", Where(file), name="turns", given=short(turns), expected=expected
        )


def rows_of(table: pa.Table) -> Iterator[dict[str, Any] | WrongError]:
    """The rows as plain values; a row with broken bytes or an impossible time is an error of its own."""
    try:
        rows = plain_times(table).to_pylist()
    except (ValueError, OverflowError, pa.ArrowException) as broken:
        if table.num_rows == 1:
            yield WrongError("row_unreadable", problem=short(str(broken)))
            return
        for number in range(table.num_rows):
            yield from rows_of(table.slice(number, 1))
    else:
        yield from rows


def json_of(row: dict[str, Any]) -> str:
    """A row as one line of JSON, as far as it is shown."""
    return head_of(json.dumps(row, ensure_ascii=False, default=str))
