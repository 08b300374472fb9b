"""Conversations from another engine, made into the shape that detection reads."""

from __future__ import annotations

import pyarrow as pa

from gracja.engine.detect.scan.numbers import Column, kernels, one_array
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import CONVERSATIONS, TURN


def conversations_of(table: pa.Table | pa.RecordBatch) -> pa.Table | pa.RecordBatch:
    """The same rows as tables.CONVERSATIONS: columns and the fields of a turn by name, types converted.

    A distributed engine may order fields, encode strings or keep times in its own way. A field that may be
    null may also be absent. Raises EngineInputError: columns_missing, column_type.
    """
    if table.schema.equals(CONVERSATIONS):
        return table
    return pa.table(
        [_column(table, field) for field in CONVERSATIONS],
        schema=CONVERSATIONS,
    )


def _column(table: pa.Table | pa.RecordBatch, field: pa.Field) -> Column:  # type: ignore[type-arg]  # of any type
    if field.name not in table.schema.names:
        return _absent(field, table.num_rows, table.schema.names)
    column = one_array(table.column(field.name))
    return _turns(column) if field.name == "turns" else _converted(column, field)


def _turns(column: Column) -> Column:
    kind = column.type
    listed = pa.types.is_list(kind) or pa.types.is_large_list(kind)
    if not listed or not pa.types.is_struct(kind.value_type):
        raise EngineInputError(
            "column_type", Where(field="turns"), name="turns", given=str(kind), expected="list<struct>"
        )
    turns = column.flatten()
    names = [part.name for part in turns.type]
    given = dict(zip(names, turns.flatten(), strict=True))
    parts = [
        _converted(given[part.name], part) if part.name in given else _absent(part, len(turns), names)
        for part in TURN
    ]
    offsets = column.offsets.cast(pa.int64())
    first = kernels.subtract(offsets, offsets[0]).cast(pa.int32())
    return pa.ListArray.from_arrays(first, pa.StructArray.from_arrays(parts, fields=[*TURN]))


def _converted(column: Column, field: pa.Field) -> Column:  # type: ignore[type-arg]
    try:
        return column.cast(field.type, safe=not pa.types.is_timestamp(field.type))
    except pa.ArrowException:
        raise EngineInputError(
            "column_type",
            Where(field=field.name),
            name=field.name,
            given=str(column.type),
            expected=str(field.type),
        ) from None


def _absent(field: pa.Field, rows: int, found: list[str]) -> Column:  # type: ignore[type-arg]
    if not field.nullable:
        raise EngineInputError(
            "columns_missing", Where(field=field.name), missing=[field.name], found=found[:20]
        )
    return pa.nulls(rows, field.type)
