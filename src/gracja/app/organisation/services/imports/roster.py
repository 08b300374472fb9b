"""Shifts from a file. A row is known again by its person, place and beginning."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import batched
from typing import Final
from zoneinfo import ZoneInfo

from gracja.app.common import audit
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Column, Row, read_day, read_time
from gracja.app.organisation.access import days_where, is_among, may, may_somewhere
from gracja.app.organisation.models import ImportFile, Person, Place, Shift, User
from gracja.app.organisation.services.imports.known import KnownPeople, KnownPlaces
from gracja.app.organisation.services.imports.plan import PORTION, Overtaken, Plan, Planned, Wrong, planned
from gracja.app.organisation.services.roster import span

COLUMNS: Final = (
    Column(
        "person",
        ("Pracownik", "Osoba", "Imię i nazwisko", "Kod pracownika", "Employee", "Name"),
        required=True,
    ),
    Column("place", ("Placówka", "Miejsce", "Salon", "Sklep", "Oddział", "Store", "Branch"), required=True),
    Column("day", ("Dzień", "Data", "Date"), required=True),
    Column("begins", ("Od", "Początek", "Godzina od", "Start", "From", "Begin"), required=True),
    Column("ends", ("Do", "Koniec", "Godzina do", "End", "To", "Until"), required=True),
)


# beginning, end, line of the file (0: it was there before), the place's key
Span = tuple[datetime, datetime, int, int]
# person, place, beginning, end as it was, end
Served = tuple[Person, Place, datetime, datetime | None, datetime]


def plan_roster(*, by: User, rows: Iterable[Row], mapping: Mapping[str, int], file: ImportFile) -> Plan:
    """What these rows would do; the shifts they write remember the file. Raises Refused: not_permitted."""
    if not may_somewhere(by, "roster.manage"):
        raise Refused("not_permitted", permission="roster.manage")
    plans = RosterPlan(by, file)
    return planned(rows, mapping, plans.row, plans.write)


class RosterPlan:
    def __init__(self, by: User, file: ImportFile) -> None:
        self.by, self.file = by, file
        self.places = KnownPlaces()
        # nobody else is known to who reads the file: a dry run tells nothing of people at other places
        self.days = days_where(by, "roster.manage")
        here = Person.objects.filter(deactivated_at=None)
        self.people = KnownPeople(here if self.days is None else here.filter(pk__in=self.days))
        self.allowed = {
            place.pk: may(by, "roster.manage", place=place)
            for named in self.places.by_name.values()
            for place in named
        }
        self.served: dict[int, list[Span]] = defaultdict(list)  # by person, in order
        self.existing: dict[tuple[int, int, datetime], Shift] = {}
        for shift in Shift.objects.all().iterator(chunk_size=5000):
            self.existing[shift.person_id, shift.place_id, shift.starts_at] = shift
            self.served[shift.person_id].append((shift.starts_at, shift.ends_at, 0, shift.place_id))
        for spans in self.served.values():
            spans.sort()
        self.lines: dict[tuple[int, int, datetime], int] = {}
        self.added: list[Served] = []
        self.prolonged: list[Served] = []

    def write(self) -> Iterator[int]:
        """Raises Overtaken."""
        there = Counter(person for person, _, _ in self.existing)
        for some in batched(self.added, PORTION):
            people = {person.pk for person, *_ in some}
            self._check_unchanged(people, sum(there[one] for one in people))
            Shift.objects.bulk_create(
                Shift(person=person, place=place, starts_at=starts_at, ends_at=ends_at, file=self.file)
                for person, place, starts_at, _, ends_at in some
            )
            there.update(person.pk for person, *_ in some)
            audit.record_all(self._entry("shift.add", *one) for one in some)
            yield len(some)
        for some in batched(self.prolonged, PORTION):
            people = {person.pk for person, *_ in some}
            self._check_unchanged(people, sum(there[one] for one in people))
            shifts = []
            for person, place, starts_at, was, _ in some:
                shift = self.existing[person.pk, place.pk, starts_at]
                shift.file, shift.ends_before = self.file, was
                shifts.append(shift)
            Shift.objects.bulk_update(shifts, ["ends_at", "file", "ends_before"], batch_size=PORTION)
            audit.record_all(self._entry("shift.change", *one) for one in some)
            yield len(some)

    @staticmethod
    def _check_unchanged(people: set[int], n_shifts: int) -> None:
        """Nobody else planned these people meanwhile: their shifts might overlap."""
        list(Person.objects.select_for_update().filter(pk__in=people).values_list("pk"))
        if Shift.objects.filter(person__in=people).count() != n_shifts:
            raise Overtaken

    def row(self, line: int, values: dict[str, str]) -> Planned:
        person, place = self._who_and_where(values)
        day = self._day(values, person)
        starts_at, ends_at = self._when(values, place, day)
        what = f"{person.name}, {place.name}, {values['day']} {values['begins']}–{values['ends']}"
        key = (person.pk, place.pk, starts_at)
        if first := self.lines.get(key):
            raise Wrong("begins", values["begins"], "row_twice", first=first)
        existing = self.existing.get(key)
        if existing and existing.ends_at == ends_at:
            self.lines[key] = line
            return Planned(line, "same", what)
        spans = self.served[person.pk]
        if existing:
            spans.remove((existing.starts_at, existing.ends_at, 0, place.pk))
        clash = self._clash(spans, starts_at, ends_at)
        if clash:
            if existing:
                insort(spans, (existing.starts_at, existing.ends_at, 0, place.pk))
            if not self.allowed[clash[3]]:  # where and when is for those who lead that place
                raise Wrong("begins", values["begins"], "row_overlaps_elsewhere")
            zone = ZoneInfo(place.zone)
            begins, ends = (f"{one.astimezone(zone):%H:%M}" for one in clash[:2])
            code = "row_overlaps_line" if clash[2] else "row_overlaps"
            raise Wrong("begins", values["begins"], code, begins=begins, ends=ends, at=clash[2])
        insort(spans, (starts_at, ends_at, line, place.pk))
        self.lines[key] = line
        if existing:
            self.prolonged.append((person, place, starts_at, existing.ends_at, ends_at))
            existing.ends_at = ends_at
            return Planned(line, "change", what, ("ends",))
        self.added.append((person, place, starts_at, None, ends_at))
        return Planned(line, "add", what)

    def _who_and_where(self, values: dict[str, str]) -> tuple[Person, Place]:
        for column in COLUMNS:
            if not values.get(column.key):
                raise Wrong(column.key, "", "row_empty")
        place = self.places.find(values["place"])
        if not self.allowed[place.pk]:
            raise Wrong("place", values["place"], "row_place_not_yours")
        return self.people.find(values["person"]), place

    def _day(self, values: dict[str, str], person: Person) -> date:
        day = read_day(values["day"])
        if day is None:
            raise Wrong("day", values["day"], "row_day")
        if self.days is not None and not is_among(day, self.days[person.pk]):
            raise Wrong("person", values["person"], "row_person_unknown")
        return day

    @staticmethod
    def _when(values: dict[str, str], place: Place, day: date) -> tuple[datetime, datetime]:
        times = {}
        for column in ("begins", "ends"):
            at = read_time(values[column])
            if at is None:
                raise Wrong(column, values[column], "row_time")
            times[column] = at
        try:
            return span(place, day, times["begins"], times["ends"])
        except Refused as refused:
            raise Wrong.refused("ends", values["ends"], refused) from None

    @staticmethod
    def _clash(spans: list[Span], starts_at: datetime, ends_at: datetime) -> Span | None:
        """Spans of one person never overlap, so only the neighbours can."""
        at = bisect_left(spans, (ends_at,))
        near = spans[max(0, at - 1) : at]
        return next((one for one in near if one[1] > starts_at), None)

    def _entry(
        self,
        action: str,
        person: Person,
        place: Place,
        starts_at: datetime,
        was: datetime | None,
        ends_at: datetime,
    ) -> AuditEntry:
        return audit.entry(
            action,
            by=self.by,
            subject=("person", person.key),
            before={"ends_at": was.isoformat()} if was else None,
            after={"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()},
            place=place.uid,
        )
