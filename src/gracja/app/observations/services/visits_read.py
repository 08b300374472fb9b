"""Visits as a spreadsheet has them: each with its marks, and what could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time

from gracja.app.common.kept_sheets import Fault
from gracja.app.contacts.selectors.known import KnownPerson, KnownPlace
from gracja.app.observations.services.cells import Value
from gracja.engine.words.tokens import fold

type Who = tuple[int | None, str]


def who_marked(person: int | None, name: str) -> Who:
    """Whom a visit's marks are of: the same name is the same evaluator, however it is spelt in capitals."""
    return person, fold(" ".join(name.split()))


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
    def who(self) -> Who:
        return who_marked(self.evaluator.pk if self.evaluator else None, self.evaluator_name)

    @property
    def of_contact(self) -> tuple[object, ...]:
        """What is the same for everybody who marked this contact."""
        return self.place, self.employee, self.at, self.channel

    @property
    def head(self) -> tuple[object, ...]:
        return (*self.of_contact, self.evaluator, self.evaluator_name, self.blind)


@dataclass
class Reading:
    """What a file holds. standards: ids, in the order of each visit's marks. visits: contact -> the visits of
    everybody who marked it, in the order of the file. unknown: place or employee ->
    name -> rows. outside: evaluators who are nobody of ours, which is all right. days: the first and the last
    day of rows with a name that is no employee's.
    """

    standards: list[str]
    visits: dict[str, list[Read]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    repeated: int = 0
    unknown: dict[str, Counter[str]] = field(
        default_factory=lambda: {"place": Counter(), "employee": Counter()}
    )
    outside: Counter[str] = field(default_factory=Counter)
    days: tuple[date, ...] = ()
