"""Checked conversations as an Arrow table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa

from gracja.engine.conversations.outcome import Conversation
from gracja.engine.tables import CONVERSATIONS, TURN

_TURN_FIELDS: Final = [TURN.field(place) for place in range(TURN.num_fields)]


def to_table(conversations: Sequence[Conversation]) -> pa.Table:
    """The conversations as one table of tables.CONVERSATIONS, in their order."""
    turns = [turn for conversation in conversations for turn in conversation.turns]
    ends = [0]
    for conversation in conversations:
        ends.append(ends[-1] + len(conversation.turns))
    said = pa.StructArray.from_arrays(
        [pa.array([turn[place] for turn in turns], each.type) for place, each in enumerate(_TURN_FIELDS)],
        fields=_TURN_FIELDS,
    )
    columns: list[pa.Array[Any]] = [
        pa.array([conversation[place] for conversation in conversations], each.type)
        for place, each in enumerate(CONVERSATIONS)
        if each.name != "turns"
    ]
    columns.append(
        pa.ListArray.from_arrays(pa.array(ends, pa.int32()), said, type=CONVERSATIONS.field("turns").type)
    )
    return pa.Table.from_arrays(columns, schema=CONVERSATIONS)
