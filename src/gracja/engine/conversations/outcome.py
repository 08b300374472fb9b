"""What becomes of each conversation that comes in: accepted or rejected, and what to say about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gracja.engine.errors import EngineInputError, Where


class Turn(NamedTuple):
    """A row of tables.TURN; `at` in microseconds since 1970 UTC."""

    speaker: str
    employee: str | None
    text: str
    event: str | None
    at: int | None


class Conversation(NamedTuple):
    """A row of tables.CONVERSATIONS; `started_at` in microseconds since 1970 UTC."""

    contact: str
    employee: str | None
    customer: str | None
    place: str | None
    channel: str
    language: str | None
    started_at: int | None
    complete: bool
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A conversation or row that cannot be used: why, where, and the first 2,000 characters of it."""

    where: Where
    code: str
    facts: Mapping[str, Any]
    contact: str | None
    raw: str

    def error(self) -> EngineInputError:
        """The same as an error: to raise, or to say in a person's language."""
        return EngineInputError(self.code, self.where, **self.facts)


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something accepted that a person should know of. Codes: line_blank, file_empty, employee_missing,
    agent_turn_missing, channel_assumed, character_replaced, field_ignored (the last two with `name`).
    """

    code: str
    where: Where
    name: str | None = None


class Accepted(NamedTuple):
    """A good conversation, where it stood, its source text if it must be shown after all, and notices."""

    conversation: Conversation
    where: Where
    raw: Callable[[], str]
    notices: tuple[Noticed, ...] = ()


Outcome = Accepted | Rejected | Noticed


class WrongError(Exception):
    """What is wrong with one record, before its file and line are known."""

    def __init__(self, code: str, field: str | None = None, turn: int | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.field, self.turn, self.facts = code, field, turn, facts

    def path(self) -> str | None:
        """The field as JSON counts: `turns[0].text` is the text of the first turn."""
        if self.turn is None:
            return self.field
        return f"turns[{self.turn}].{self.field}" if self.field else f"turns[{self.turn}]"


@dataclass(slots=True)
class Tally:
    """The counts of a run. What came in is what was accepted and what was rejected; blank lines apart."""

    accepted: int = 0
    rejected: int = 0
    blank: int = 0
    rejected_by_code: Counter[str] = field(default_factory=Counter)
    first_rejected: dict[str, Rejected] = field(default_factory=dict)  # by code: one to show for them all
    noticed: Counter[tuple[str, str | None, str | None]] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        """How many conversations (or rows) came in."""
        return self.accepted + self.rejected

    def reject(self, rejected: Rejected) -> None:
        self.rejected += 1
        self.rejected_by_code[rejected.code] += 1
        self.first_rejected.setdefault(rejected.code, rejected)

    def notice(self, noticed: Noticed, count: int = 1) -> None:
        if noticed.code == "line_blank":
            self.blank += count
        else:
            self.noticed[noticed.code, noticed.where.file, noticed.name] += count

    def notices(self) -> list[EngineInputError]:
        """One sentence to say for each file, code and field name, with its count."""
        return [
            EngineInputError(code, Where(file), count=count, **({} if name is None else {"name": name}))
            for (code, file, name), count in self.noticed.items()
        ]
