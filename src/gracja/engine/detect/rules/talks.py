"""A batch of conversations as columns: what the rules look at, one entry a turn or a conversation.

A *place* is one number, turn << 32 | code point, with turns counted through the whole batch: so places of
one conversation are in order, and those of the next come after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa

from gracja.engine.detect.rules.search import below
from gracja.engine.detect.scan import Texts
from gracja.engine.detect.scan.numbers import Array, Column, as_array, kernels, one_array
from gracja.engine.tables import SPEAKERS, TURN

AGENT, CUSTOMER, BOT, SYSTEM = range(len(SPEAKERS))
NOBODY: Final = -1
TURN_BITS: Final = 32


# where no conversation of a batch has a turn: columns of no length would have to be asked for everywhere
_NOBODYS_TURN: Final[Column] = pa.array([{"speaker": "bot", "text": ""}], TURN)


def place(turn: Array, code_point: Array | int = 0) -> Array:
    """The place of a code point in a turn."""
    return turn.astype(np.int64) << TURN_BITS | code_point


@dataclass(frozen=True)
class Times:
    """Moments in microseconds (int64) and whether they are known (bool)."""

    micros: Array
    known: Array

    @classmethod
    def of(cls, array: Column) -> Times:
        return cls(as_array(kernels.fill_null(array.cast(pa.int64()), 0)), as_array(array.is_valid()))


@dataclass(frozen=True)
class Coded:
    """Strings as numbers (int32, NOBODY where there is none) into `names`."""

    code: Array
    names: list[str]

    @classmethod
    def of(cls, array: Column) -> Coded:
        if array.null_count == len(array):
            return cls(np.full(len(array), NOBODY, np.int32), [])
        encoded = array.dictionary_encode()
        codes = as_array(kernels.fill_null(encoded.indices, NOBODY))
        return cls(codes.astype(np.int32), encoded.dictionary.to_pylist())


@dataclass(frozen=True)
class Talks:
    """The columns of a batch; `first` int64[talks + 1] says where each conversation's turns begin."""

    rows: pa.Table | pa.RecordBatch
    first: Array
    talk_of: Array  # int64[turns]
    speaker: Array  # int8[turns]
    texts: Texts
    at: Times  # of each turn
    started: Times  # of each talk
    complete: Array  # bool[talks]
    language: Coded  # of each talk
    channel: Coded
    event: Coded  # of each turn
    employee: Array  # int32[talks], a code into `employees`
    turn_employee: Array  # int32[turns], who spoke an agent's turn
    employees: list[str]

    @classmethod
    def of(cls, conversations: pa.Table | pa.RecordBatch, default_language: str | None = None) -> Talks:
        """tables.CONVERSATIONS as columns. An agent's turn that names nobody is the contact's employee's."""
        columns = {name: one_array(conversations.column(name)) for name in conversations.schema.names}
        turns = columns["turns"]
        offsets = as_array(turns.offsets).astype(np.int64)
        first = offsets - offsets[0]
        said = turns.flatten() if first[-1] else _NOBODYS_TURN
        fields = dict(zip((field.name for field in TURN), said.flatten(), strict=True))
        talk_of = np.repeat(np.arange(len(turns)), np.diff(first)) if first[-1] else np.zeros(1, np.int64)
        speaker = as_array(kernels.index_in(fields["speaker"], pa.array(SPEAKERS))).astype(np.int8)
        spoken = fields["employee"]
        if spoken.null_count < len(spoken):
            spoken = kernels.if_else(pa.array(speaker == AGENT), _none_if_empty(spoken), None)
        whose = Coded.of(pa.concat_arrays([columns["employee"], spoken]))
        employee, named = whose.code[: len(turns)], whose.code[len(turns) :]
        own = np.where((named == NOBODY) & (speaker == AGENT), employee[talk_of], named)
        return cls(
            rows=conversations,
            first=first,
            talk_of=talk_of,
            speaker=speaker,
            texts=Texts.of(fields["text"]),
            at=Times.of(fields["at"]),
            started=Times.of(columns["started_at"]),
            complete=as_array(columns["complete"]),
            language=_languages(columns["language"], default_language),
            channel=Coded.of(columns["channel"]),
            event=Coded.of(fields["event"]),
            employee=employee,
            turn_employee=own,
            employees=whose.names,
        )

    def __len__(self) -> int:
        return self.complete.size

    @cached_property
    def behind(self) -> Array:
        """The place behind the last turn of each talk."""
        return place(self.first[1:])

    @cached_property
    def agent_turns(self) -> Array:
        return self.turns_of(frozenset((AGENT,)))

    @cached_property
    def _agent_places(self) -> Array:
        return place(self.agent_turns)

    @cached_property
    def _agents(self) -> tuple[Array, Array]:
        """Who spoke each of the agents' turns, and how often the speaker had changed by then."""
        who = self.turn_employee[self.agent_turns]
        changes = np.concatenate([[0], np.cumsum(who[1:] != who[:-1])]) if who.size else np.zeros(1, np.int64)
        return who, changes

    @cached_property
    def last_agent_turn(self) -> Array:
        """int64[turns]: the last agent's turn up to each turn of its talk, or -1."""
        latest = np.where(self.speaker == AGENT, np.arange(self.speaker.size), -1)
        latest = np.maximum.accumulate(latest) if latest.size else latest
        return np.where(latest >= self.first[self.talk_of], latest, -1)

    @cached_property
    def lengths(self) -> Array:
        """Code points of each turn's text."""
        return as_array(kernels.utf8_length(self.texts.array)).astype(np.int64)

    def turns_of(self, speakers: frozenset[int]) -> Array:
        """The turns of these speakers, in order."""
        if speakers not in self._turns:
            spoken = np.zeros(self.speaker.size, np.bool_)
            for one in speakers:  # of a few, many times as fast as to ask for all at once
                spoken |= self.speaker == one
            self._turns[speakers] = np.flatnonzero(spoken)
        return self._turns[speakers]

    @cached_property
    def _turns(self) -> dict[frozenset[int], Array]:
        return {}

    def holder_at(self, turn: Array, talk: Array) -> Array:
        """Who had the contact at this turn: its speaker, else the agent who spoke last before."""
        last = np.minimum(turn, self.first[talk + 1] - 1)
        spoke = np.where(last >= self.first[talk], self.last_agent_turn[last] if last.size else last, -1)
        return np.where(spoke >= 0, self.turn_employee[spoke], self.employee[talk])

    def answerable_for(self, lo: Array, hi: Array, talk: Array) -> Array:
        """Who answers for an absence: the one agent between; the holder where none spoke; else nobody."""
        begin = below(self.agent_turns, lo >> TURN_BITS)
        behind = np.maximum(below(self._agent_places, hi), begin)
        who, changes = self._agents
        spoke = behind > begin
        one = spoke & (changes[np.where(spoke, behind - 1, 0)] == changes[np.where(spoke, begin, 0)])
        single = np.where(one, who[np.where(one, begin, 0)] if who.size else NOBODY, NOBODY)
        return np.where(spoke, single, self.holder_at(lo >> TURN_BITS, talk))


def _none_if_empty(names: Column) -> Column:
    return kernels.if_else(kernels.equal(names, ""), None, names)


def _languages(column: Column, default: str | None) -> Coded:
    """Languages as two letters: `pl` of `pl_PL` and `PL-pl`."""
    given = Coded.of(_none_if_empty(column))
    names = [*given.names, default]
    short = [name.replace("_", "-").split("-")[0].lower() if name else None for name in names]
    distinct = sorted({name for name in short if name})
    code = np.array([distinct.index(name) if name else NOBODY for name in short], np.int32)
    return Coded(code[np.where(given.code == NOBODY, len(names) - 1, given.code)], distinct)
