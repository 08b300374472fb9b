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


def content_digests(conversations: pa.Table) -> Column:
    """64 bits of BLAKE2b over all fields and turns of each row of tables.CONVERSATIONS, int64, shape (rows,).

    The same on every machine and in every version: it is stored. Two different conversations under one
    contact are taken for the same with a probability of 2**-64.
    """
    turns: Column = conversations["turns"].combine_chunks()
    said = turns.flatten()
    heads = _joined([conversations[name].combine_chunks() for name in _FIELDS])
    lines = _joined([said.field(field.name) for field in TURN])
    head_at, head_bytes = _buffers(heads)
    line_at, line_bytes = _buffers(lines)
    first = turns.offsets.to_numpy() - turns.offsets[0].as_py()
    turn_at = line_at[first].tolist()
    head_at = head_at.tolist()
    digests = bytearray()
    for row in range(len(turns)):
        digest = hashlib.blake2b(head_bytes[head_at[row] : head_at[row + 1]], digest_size=8)
        digest.update(line_bytes[turn_at[row] : turn_at[row + 1]])
        digests += digest.digest()
    return pa.array(np.frombuffer(bytes(digests), dtype="<i8"))


def _joined(columns: list[Column]) -> Column:
    """One text a row that differs whenever a field does: `5:hello` for a value, `-` for null."""
    texts = []
    for column in columns:
        plain = column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
        text = plain.cast(pa.string())
        length = pc.binary_length(text).cast(pa.string())
        texts.append(pc.fill_null(pc.binary_join_element_wise(length, text, ":"), "-"))
    return pc.binary_join_element_wise(*texts, "").cast(pa.large_string())


def _buffers(texts: Column) -> tuple[np.ndarray[Any, np.dtype[np.int64]], memoryview]:
    """Where each text starts, with the end of the last, shape (rows + 1,); and the bytes of all."""
    _, offsets, data = texts.buffers()
    at = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return at, memoryview(data if data is not None else b"")
