"""The rows of an Arrow table that are good conversations as they stand, found without a Python loop.

Whatever is wrong or unusual about a row makes it *doubtful*: `columns.check_rows` looks at those one by one
and says what there is to say. Rows that are good here are exactly those that it would accept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gracja.engine.conversations.check import LONGEST_TURN_CHARACTERS, MOST_TURNS, language_of
from gracja.engine.conversations.outcome import WrongError
from gracja.engine.conversations.strings import (
    UnusualError,
    as_ids,
    as_texts,
    bytes_and_offsets,
    rows_at,
    rows_holding,
)
from gracja.engine.conversations.times import as_instants, harmless, plain_times
from gracja.engine.conversations.values import short
from gracja.engine.tables import CHANNELS, CONVERSATIONS, SPEAKERS, TURN

_TURN_FIELDS: Final = [TURN.field(place) for place in range(TURN.num_fields)]
_TURN_NAMES: Final = [each.name for each in _TURN_FIELDS]
_TURNS: Final = CONVERSATIONS.field("turns").type
_IDS: Final = ("contact", "employee", "customer", "place", "channel", "language")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sifted:
    """Good rows in the types of tables.CONVERSATIONS, what to say of each, and where the others stand.

    rows, doubtful: numbers of rows in the table that was given, rising. said: code and name of a `Noticed`,
    with a mask over the good rows.
    """

    good: pa.Table
    rows: NDArray[np.int64]
    doubtful: NDArray[np.int64]
    said: list[tuple[str, str | None, Mask]]


def sift(table: pa.Table) -> Sifted:
    """What can be accepted of this table at once. In a table of unusual types all rows are doubtful."""
    every = np.arange(table.num_rows, dtype=np.int64)
    if not table.num_rows:
        return Sifted(CONVERSATIONS.empty_table(), every, every, [])
    try:
        return _Sieve(_plain(table)).sifted(every)
    except (UnusualError, pa.ArrowException, ValueError, OverflowError):
        return Sifted(CONVERSATIONS.empty_table(), every[:0], every, [])


def _plain(table: pa.Table) -> pa.RecordBatch:
    """One batch with times as `columns.rows_of` reads them."""
    if len(set(table.schema.names)) < table.num_columns:
        raise UnusualError
    (batch,) = plain_times(table).combine_chunks().to_batches()
    batch.validate()
    return batch


class _Sieve:
    """One batch: its columns in their final types, and which rows are doubtful so far."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self._doubtful = np.zeros(batch.num_rows, bool)
        lists = batch.column("turns")
        if not pa.types.is_list(lists.type):
            lists = lists.cast(pa.list_(lists.type.value_type))
        assert isinstance(lists, pa.ListArray)
        self._ends = np.asarray(lists.offsets)  # of a slice these count from the start of the whole
        turns = lists.values.slice(int(self._ends[0]), int(self._ends[-1] - self._ends[0]))
        assert isinstance(turns, pa.StructArray)
        self._turns = turns
        self._ends = self._ends - self._ends[0]
        self._counts = np.diff(self._ends)
        self._lists_missing = _nulls(lists)

    def sifted(self, every: NDArray[np.int64]) -> Sifted:
        columns = {name: self._ids(name) for name in _IDS}
        columns["channel"] = self._channel(columns["channel"])
        columns["language"] = self._language(columns["language"])
        columns["started_at"], bad = as_instants(self._column("started_at"))
        self._doubtful |= bad
        columns["complete"] = self._complete()
        columns["turns"], agents, named = self._judged_turns(columns["complete"])
        noticed = self._said(columns["employee"], agents, named)
        for name in ("contact", "channel"):
            self._doubtful |= _nulls(columns[name])
        whole = pa.Table.from_arrays([columns[each.name] for each in CONVERSATIONS], schema=CONVERSATIONS)
        if not self._doubtful.any():
            return Sifted(whole, every, every[:0], noticed)
        fine = ~self._doubtful
        kept = [(code, name, mask[fine]) for code, name, mask in noticed]
        return Sifted(whole.filter(pa.array(fine)), every[fine], every[~fine], kept)

    def _column(self, name: str) -> pa.Array[Any]:
        if name in self._batch.schema.names:
            return self._batch.column(name)
        return pa.nulls(self._batch.num_rows)

    def _ids(self, name: str) -> pa.Array[Any]:
        ids, doubtful = as_ids(self._column(name))
        self._doubtful[doubtful] = True
        return ids

    def _channel(self, channels: pa.Array[Any]) -> pa.Array[Any]:
        self._doubtful |= ~np.asarray(pc.is_in(channels, pa.array(CHANNELS)))
        return channels

    def _language(self, languages: pa.Array[Any]) -> pa.Array[Any]:
        """Bare languages; there are few, so each is read once."""
        encoded = languages.dictionary_encode()
        read: list[str | None] = []
        for place, language in enumerate(encoded.dictionary.to_pylist()):
            try:
                read.append(language_of(language))
            except WrongError:
                read.append(None)
                self._doubtful |= np.asarray(encoded.indices.fill_null(-1)) == place
        return pa.array(read, pa.string()).take(encoded.indices)

    def _complete(self) -> pa.Array[Any]:
        column = self._column("complete")
        if not pa.types.is_boolean(column.type) and not pa.types.is_null(column.type):
            raise UnusualError
        return column.cast(pa.bool_()).fill_null(fill_value=True)

    def _judged_turns(self, complete: pa.Array[Any]) -> tuple[pa.Array[Any], Mask, Mask]:
        """The turns in the types of tables.TURN; which are of agents, and which name who spoke."""
        empty = (self._counts == 0) & np.asarray(complete)
        self._doubtful |= self._lists_missing | empty | (self._counts > MOST_TURNS)
        given = self._turns
        names = [given.type.field(place).name for place in range(given.type.num_fields)]
        if len(set(names)) < len(names):
            raise UnusualError
        parts = dict(zip(names, given.flatten(), strict=True))
        missing = pa.nulls(len(given))
        self._doubt(_nulls(given))
        speaker = as_texts(parts.get("speaker", missing))
        self._doubt(~np.asarray(pc.is_in(speaker, pa.array(SPEAKERS))))
        ids: dict[str, pa.Array[Any]] = {}
        for name in ("employee", "event"):
            ids[name], doubtful = as_ids(parts.get(name, missing))
            self._doubt_at(doubtful)
        text = self._text(as_texts(parts.get("text", missing)), ids["event"])
        at, bad = as_instants(parts.get("at", missing))
        self._doubt(bad)
        self._doubt_order(at)
        columns = {"speaker": speaker, "text": text, "at": at, **ids}
        turns = pa.StructArray.from_arrays([columns[name] for name in _TURN_NAMES], fields=_TURN_FIELDS)
        lists = pa.ListArray.from_arrays(pa.array(self._ends, pa.int32()), turns, type=_TURNS)
        agents = pc.equal(speaker, pa.scalar("agent")).fill_null(fill_value=False)
        return lists, np.asarray(agents), ~_nulls(ids["employee"])

    def _text(self, text: pa.Array[Any], event: pa.Array[Any]) -> pa.Array[Any]:
        """Nothing was said where only something happened."""
        if text.null_count:
            self._doubt(_nulls(text) & _nulls(event))
            text = text.fill_null("")
        self._doubt_at(rows_holding(text, 0))
        lengths = np.diff(bytes_and_offsets(text)[1])
        self._doubt(lengths > LONGEST_TURN_CHARACTERS)  # counted in bytes, so some of them are good
        return text

    def _doubt_order(self, at: pa.Array[Any]) -> None:
        known = np.flatnonzero(~_nulls(at))
        times = np.asarray(at.cast(pa.int64()).fill_null(0))[known]
        earlier = np.flatnonzero(times[1:] < times[:-1]) + 1
        if len(earlier):
            conversation = rows_at(self._ends, known[earlier])
            same = conversation == rows_at(self._ends, known[earlier - 1])
            self._doubtful[conversation[same]] = True

    def _doubt(self, turns: Mask) -> None:
        if turns.any():
            self._doubt_at(np.flatnonzero(turns))

    def _doubt_at(self, turns: NDArray[np.int64]) -> None:
        self._doubtful[rows_at(self._ends, turns)] = True

    def _said(self, employee: pa.Array[Any], agents: Mask, named: Mask) -> list[tuple[str, str | None, Mask]]:
        """As `check` notices it: unknown fields, marks that belong to nobody, agents who say nothing."""
        every = np.ones(self._batch.num_rows, bool)
        said: list[tuple[str, str | None, Mask]] = []
        for name in self._batch.schema.names:
            if name not in CONVERSATIONS.names:
                harmless(self._batch.column(name))
                said.append(("field_ignored", short(name), every))
        for each, part in zip(self._turns.type, self._turns.flatten(), strict=True):
            if each.name not in _TURN_NAMES:
                harmless(part)
                said.append(("field_ignored", f"turns.{short(each.name)}", self._counts > 0))
        said.append(("employee_missing", None, _nulls(employee) & ~self._any(agents & named)))
        said.append(("agent_turn_missing", None, ~self._any(agents)))
        return [(code, name, mask) for code, name, mask in said if mask.any()]

    def _any(self, turns: Mask) -> Mask:
        """Whether any turn of each conversation is one of these."""
        before = np.concatenate([[0], np.cumsum(turns)])
        return np.asarray(before[self._ends[1:]] > before[self._ends[:-1]])


def _nulls(column: pa.Array[Any]) -> Mask:
    if not column.null_count:
        return np.zeros(len(column), bool)
    return np.asarray(column.is_null())
