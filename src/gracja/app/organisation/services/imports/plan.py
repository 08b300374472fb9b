"""What a file would do, row by row, before it does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Row, picked

Change = Literal["add", "change", "same"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the sentence for `code` and `facts` stands in wording/refusals."""

    line: int
    column: str  # our name for it
    value: str
    code: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a right row would do. `what`: how a reader knows it again; `apply`: does it, later."""

    line: int
    change: Change
    what: str
    details: tuple[str, ...] = ()  # which of our columns change
    apply: Any = None


@dataclass(slots=True)
class Plan:
    """A dry run. `finish` writes everything that is planned, in one go."""

    rows: list[Planned] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    finish: Callable[[], None] = lambda: None

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.change for row in self.rows)
        wrong = len({fault.line for fault in self.faults})
        return {"add": found["add"], "change": found["change"], "same": found["same"], "wrong": wrong}


def planned(
    rows: Iterable[Row],
    mapping: Mapping[str, int],
    one: Callable[[int, dict[str, str]], Planned],
    finish: Callable[[], None],
) -> Plan:
    """What these rows would do, one after another; `one` makes a row's plan or raises Wrong."""
    plan = Plan(finish=finish)
    for row in rows:
        try:
            plan.rows.append(one(row.line, picked(row, mapping)))
        except Wrong as wrong:
            plan.faults.append(wrong.at(row.line))
    return plan


class Wrong(Exception):  # noqa: N818  (a row, not the program)
    """A value of a row is not right."""

    def __init__(self, column: str, value: str, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.column, self.value, self.code, self.facts = column, value, code, facts

    @classmethod
    def refused(cls, column: str, value: str, refused: Refused) -> Wrong:
        return cls(column, value, refused.code, **refused.facts)

    def at(self, line: int) -> Fault:
        return Fault(line, self.column, self.value, self.code, self.facts)
