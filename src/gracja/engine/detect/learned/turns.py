"""What a learned detector reads of an agent's turn: its words, what stands around it, where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
# Bytes of words in a slice. A letter makes eight n-grams of 24 bytes each: up to 300 MB while they are read.
SLICE: Final = 1_500_000
_WORDS: Final = (
    "text",
    "customer_before",
    "customer_after",
    "agent_before",
    "agent_after",
    "events_before",
    "events_after",
)


@dataclass(frozen=True)
class AgentTurns:
    """All turns of agents in a batch, in its order, as arrays of one length n.

    contact: row of the conversation in the batch. turn: place in its conversation, from 0.
    text: the agent's words. customer_before, customer_after: the customer's words since the agent's turn
    before and up to the agent's next one, a line for each turn. agent_before, agent_after: the words of
    the agent's turn before and of the next one. events_before, events_after: the system's events in the
    same stretches, a line for each. Texts are "" where there is nothing. from_start, from_end: the number
    of the turn among the agent's turns of its conversation, counted from 0 at either end; an incomplete
    conversation may go on, so there `from_end` counts to where it breaks off. employee: who spoke, else null.
    customer: the conversation's customer, else null.
    """

    contact: Numbers
    turn: Numbers
    text: pa.Array[Any]
    customer_before: pa.Array[Any]
    customer_after: pa.Array[Any]
    agent_before: pa.Array[Any]
    agent_after: pa.Array[Any]
    events_before: pa.Array[Any]
    events_after: pa.Array[Any]
    from_start: Numbers
    from_end: Numbers
    employee: pa.Array[Any]
    customer: pa.Array[Any]

    def __len__(self) -> int:
        return len(self.contact)

    @classmethod
    def of(cls, conversations: pa.Table | pa.RecordBatch) -> AgentTurns:
        """The agents' turns of a batch (tables.CONVERSATIONS); a conversation without any gives none."""
        lengths = _filled(pc.list_value_length(_column(conversations, "turns")))
        contact = np.repeat(np.arange(len(lengths)), lengths)
        first = np.cumsum(lengths) - lengths
        turn = np.arange(len(contact)) - first[contact]
        flat = pc.list_flatten(_column(conversations, "turns"))
        text = pc.struct_field(flat, "text").cast(pa.large_string())
        event = pc.struct_field(flat, "event").cast(pa.large_string())
        speaker = pc.struct_field(flat, "speaker")
        agent = _is(speaker, "agent")
        # a conversation with k turns of agents has k + 1 gaps: before, between and after them
        gap = contact + np.cumsum(agent)
        gaps = int(agent.sum()) + len(lengths)
        said = _joined(text, gap, _is(speaker, "customer"), gaps)
        happened = _joined(event, gap, np.asarray(pc.is_valid(event)) & _is(speaker, "system"), gaps)
        at = np.flatnonzero(agent)
        of, before = contact[at], gap[at] - 1
        own = text.take(pa.array(at))
        count = np.bincount(of, minlength=len(lengths))
        from_start = np.arange(len(at)) - (np.cumsum(count) - count)[of]
        from_end = count[of] - 1 - from_start
        served = _column(conversations, "employee").take(pa.array(of))
        return cls(
            contact=of,
            turn=turn[at],
            text=own,
            customer_before=said.take(pa.array(before)),
            customer_after=said.take(pa.array(before + 1)),
            agent_before=_shifted(own, -1, from_start > 0),
            agent_after=_shifted(own, 1, from_end > 0),
            events_before=happened.take(pa.array(before)),
            events_after=happened.take(pa.array(before + 1)),
            from_start=from_start,
            from_end=from_end,
            employee=pc.coalesce(pc.struct_field(flat, "employee").take(pa.array(at)), served),
            customer=_column(conversations, "customer").take(pa.array(of)),
        )

    def slices(self, size: int = SLICE) -> Iterator[tuple[slice, AgentTurns]]:
        """The turns in their order, cut after about `size` bytes of words: (which turns, those turns).

        A turn is never cut, however long it is.
        """
        lengths = [pc.fill_null(pc.binary_length(getattr(self, name)), 0) for name in _WORDS]
        behind = np.cumsum(np.sum([np.asarray(one, dtype=np.int64) for one in lengths], axis=0))
        cuts = np.flatnonzero(np.diff(behind // size)) + 1
        for begin, end in pairwise([0, *cuts.tolist(), len(self)]):
            which = slice(begin, end)
            yield which, AgentTurns(*(getattr(self, field.name)[which] for field in fields(self)))


def _column(conversations: pa.Table | pa.RecordBatch, name: str) -> Any:
    column = conversations.column(name)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _is(speaker: Any, who: str) -> NDArray[np.bool_]:
    return np.asarray(pc.equal(speaker, pa.scalar(who)), dtype=np.bool_)


def _filled(lengths: Any) -> Numbers:
    return np.asarray(pc.fill_null(lengths, 0), dtype=np.int64)


def _joined(words: Any, gap: Numbers, chosen: NDArray[np.bool_], gaps: int) -> Any:
    """The chosen words of each gap as one text with a line for each, (gaps,)."""
    places = np.searchsorted(gap[chosen], np.arange(gaps + 1))
    lists = pa.ListArray.from_arrays(pa.array(places, pa.int32()), words.filter(pa.array(chosen)))
    return pc.binary_join(lists, pa.scalar("\n", pa.large_string()))


def _shifted(words: Any, step: int, there: NDArray[np.bool_]) -> Any:
    """The words `step` places away where `there`, else ""."""
    places = pa.array(np.arange(len(words)) + step, mask=~there)
    return pc.fill_null(words.take(places), "")
