"""One conversation as the matcher sees it: turns, their words, segments, and who held the contact when."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from gracja.engine.words.tokens import Token, tokenise

Speaker = Literal["agent", "customer", "bot", "system"]
Place = tuple[int, int]  # a turn and a code point in it


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Words that a phrase found: a turn, and the code points from start up to end."""

    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a conversation from `lo` up to `hi`; `open`: what is still to come may belong to it."""

    lo: Place
    hi: Place
    open: bool

    def holds(self, hit: Hit) -> bool:
        return self.lo <= (hit.turn, hit.start) and (hit.turn, hit.end) <= self.hi

    def those_of(self, hits: list[Hit]) -> list[Hit]:
        """The hits of an ordered list that lie in this span."""
        first = bisect_left(hits, Hit(*self.lo, -1))
        behind = bisect_left(hits, Hit(*self.hi, -1))
        return [hit for hit in hits[first:behind] if self.holds(hit)]

    def cut(self, lo: Place | None = None, hi: Place | None = None) -> Span:
        """The part of this span from `lo` (where given) up to `hi` (where given, which closes it)."""
        new_lo = max(self.lo, lo) if lo else self.lo
        if hi is None or hi > self.hi:
            return Span(new_lo, self.hi, self.open)
        return Span(new_lo, hi, open=False)


@dataclass(frozen=True)
class Turn:
    index: int
    speaker: Speaker
    employee: str | None
    text: str
    event: str | None
    at: datetime | None

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenise(self.text)


@dataclass
class Talk:
    """A conversation; `segment_starts` are the turns at which segments begin, the first being 0."""

    contact: str
    employee: str | None
    place: str | None
    channel: str
    language: str | None
    started_at: datetime | None
    complete: bool
    turns: list[Turn]
    segment_starts: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def from_row(cls, row: dict[str, Any], default_language: str | None = None) -> Talk:
        """A row of the conversations table. An agent's turn that names nobody is the contact's employee's."""
        turns = [
            Turn(
                index,
                turn["speaker"],
                (turn["employee"] or row["employee"]) if turn["speaker"] == "agent" else None,
                turn["text"],
                turn["event"],
                turn["at"],
            )
            for index, turn in enumerate(row["turns"])
        ]
        language = row["language"] or default_language
        return cls(
            contact=row["contact"],
            employee=row["employee"],
            place=row["place"],
            channel=row["channel"],
            language=language.replace("_", "-").split("-")[0].lower() if language else None,
            started_at=row["started_at"],
            complete=row["complete"],
            turns=turns,
            segment_starts=[0, *(t.index for t in turns if t.index and t.event == "segment")],
        )

    @property
    def end(self) -> Place:
        return (len(self.turns), 0)

    @property
    def whole(self) -> Span:
        return Span((0, 0), self.end, open=not self.complete)

    @cached_property
    def turns_of(self) -> dict[str, list[int]]:
        """The turns of each speaker, in order."""
        turns: dict[str, list[int]] = {"agent": [], "customer": [], "bot": [], "system": []}
        for turn in self.turns:
            turns[turn.speaker].append(turn.index)
        return turns

    @property
    def occurred_at(self) -> datetime | None:
        return self.started_at or next((turn.at for turn in self.turns if turn.at), None)

    def turn_span(self, index: int) -> Span:
        return Span((index, 0), (index + 1, 0), open=False)

    def segments(self) -> Iterator[Span]:
        """The segments as spans; only the last can be open."""
        ends = [*self.segment_starts[1:], len(self.turns)]
        for start, end in zip(self.segment_starts, ends, strict=True):
            last = end == len(self.turns)
            yield Span((start, 0), (end, 0), open=last and not self.complete)

    def segment_at(self, turn: int) -> int:
        """The number of the segment that this turn is in."""
        return sum(start <= turn for start in self.segment_starts) - 1

    def holder_at(self, turn: int) -> str | None:
        """Who had the contact at this turn: its speaker, else the agent who spoke last before."""
        for index in range(min(turn, len(self.turns) - 1), -1, -1):
            if self.turns[index].speaker == "agent":
                return self.turns[index].employee
        return self.employee

    def answerable_for(self, span: Span) -> str | None:
        """Who answers for an absence: the span's one agent; the holder where none spoke; else nobody."""
        spoke = {
            self.turns[index].employee
            for index in self.turns_of["agent"]
            if span.lo[0] <= index and (index, 0) < span.hi
        }
        if not spoke:
            return self.holder_at(span.lo[0])
        return spoke.pop() if len(spoke) == 1 else None
