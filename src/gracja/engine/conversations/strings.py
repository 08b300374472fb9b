"""Columns of strings, looked at through their bytes: what is plain passes at once, the rest is looked at."""

from __future__ import annotations

from codecs import utf_8_decode
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gracja.engine.conversations.outcome import WrongError
from gracja.engine.conversations.values import LONGEST_ID_CHARACTERS, id_of

_FIRST_PLAIN: Final = 0x21
_AFTER_PLAIN: Final = 0x7F
_BYTES_AT_ONCE: Final = 2**20

Rows = NDArray[np.int64]


class UnusualError(Exception):
    """A column holds something that only a look at each row can judge."""


def as_texts(column: pa.Array[Any]) -> pa.StringArray:
    """The column as `string`. Raises UnusualError where it holds something else, or bytes not of UTF-8."""
    kind = column.type.value_type if isinstance(column.type, pa.DictionaryType) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        raise UnusualError
    if isinstance(column.type, pa.DictionaryType):
        column.validate(full=True)  # an index may lie outside the dictionary
    texts = column.cast(pa.string())
    assert isinstance(texts, pa.StringArray)
    _check_utf8(texts)
    return texts


def _check_utf8(texts: pa.StringArray) -> None:
    """All bytes at once, far faster than Arrow's look at each; then no text may begin inside a sign."""
    data, offsets = bytes_and_offsets(texts)
    if not len(data) or data.max() <= _AFTER_PLAIN:
        return
    at = 0
    while at < len(data):
        some = data[at : at + _BYTES_AT_ONCE]
        try:
            _, read = utf_8_decode(some, "strict", at + len(some) == len(data))
        except UnicodeDecodeError:
            raise UnusualError from None
        at += read
    begins = offsets[:-1][np.diff(offsets) > 0]
    if ((data[begins] & 0xC0) == 0x80).any():
        raise UnusualError


def as_ids(column: pa.Array[Any]) -> tuple[pa.StringArray, Rows]:
    """The column as `values.id_of` reads each value, and the rows that it would refuse.

    Only values with a space, a sign outside ASCII or a doubtful length are read one by one, each once.
    """
    ids = as_texts(column.cast(pa.string()) if pa.types.is_integer(column.type) else column)
    data, offsets = bytes_and_offsets(ids)
    strange = (data < _FIRST_PLAIN) | (data >= _AFTER_PLAIN)
    lengths = np.diff(offsets)
    suspect = (lengths == 0) | (lengths > LONGEST_ID_CHARACTERS)
    if strange.any():
        upto = np.concatenate([[0], np.cumsum(strange)])
        suspect |= upto[offsets[1:]] > upto[offsets[:-1]]
    rows = np.flatnonzero(suspect)
    if ids.null_count:
        rows = rows[np.asarray(ids.is_valid())[rows]]
    if not len(rows):
        return ids, rows
    found = ids.take(pa.array(rows, pa.int64())).dictionary_encode()
    verdicts = np.array([_verdict(value) for value in found.dictionary.to_pylist()])
    verdicts = verdicts[np.asarray(found.indices)]
    if (verdicts == _BLANK).any():
        known = np.asarray(ids.is_valid()).copy()
        known[rows[verdicts == _BLANK]] = False
        ids = pc.if_else(pa.array(known), ids, pa.scalar(None, pa.string()))
    return ids, rows[verdicts == _WRONG]


_FINE, _BLANK, _WRONG = range(3)


def _verdict(value: str | None) -> int:
    try:
        return _FINE if id_of({"id": value}, "id") else _BLANK
    except WrongError:
        return _WRONG


def rows_holding(column: pa.Array[Any], byte: int) -> Rows:
    """The rows in which this byte stands."""
    data, offsets = bytes_and_offsets(column)
    if not len(data) or (byte == 0 and data.min() > 0):  # much the fastest question to ask
        return np.empty(0, np.int64)
    return rows_at(offsets, np.flatnonzero(data == byte))


def rows_at(offsets: NDArray[np.int32], places: Rows) -> Rows:
    """In which row each place lies; a row ends where the next begins."""
    return np.searchsorted(offsets, places, side="right") - 1


def bytes_and_offsets(column: pa.Array[Any]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The bytes of a column of `string`, shape (n_bytes,), and where each row begins, (n_rows + 1,)."""
    _, offsets, data = column.buffers()
    if offsets is None or not len(column):
        return np.empty(0, np.uint8), np.zeros(len(column) + 1, np.int32)
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    first, last = int(ends[0]), int(ends[-1])
    held = np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)[first:last]
    return held, ends - first
