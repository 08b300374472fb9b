"""Numbers that stand for contacts and for whole conversations, so that neither need be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.conversations.hashing import Hashes, hashes_of
from gracja.engine.conversations.strings import bytes_and_offsets
from gracja.engine.tables import CONVERSATIONS

Ends = NDArray[np.int64]
# Seeds of the hash, one for each thing that is hashed.
_CONTACT, _CONTACT_TOO, _TURNS = 101, 102, 200


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Of each conversation: 128 bits of its contact, and 64 of all that it holds. Shapes (n,).

    Good within one run: another machine may lay out its bytes in another order.
    """

    contact: Hashes
    contact_too: Hashes
    content: Hashes


def fingerprints(table: pa.Table) -> Fingerprints:
    """table: tables.CONVERSATIONS. Two conversations with the same rows and turns have the same content."""
    table = table.combine_chunks()
    content = np.zeros(table.num_rows, np.uint64)
    for seed, each in enumerate(CONVERSATIONS):
        if each.name != "turns":
            content += _of_rows(table[each.name], seed)
    start = 0
    for lists in table["turns"].chunks:
        assert isinstance(lists, pa.ListArray)
        content[start : start + len(lists)] += _of_turns(lists)
        start += len(lists)
    contact = table["contact"]
    return Fingerprints(_of_rows(contact, _CONTACT), _of_rows(contact, _CONTACT_TOO), content)


def _of_rows(column: pa.ChunkedArray[Any], seed: int) -> Hashes:
    """One number for the value of each row; 0 where it has none."""
    parts = [_of_values(chunk, np.arange(len(chunk) + 1), seed) for chunk in column.chunks]
    return np.concatenate([np.empty(0, np.uint64), *parts])


def _of_turns(lists: pa.ListArray[Any]) -> Hashes:
    """One number for all turns of each conversation, in their order.

    A field that no turn of a conversation has adds nothing, and so may be passed over where a whole column
    is empty.
    """
    offsets = np.asarray(lists.offsets).astype(np.int64)
    turns = lists.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))
    assert isinstance(turns, pa.StructArray)
    content = np.zeros(len(lists), np.uint64)
    for place, part in enumerate(turns.flatten()):
        if part.null_count < len(part):
            content += _of_values(part, offsets - offsets[0], _TURNS + place)
    return content


def _of_values(part: pa.Array[Any], ends: Ends, seed: int) -> Hashes:
    """ends: where the values of each row begin and end, shape (n_rows + 1,)."""
    known = np.ones(len(part), bool) if not part.null_count else np.asarray(part.is_valid())
    if pa.types.is_string(part.type):
        data, offsets = bytes_and_offsets(part)
        return hashes_of(data, offsets.astype(np.int64), known, ends, seed)
    numbers = np.asarray(part.cast(pa.int64()).fill_null(0)).view(np.uint8)
    return hashes_of(numbers, np.arange(0, numbers.size + 1, 8), known, ends, seed)
