"""Columns of times, and columns that nobody reads, as a look at each row would judge them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.conversations.strings import UnusualError
from gracja.engine.conversations.values import EARLIEST, LATEST
from gracja.engine.tables import TIME

# What Python's dates can hold; beyond it a row is unreadable even where the column is ignored.
_FIRST_MICROSECOND: Final = -62_135_596_800_000_000
_LAST_MICROSECOND: Final = 253_402_300_799_999_999
_MICROSECONDS_A_DAY: Final = 86_400_000_000


def plain_times(table: pa.Table) -> pa.Table:
    """The table with its times in microseconds, and in UTC where they have a zone."""
    plain = pa.schema([each.with_type(_plain(each.type)) for each in table.schema])
    return table.cast(plain, safe=False)


def as_instants(column: pa.Array[Any]) -> tuple[pa.Array[Any], NDArray[np.bool_]]:
    """The column in tables.TIME, and which rows have no zone or lie out of range."""
    if pa.types.is_null(column.type):
        return column.cast(TIME), np.zeros(len(column), bool)
    if not pa.types.is_timestamp(column.type):
        raise UnusualError
    given = np.asarray(column.is_valid())
    if column.type.tz is None:
        return pa.nulls(len(column), TIME), given
    micros = np.asarray(column.cast(pa.int64()).fill_null(EARLIEST))
    return column.cast(TIME), given & ((micros < EARLIEST) | (micros > LATEST))


def harmless(column: pa.Array[Any]) -> None:
    """Raise UnusualError where an ignored column may hold what would make a row unreadable."""
    kind = column.type
    column.validate(full=True)
    if pa.types.is_timestamp(kind) or pa.types.is_date32(kind):
        units = 1 if pa.types.is_timestamp(kind) else _MICROSECONDS_A_DAY
        whole = np.asarray(column.drop_null().cast(pa.int64() if units == 1 else pa.int32()))
        if len(whole) and not (
            int(whole.min()) * units >= _FIRST_MICROSECOND and int(whole.max()) * units <= _LAST_MICROSECOND
        ):
            raise UnusualError
    elif not _simple(kind):
        raise UnusualError


def _simple(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind) or pa.types.is_dictionary(kind):
        return _simple(kind.value_type)
    if pa.types.is_struct(kind):
        names = [each.name for each in kind]
        return len(set(names)) == len(names) and all(_simple(each.type) for each in kind)
    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_null(kind)
    )


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", "UTC" if kind.tz else None)
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_plain(kind.value_type)))
    if pa.types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(_plain(kind.value_type)))
    if pa.types.is_struct(kind):
        fields = [kind.field(place) for place in range(kind.num_fields)]
        return pa.struct([each.with_type(_plain(each.type)) for each in fields])
    return kind
