"""Observations and contacts from JSON lines and from CSV: one row, one line."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

import pyarrow as pa

from gracja.engine.conversations.cells import csv_rows
from gracja.engine.conversations.jsonl import Record, json_records, rejected
from gracja.engine.conversations.kinds import Kind
from gracja.engine.conversations.outcome import Noticed, Rejected, WrongError
from gracja.engine.conversations.sheet import Sheet, table_as
from gracja.engine.conversations.values import id_of, instant, instant_in_cell, short, yes_or_no_in_cell
from gracja.engine.errors import Where

ROWS_AT_ONCE: Final = 50_000
Read = Callable[[Any, str], Any]


class _Good(NamedTuple):
    line: int
    values: list[Any]


Part = Sheet | Rejected | Noticed


def read_flat_jsonl(kind: Kind, chunks: Iterable[bytes], *, file: str | None = None) -> Iterator[Part]:
    """The rows of JSON lines as sheets, with what was rejected for its form."""
    return _sheets(kind, _jsonl(kind, chunks, file), file)


def read_flat_csv(kind: Kind, chunks: Iterable[bytes], *, file: str | None = None) -> Iterator[Part]:
    """The rows of CSV as sheets, with what was rejected for its form. Evidence in a cell is JSON.

    Raises EngineInputError as `csv_rows`.
    """
    return _sheets(kind, _csv(kind, chunks, file), file)


def read_flat_table(
    kind: Kind, table: pa.Table, *, file: str | None = None, first_row: int = 1
) -> Iterator[Part]:
    """The rows of a table as one sheet. Raises EngineInputError as `table_as`."""
    typed, notices = table_as(kind, table, file=file)
    yield from notices
    yield Sheet(typed, range(first_row, first_row + table.num_rows), file)


def _sheets(kind: Kind, rows: Iterator[_Good | Rejected | Noticed], file: str | None) -> Iterator[Part]:
    while part := list(islice(rows, ROWS_AT_ONCE)):
        good = [row for row in part if isinstance(row, _Good)]
        yield from (row for row in part if not isinstance(row, _Good))
        columns = [
            pa.array([row.values[place] for row in good], each.type) for place, each in enumerate(kind.schema)
        ]
        table, _ = table_as(kind, pa.Table.from_arrays(columns, names=kind.schema.names), file=file)
        yield Sheet(table, [row.line for row in good], file)


def _jsonl(kind: Kind, chunks: Iterable[bytes], file: str | None) -> Iterator[_Good | Rejected | Noticed]:
    known = frozenset(kind.schema.names)
    reads = {each.name: _reader(each.type, instant) for each in kind.schema}
    for record in json_records(chunks, file=file):
        if not isinstance(record, Record):
            yield record
            continue
        line, value = record
        try:
            good = _Good(line.number, _values(reads, value))
        except WrongError as wrong:
            yield rejected(line, wrong, file, value)
            continue
        where = Where(file, line.number)
        yield from (Noticed("field_ignored", where, short(name)) for name in value.keys() - known)
        yield good


def _csv(kind: Kind, chunks: Iterable[bytes], file: str | None) -> Iterator[_Good | Rejected | Noticed]:
    reads = {each.name: _cell_reader(each.type) for each in kind.schema}
    for row in csv_rows(chunks, file=file, known=kind.schema.names, required=kind.required):
        if isinstance(row, Noticed):
            yield row
        elif row.wrong:
            yield row.rejected(file)
        else:
            given = {name: cell.strip() or None for name, cell in row.cells.items()}
            try:
                yield _Good(row.line, _values(reads, given))
            except WrongError as wrong:
                yield row._replace(wrong=wrong).rejected(file)


def _values(reads: Mapping[str, Read | None], given: object) -> list[Any]:
    if not isinstance(given, dict):
        raise WrongError("json_not_object", given=short(given))
    values = []
    for name, read in reads.items():
        value = given.get(name)
        values.append(id_of(given, name) if read is None else None if value is None else read(value, name))
    return values


def _reader(kind: pa.DataType, clock: Read) -> Read | None:
    """How a value of this type is read; None for text, which `id_of` reads."""
    if pa.types.is_string(kind):
        return None
    if pa.types.is_timestamp(kind):
        return clock
    if pa.types.is_boolean(kind):
        return _truth
    if pa.types.is_integer(kind):
        return partial(_whole, most=2 ** (kind.bit_width - 1) - 1)
    return _number if pa.types.is_floating(kind) else _evidence


def _cell_reader(kind: pa.DataType) -> Read | None:
    if pa.types.is_timestamp(kind):
        return instant_in_cell
    if pa.types.is_boolean(kind):
        return yes_or_no_in_cell
    read = _reader(kind, instant)
    return None if read is None else lambda cell, name: read(_json_in_cell(cell, name), name)


def _json_in_cell(cell: str, name: str) -> Any:
    """A number or list from a cell; a decimal comma, as Polish spreadsheets write it, is one too."""
    listed = name == "evidence"
    try:
        return json.loads(cell if listed else cell.replace(",", "."))
    except (ValueError, RecursionError):
        raise WrongError("field_type", name, given=short(cell), expected="[…]" if listed else "0.5") from None


def _whole(value: object, name: str, *, most: int) -> int:
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise WrongError("field_type", name, given=short(value), expected="3")
    if abs(value) > most:
        raise WrongError("number_out_of_range", name, given=short(value), low=0, high=most)
    return value


def _truth(value: object, name: str) -> bool:
    if type(value) is not bool:
        raise WrongError("field_type", name, given=short(value), expected="true, false")
    return value


def _number(value: object, name: str) -> float:
    if type(value) is not int and type(value) is not float:
        raise WrongError("field_type", name, given=short(value), expected="0.5")
    if not (math.isfinite(value) and abs(value) < 1e38):
        raise WrongError("field_type", name, given=short(value), expected="0.5")
    return float(value)


def _evidence(value: object, name: str) -> list[dict[str, int]]:
    if not isinstance(value, list):
        raise WrongError("field_type", name, given=short(value), expected="[…]")
    spans = []
    for span in value:
        if not isinstance(span, dict) or span.keys() != {"turn", "start", "end"}:
            raise WrongError("evidence_span", name)
        spans.append({key: _whole(part, name, most=2**31 - 1) for key, part in span.items()})
    return spans
