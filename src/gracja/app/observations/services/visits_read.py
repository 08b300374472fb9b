"""Visits as a spreadsheet has them: each with its marks, and what could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time

from gracja.app.common.kept_sheets import Fault
from gracja.app.contacts.selectors.known import KnownPerson, KnownPlace
from gracja.app.observations.services.cells import Value


@dataclass(slots=True)
class Read:
    """One visit as the file has it. marks: in the order of Reading.standards; None: the file says nothing.
    wanted: the band of closeness that its scenario wanted, or empty.
    """

    line: int
    contact: str
    place: KnownPlace
    employee: KnownPerson | None
    evaluator: KnownPerson | None
    evaluator_name: str
    at: datetime
    channel: str
    marks: list[Value | None]
    wanted: str = ""
    hour_known: bool = True
    blind: bool | None = None

    @property
    def earliest(self) -> datetime:
        """When it began at the earliest, as far as the file says."""
        if self.hour_known:
            return self.at
        return datetime.combine(self.at.astimezone(self.place.zone).date(), time(), self.place.zone)

    @property
    def head(self) -> tuple[object, ...]:
        return (
            self.place, self.employee, self.evaluator, self.evaluator_name, self.at, self.channel, self.blind
        )  # fmt: skip


@dataclass
class Reading:
    """What a file holds. standards: ids, in the order of each visit's marks. unknown: place or employee ->
    name -> rows. outside: evaluators who are nobody of ours, which is all right. days: the first and the last
    day of rows with a name that is no employee's.
    """

    standards: list[str]
    visits: dict[str, Read] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    repeated: int = 0
    unknown: dict[str, Counter[str]] = field(
        default_factory=lambda: {"place": Counter(), "employee": Counter()}
    )
    outside: Counter[str] = field(default_factory=Counter)
    days: tuple[date, ...] = ()
