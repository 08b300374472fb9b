"""Numbers that stand for contacts and for whole conversations, so that neither need be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.conversations.strings import bytes_and_offsets
from gracja.engine.tables import CONVERSATIONS

Hashes = NDArray[np.uint64]
Ends = NDArray[np.int64]
# Seeds of the hash, one for each thing that is hashed.
_CONTACT, _CONTACT_TOO, _TURNS = 101, 102, 200


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Of each conversation: 128 bits of its contact, and 64 of all that it holds. Shapes (n,).

    Good within one run: another version of Polars may hash otherwise.
    """

    contact: Hashes
    contact_too: Hashes
    content: Hashes


def fingerprints(table: pa.Table) -> Fingerprints:
    """table: tables.CONVERSATIONS. Two conversations with the same rows and turns have the same content."""
    contact = table["contact"]
    content = np.zeros(table.num_rows, np.uint64)
    for seed, each in enumerate(CONVERSATIONS):
        if each.name != "turns":
            content += _hashes(table[each.name], seed)
    start = 0
    for lists in table["turns"].chunks:
        assert isinstance(lists, pa.ListArray)
        content[start : start + len(lists)] += _of_turns(lists)
        start += len(lists)
    return Fingerprints(_hashes(contact, _CONTACT), _hashes(contact, _CONTACT_TOO), content)


def _of_turns(lists: pa.ListArray[Any]) -> Hashes:
    """One number for all turns of each conversation, in their order.

    The values of one conversation lie side by side in Arrow, so its texts are hashed as one, and then their
    lengths as one: ten times fewer and ten times longer pieces. A field that no turn of a conversation has
    adds nothing, and so may be passed over where a whole column is empty.
    """
    offsets = np.asarray(lists.offsets).astype(np.int64)
    turns = lists.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))
    assert isinstance(turns, pa.StructArray)
    ends = offsets - offsets[0]
    content = np.zeros(len(lists), np.uint64)
    for place, part in enumerate(turns.flatten()):
        if part.null_count == len(part):
            continue
        known = np.asarray(part.is_valid()).view(np.uint8)
        hashes = _of_values(part, ends, _TURNS + 4 * place) + _of_bytes(known, ends, _TURNS + 4 * place + 3)
        upto = np.concatenate([[0], np.cumsum(known)])
        hashes[upto[ends[1:]] == upto[ends[:-1]]] = 0
        content += hashes
    return content


def _of_values(part: pa.Array[Any], ends: Ends, seed: int) -> Hashes:
    """ends: where the turns of each conversation begin and end, shape (n_conversations + 1,)."""
    if not pa.types.is_string(part.type):
        numbers = np.asarray(part.cast(pa.int64()).fill_null(0))
        return _of_bytes(numbers.view(np.uint8), 8 * ends, seed)
    data, offsets = bytes_and_offsets(part.fill_null("") if part.null_count else part)
    lengths = np.diff(offsets).astype(np.int32)
    return _of_bytes(data, offsets.astype(np.int64)[ends], seed) + _of_bytes(
        lengths.view(np.uint8), 4 * ends, seed + 1
    )


def _of_bytes(data: NDArray[np.uint8], ends: Ends, seed: int) -> Hashes:
    cut = [None, pa.py_buffer(np.ascontiguousarray(ends)), pa.py_buffer(np.ascontiguousarray(data))]
    return _hashes(pa.Array.from_buffers(pa.large_binary(), len(ends) - 1, cut), seed)


def _hashes(column: pa.Array[Any] | pa.ChunkedArray[Any], seed: int) -> Hashes:
    series = pl.from_arrow(column)
    assert isinstance(series, pl.Series)
    return series.hash(seed=seed).to_numpy().copy()
