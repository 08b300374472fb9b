"""What a conversation says, as one number: to see whether a contact comes in again or comes in changed."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gracja.archive.layout import Column
from gracja.engine.tables import CONVERSATIONS, TURN

_FIELDS: Final = [name for name in CONVERSATIONS.names if name != "turns"]
_NO_TIME: Final = -(2**63)
Whole = np.ndarray[Any, np.dtype[np.int64]]
Part = tuple[list[int], memoryview]  # where each conversation starts in these bytes, with the end of the last


def content_digests(conversations: pa.Table) -> Column:
    """64 bits of BLAKE2b over all fields and turns of each row of tables.CONVERSATIONS, int64, shape (rows,).

    The same on every machine and in every version: it is stored. Hashed are, per conversation: the numbers of
    its fields (a text counts as its length in bytes, -1 for null) and how many turns it has; the numbers of
    its turns; the texts, field by field. Two different conversations under one contact are taken for the same
    with a probability of 2**-64.
    """
    turns: Column = conversations["turns"].combine_chunks()
    said = turns.flatten()
    offsets = turns.offsets.to_numpy().astype(np.int64)
    first = offsets - offsets[0]
    heads = _parts(
        [conversations[name].combine_chunks() for name in _FIELDS],
        np.arange(len(turns) + 1),
        [np.diff(first)],
    )
    lines = _parts([said.field(field.name) for field in TURN], first, [])
    parts = [heads[0], lines[0], *heads[1:], *lines[1:]]
    digests = [
        hashlib.blake2b(b"".join([data[at[row] : at[row + 1]] for at, data in parts]), digest_size=8).digest()
        for row in range(len(turns))
    ]
    return pa.array(np.frombuffer(b"".join(digests), dtype="<i8"))


def _parts(columns: list[Column], first: Whole, counts: list[Whole]) -> list[Part]:
    """The numbers of these columns as bytes, then the bytes of each text column that has any.

    first: where each conversation starts among the columns' values, shape (conversations + 1,).
    """
    numbers, texts = counts, list[Part]()
    for column in columns:
        if not pa.types.is_string(column.type):
            numbers.append(pc.fill_null(column.cast(pa.int64()), _NO_TIME).to_numpy())
            continue
        at, data = _bytes_of(pc.fill_null(column, "") if column.null_count else column)
        lengths = np.diff(at)
        if column.null_count:
            lengths[column.is_null().to_numpy(zero_copy_only=False)] = -1
        numbers.append(lengths)
        if at[-1] > at[0]:
            texts.append((at[first].tolist(), data))
    table = np.ascontiguousarray(np.column_stack(numbers), dtype="<i8")
    return [((first * table.strides[0]).tolist(), memoryview(table.reshape(-1).view(np.uint8))), *texts]


def _bytes_of(texts: Column) -> tuple[Whole, memoryview]:
    """Where each text starts, with the end of the last, shape (rows + 1,); and the bytes of all."""
    wide = texts.cast(pa.large_string())
    _, offsets, data = wide.buffers()
    at = np.frombuffer(offsets, dtype=np.int64)[wide.offset : wide.offset + len(wide) + 1]
    return at, memoryview(data if data is not None else b"")
