"""Rows of observations or contacts against their rules, all at once, and each key once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from gracja.engine.conversations.columns import json_of, rows_of
from gracja.engine.conversations.kinds import Kind
from gracja.engine.conversations.outcome import Noticed, Rejected
from gracja.engine.conversations.values import short
from gracja.engine.errors import EngineInputError, Where

_NUMBER: Final = "number of the row"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one file in their final types, and the line of each."""

    table: pa.Table
    lines: Sequence[int]
    file: str | None


def table_as(kind: Kind, table: pa.Table, *, file: str | None = None) -> tuple[pa.Table, list[Noticed]]:
    """The table in the kind's types: optional columns added, unknown ones noticed and left out.

    Raises EngineInputError: columns_missing, column_type, column_without_zone.
    """
    missing = [name for name in kind.required if name not in table.column_names]
    if missing:
        raise EngineInputError("columns_missing", Where(file), missing=missing, found=table.column_names[:20])
    columns = [_column(kind, each, table, file) for each in kind.schema]
    ignored = [name for name in table.column_names if name not in kind.schema.names]
    return (
        pa.Table.from_arrays(columns, names=kind.schema.names),
        [Noticed("field_ignored", Where(file), short(name)) for name in ignored],
    )


def _column(kind: Kind, target: pa.Field[Any], table: pa.Table, file: str | None) -> pa.ChunkedArray[Any]:
    default = kind.defaults.get(target.name)
    if target.name not in table.column_names:
        nowhere = pa.array(np.zeros(table.num_rows, np.int64))
        return pa.chunked_array([pa.array([default], target.type).take(nowhere)])
    column = table[target.name]
    if pa.types.is_timestamp(target.type) and pa.types.is_timestamp(column.type) and not column.type.tz:
        raise EngineInputError("column_without_zone", Where(file), name=target.name)
    try:
        column.validate(full=True)
        cast = column.cast(target.type)
    except (pa.ArrowException, ValueError):
        facts = {"name": target.name, "given": short(column.type), "expected": str(target.type)}
        raise EngineInputError("column_type", Where(file), **facts) from None
    if pa.types.is_string(target.type):
        cast = pc.if_else(
            pc.equal(pc.utf8_trim_whitespace(cast), pa.scalar("")), pa.scalar(None, pa.string()), cast
        )
    return cast if default is None else _filled(cast, default)


def _filled(column: pa.ChunkedArray[Any], default: Any) -> pa.ChunkedArray[Any]:
    if not column.null_count:
        return column
    if isinstance(default, list):  # Arrow fills no lists
        values = [default if value is None else value for value in column.to_pylist()]
        return pa.chunked_array([pa.array(values, column.type)])
    return pc.fill_null(column, default)


def check_sheet(kind: Kind, sheet: Sheet) -> tuple[Sheet, list[Rejected]]:
    """The good rows, and the others with the first rule that each breaks."""
    frame = pl.from_arrow(sheet.table)
    assert isinstance(frame, pl.DataFrame)
    hits = [pl.when(rule.wrong.fill_null(value=False)).then(place) for place, rule in enumerate(kind.rules)]
    broken = frame.select(pl.coalesce([*hits, pl.lit(-1)]).cast(pl.Int32)).to_series().to_numpy()
    bad = np.flatnonzero(broken >= 0)
    rows = _shown(sheet.table.take(bad))
    rejections = [
        _rejected(kind, int(broken[number]), sheet, int(number), row)
        for number, row in zip(bad, rows, strict=True)
    ]
    good = np.flatnonzero(broken < 0)
    lines = [sheet.lines[int(number)] for number in good]
    return Sheet(sheet.table.take(good), lines, sheet.file), rejections


def _shown(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows as plain values; microseconds stand for a time so far off that it has no date."""
    numbers = pa.schema(
        [each.with_type(pa.int64()) if pa.types.is_timestamp(each.type) else each for each in table.schema]
    )
    for number, row in enumerate(rows_of(table)):
        yield row if isinstance(row, dict) else table.slice(number, 1).cast(numbers).to_pylist()[0]


def _rejected(kind: Kind, rule_number: int, sheet: Sheet, number: int, row: dict[str, Any]) -> Rejected:
    rule = kind.rules[rule_number]
    where = Where(sheet.file, sheet.lines[number], None, rule.field)
    facts = {
        name: short(value) if isinstance(value, str) else value for name, value in rule.facts(row).items()
    }
    return Rejected(where, rule.code, facts, row["contact"] and short(row["contact"]), json_of(row))


def each_once(kind: Kind, sheets: Sequence[Sheet]) -> tuple[pa.Table, list[Rejected]]:
    """All rows in one table; of rows with the same key the first. Codes: row_repeated (the same in all
    fields), row_twice (with another mark).
    """
    sheets = [sheet for sheet in sheets if sheet.table.num_rows]
    if not sheets:
        return kind.schema.empty_table(), []
    table = pa.concat_tables([sheet.table for sheet in sheets]).combine_chunks()
    frame = pl.from_arrow(table.select(list(kind.key)))
    assert isinstance(frame, pl.DataFrame)
    first = (
        frame.with_row_index(_NUMBER)
        .select(pl.col(_NUMBER).first().over(list(kind.key)))
        .to_series()
        .to_numpy()
    )
    again = np.flatnonzero(first != np.arange(len(first)))
    places = [(sheet.file, line) for sheet in sheets for line in sheet.lines]
    rejections = []
    repeats = rows_of(table.take(again))
    originals = rows_of(table.take(first[again].astype(np.int64)))
    for number, row, original in zip(again, repeats, originals, strict=True):
        assert isinstance(row, dict)
        (file, line), (before, before_line) = places[number], places[first[number]]
        code = "row_repeated" if row == original else "row_twice"
        facts = {"first": f"{before or '-'}:{before_line}"}
        rejections.append(Rejected(Where(file, line), code, facts, short(row["contact"]), json_of(row)))
    kept = table.take(np.flatnonzero(first == np.arange(len(first))))
    return pa.Table.from_arrays(kept.columns, schema=kind.schema), rejections
