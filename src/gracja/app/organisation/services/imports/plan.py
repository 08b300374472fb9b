"""What a file would do, row by row, before it does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any, Final, Literal

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
    """What a right row would do. `what`: how a reader knows it again."""

    line: int
    change: Change
    what: str
    details: tuple[str, ...] = ()  # which of our columns change


PORTION: Final = 500  # rows that are written together, where not all are
SHOWN: Final = 200  # rows of a dry run that are shown; the counts are of all
Write = Callable[[], Iterator[int]]


@dataclass(slots=True)
class Plan:
    """A dry run. `write` does what is planned, portion by portion; each says how many rows it wrote."""

    write: Write
    rows: list[Planned] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.change for row in self.rows)
        wrong = len({fault.line for fault in self.faults})
        return {"add": found["add"], "change": found["change"], "same": found["same"], "wrong": wrong}


def planned(
    rows: Iterable[Row],
    mapping: Mapping[str, int],
    one: Callable[[int, dict[str, str]], Planned],
    write: Write,
) -> Plan:
    """What these rows would do, one after another; `one` makes a row's plan or raises Wrong."""
    plan = Plan(write)
    for row in rows:
        try:
            plan.rows.append(one(row.line, picked(row, mapping)))
        except Wrong as wrong:
            plan.faults.append(wrong.at(row.line))
    return plan


@dataclass(frozen=True, slots=True)
class Found:
    """What of a dry run is shown: all counts, the first faults, the first rows that would do something."""

    counts: dict[str, int]
    faults: list[Fault]
    planned: list[Planned]
    n_faults: int
    n_planned: int

    @classmethod
    def of(cls, plan: Plan) -> Found:
        moving = [row for row in plan.rows if row.change != "same"]
        return cls(plan.counts, plan.faults[:SHOWN], moving[:SHOWN], len(plan.faults), len(moving))

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Found:
        faults = [Fault(*one) for one in kept["faults"]]
        planned = [
            Planned(line, change, what, tuple(details)) for line, change, what, details in kept["planned"]
        ]
        return cls(kept["counts"], faults, planned, kept["n_faults"], kept["n_planned"])

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": self.counts,
            "faults": [astuple(one) for one in self.faults],
            "planned": [astuple(one) for one in self.planned],
            "n_faults": self.n_faults,
            "n_planned": self.n_planned,
        }


class Overtaken(Refused):
    """What was planned is not what is there any more: look again."""

    def __init__(self) -> None:
        super().__init__("file_overtaken")


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
