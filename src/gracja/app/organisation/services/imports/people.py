"""People from a file. A row is known again by its code, else its e-mail, else its name at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import Final, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gracja.app.common import audit
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Column, Row, fold, read_day
from gracja.app.organisation.access import lacking, may
from gracja.app.organisation.models import Membership, Person, Place, Role, User
from gracja.app.organisation.permissions import PERMISSIONS
from gracja.app.organisation.services.imports.known import KnownPeople, KnownPlaces, KnownRoles
from gracja.app.organisation.services.imports.plan import Plan, Planned, Wrong, planned
from gracja.app.organisation.services.people import PERSONAL, facts_of

COLUMNS: Final = (
    Column(
        "name",
        (
            "Imię i nazwisko",
            "Nazwisko i imię",
            "Imię",
            "Nazwisko",
            "Pracownik",
            "Osoba",
            "Full name",
            "Employee",
            "Person",
        ),
        required=True,
    ),
    Column("code", ("Kod", "Numer", "Nr pracownika", "Identyfikator", "ID", "Employee ID", "Number")),
    Column("email", ("E-mail", "Adres e-mail", "Poczta", "Mail", "Email address")),
    Column("place", ("Placówka", "Miejsce", "Salon", "Sklep", "Oddział", "Lokalizacja", "Store", "Branch")),
    Column("role", ("Rola", "Stanowisko", "Funkcja", "Position", "Job title")),
    Column(
        "started_on",
        ("Data zatrudnienia", "Zatrudniony od", "Pracuje od", "Start", "Started", "Hired", "Start date"),
    ),
    Column(
        "trainee_until", ("Okres próbny do", "Uczy się do", "Szkolenie do", "Trainee until", "In training")
    ),
)


@dataclass(slots=True)
class Wanted:
    """A row, read."""

    name: str
    code: str
    email: str
    place: Place | None
    role: Role
    days: dict[str, date]


class Entry(NamedTuple):
    """What will stand in the log."""

    action: str
    person: Person
    before: dict[str, str]
    after: dict[str, str]
    place: Place | None


class PeoplePlan:
    """Reads rows one after another, and remembers what they would do."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.people = list(Person.objects.prefetch_related("memberships__role", "memberships__place"))
        self.known = KnownPeople(one for one in self.people if not one.pseudonymised_at)
        self.places, self.roles = KnownPlaces(), KnownRoles()
        self.lines: dict[int, int] = {}  # id of a person in memory -> the line that named them first
        self.allowed: dict[tuple[int, int | None], Wrong | None] = {}
        self.held = {
            (one.person_id, one.role_id, one.place_id) for p in self.people for one in p.memberships.all()
        }
        self.entries: list[Entry] = []  # made into rows only when they are written
        self.added: list[Person] = []
        self.changed: list[Person] = []
        self.given: list[tuple[Person, Role, Place | None]] = []
        self.new_at: dict[int, int | None] = {}  # id of a new person in memory -> place

    def finish(self) -> None:
        for new in batched(self.added, 1000):
            Person.objects.bulk_create(new)
        Person.objects.bulk_update(
            self.changed,
            ["name", "found_by", "code", "email", "started_on", "trainee_until"],
            batch_size=200,
        )
        for person in self.changed:
            User.objects.filter(person=person).exclude(email=person.email).update(email=person.email)
        for some in batched(self.given, 1000):
            Membership.objects.bulk_create(
                Membership(person=person, role=role, place=place) for person, role, place in some
            )
        audit.record_all(self._entry(one) for one in self.entries)

    def row(self, line: int, values: dict[str, str]) -> Planned:
        wanted = self._read(values)
        person = self._same_person(wanted)
        if person and (before := self.lines.get(id(person))):
            column, value = ("code", wanted.code) if wanted.code else ("name", wanted.name)
            raise Wrong(column, value, "row_twice", first=before)
        self._check_taken(wanted, person)
        if person is None:
            person = self._add(wanted)
            planned = Planned(line, "add", wanted.name)
        else:
            details = self._change(person, wanted)
            planned = Planned(line, "change" if details else "same", wanted.name, details)
        self.lines[id(person)] = line
        return planned

    def _read(self, values: dict[str, str]) -> Wanted:
        name = " ".join(values.get("name", "").split())
        if not name:
            raise Wrong("name", "", "row_empty")
        if len(name) > 120:
            raise Wrong("name", name, "row_too_much", limit=120)
        code, email = values.get("code", ""), values.get("email", "")
        if len(code) > 60:
            raise Wrong("code", code, "row_too_much", limit=60)
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise Wrong("email", email, "row_email") from None
        place = self.places.find(values["place"]) if values.get("place") else None
        role = self.roles.find(values["role"]) if values.get("role") else self.roles.find("employee")
        self._check_allowed(role, place, values)
        days = {}
        for column in ("started_on", "trainee_until"):
            if said := values.get(column):
                day = read_day(said)
                if day is None:
                    raise Wrong(column, said, "row_day")
                days[column] = day
        return Wanted(name, code, email, place, role, days)

    def _check_allowed(self, role: Role, place: Place | None, values: dict[str, str]) -> None:
        key = (role.pk, place.pk if place else None)
        if key not in self.allowed:
            self.allowed[key] = self._why_not(role, place)
        if wrong := self.allowed[key]:
            raise Wrong(wrong.column, values.get(wrong.column, ""), wrong.code, **wrong.facts)

    def _why_not(self, role: Role, place: Place | None) -> Wrong | None:
        if not may(self.by, "person.manage", place=place):
            return Wrong("place", "", "row_place_not_yours" if place else "row_place_needed")
        if missing := lacking(self.by, role, place=place):
            return Wrong("role", "", "permission_not_yours", permission=missing)
        needs_all = next((one for one in role.permissions if not PERMISSIONS.get(one, True)), "")
        return Wrong("role", "", "role_company_wide", permission=needs_all) if place and needs_all else None

    def _same_person(self, wanted: Wanted) -> Person | None:
        if wanted.code and (found := self.known.by_code.get(wanted.code.casefold())):
            return found
        if wanted.email and (found := self.known.by_email.get(wanted.email.casefold())):
            return found
        named = [
            one
            for one in self.known.by_name.get(fold(wanted.name), [])
            if self._is_at(one, wanted.place)
            and not (wanted.code and one.code)
            and not (wanted.email and one.email)
        ]
        if len(named) > 1:
            raise Wrong("name", wanted.name, "row_person_ambiguous", n=len(named))
        return named[0] if named else None

    def _is_at(self, person: Person, place: Place | None) -> bool:
        if person.pk is None:
            return self.new_at[id(person)] == (place.pk if place else None)
        return any(one.place_id == (place.pk if place else None) for one in person.memberships.all())

    def _check_taken(self, wanted: Wanted, person: Person | None) -> None:
        for column, value, taken in (
            ("code", wanted.code, self.known.by_code),
            ("email", wanted.email, self.known.by_email),
        ):
            other = taken.get(value.casefold()) if value else None
            if other is not None and other is not person:
                raise Wrong(column, value, "row_taken")

    def _add(self, wanted: Wanted) -> Person:
        person = Person(name=wanted.name, code=wanted.code, email=wanted.email, **wanted.days)
        self.added.append(person)
        self.known.add(person)
        self.new_at[id(person)] = wanted.place.pk if wanted.place else None
        self.entries.append(Entry("person.add", person, {}, facts_of(person), wanted.place))
        self._give(person, wanted)
        return person

    def _change(self, person: Person, wanted: Wanted) -> tuple[str, ...]:
        """Empty cells change nothing."""
        self._check_hold_over(person, wanted)
        before = facts_of(person)
        self.known.by_name[fold(person.name)].remove(person)
        person.name, person.found_by = wanted.name, fold(wanted.name)  # bulk_update does not fold
        person.code, person.email = wanted.code or person.code, wanted.email or person.email
        for column, day in wanted.days.items():
            setattr(person, column, day)
        self.known.add(person)
        after = facts_of(person)
        details = tuple(name for name in after if after[name] != before[name])
        if details:
            self.changed.append(person)
            self.entries.append(Entry("person.change", person, before, after, None))
        return (*details, "role") if self._give(person, wanted) else details

    def _check_hold_over(self, person: Person, wanted: Wanted) -> None:
        if person.pk and not person.memberships.all() and not may(self.by, "person.manage"):
            raise Wrong("name", wanted.name, "row_above_you")
        for one in person.memberships.all():
            if not may(self.by, "person.manage", place=one.place) or lacking(
                self.by, one.role, place=one.place
            ):
                raise Wrong("name", wanted.name, "row_above_you")

    def _give(self, person: Person, wanted: Wanted) -> bool:
        key = (person.pk, wanted.role.pk, wanted.place.pk if wanted.place else None)
        if person.pk is not None and key in self.held:
            return False
        if person.pk is not None and wanted.place is None and person.memberships.all():
            return False  # a row without a place says nothing about where
        self.held.add(key)
        self.given.append((person, wanted.role, wanted.place))
        facts = {"role": wanted.role.slug, "place": wanted.place.name if wanted.place else "", "until": ""}
        self.entries.append(Entry("membership.add", person, {}, facts, wanted.place))
        return True

    def _entry(self, one: Entry) -> AuditEntry:
        return audit.entry(
            one.action,
            by=self.by,
            subject=("person", one.person.key),
            before=one.before,
            after=one.after,
            personal=PERSONAL,
            place=one.place.uid if one.place else "",
        )


def plan_people(*, by: User, rows: Iterable[Row], mapping: Mapping[str, int]) -> Plan:
    """What these rows would do. Raises Refused: not_permitted."""
    if not any("person.manage" in held.role.permissions for held in by.held):
        raise Refused("not_permitted", permission="person.manage")
    plans = PeoplePlan(by)
    return planned(rows, mapping, plans.row, plans.finish)
