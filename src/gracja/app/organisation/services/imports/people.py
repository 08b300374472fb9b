"""People from a file. A row is known again by its code, else its e-mail, else its name at its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gracja.app.common import audit
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Row, fold, read_day
from gracja.app.organisation.access import lacking, may, not_over
from gracja.app.organisation.models import Membership, Person, Place, Role, User
from gracja.app.organisation.permissions import PERMISSIONS
from gracja.app.organisation.services.imports.known import KnownPeople, KnownPlaces, KnownRoles
from gracja.app.organisation.services.imports.people_rows import Change, Wanted
from gracja.app.organisation.services.imports.plan import PORTION, Overtaken, Plan, Planned, Wrong, planned
from gracja.app.organisation.services.people import PERSONAL, facts_of

WRITTEN: Final = ("name", "found_by", "code", "email", "started_on", "trainee_until")


class PeoplePlan:
    """Reads rows one after another, and remembers what they would do."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.known = KnownPeople(Person.objects.filter(pseudonymised_at=None).iterator(chunk_size=5000))
        self.places, self.roles = KnownPlaces(), KnownRoles()
        self.held = self._held()
        self.lines: dict[int, int] = {}  # id of a person in memory -> the line that named them first
        self.allowed: dict[tuple[int, int | None], Wrong | None] = {}
        self.changes: list[Change] = []
        self.new_at: dict[int, int | None] = {}  # id of a new person in memory -> place
        self.may_change: dict[tuple[int, int | None], bool] = {}

    @staticmethod
    def _held() -> dict[int, set[tuple[int, int | None]]]:
        """Role and place of everybody today or to come, as keys: rows would cost as much as all the rest."""
        held: dict[int, set[tuple[int, int | None]]] = defaultdict(set)
        there = Membership.objects.filter(not_over())
        for person, role, place in there.values_list("person", "role", "place"):
            held[person].add((role, place))
        return held

    def write(self) -> Iterator[int]:
        """Raises Overtaken."""
        for some in batched(self.changes, PORTION):
            Person.objects.bulk_create([one.person for one in some if one.before is None])
            self._write_changed([one for one in some if one.before is not None and one.changed])
            Membership.objects.bulk_create(
                Membership(person=one.person, role=one.given, place=one.place, since=one.since)
                for one in some
                if one.given
            )
            audit.record_all(entry for one in some for entry in self._entries(one))
            yield len(some)

    @staticmethod
    def _write_changed(changes: list[Change]) -> None:
        before = {one.person.pk: one.before for one in changes}
        there = Person.objects.select_for_update().filter(pk__in=before)
        if {one.pk: facts_of(one) for one in there} != before:
            raise Overtaken
        # one upsert: an UPDATE with a case for each row and column took ten times as long
        Person.objects.bulk_create(
            [one.person for one in changes],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=WRITTEN,
        )
        email = {
            one.person.pk: one.person.email
            for one in changes
            if one.before and one.before["email"] != one.person.email
        }
        for user in User.objects.filter(person__in=email):
            user.email = email[user.person_id]
            user.save(update_fields=("email",))

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

    def find(self, values: dict[str, str]) -> Person | None:
        """Whom a row means; None: somebody new. Raises Wrong."""
        return self._same_person(self._read(values))

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
        return any(at == (place.pk if place else None) for _, at in self.held.get(person.pk, ()))

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
        self.known.add(person)
        self.new_at[id(person)] = wanted.place.pk if wanted.place else None
        self.changes.append(Change(person, None, wanted.place, wanted.role))
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
        given = self._to_give(person, wanted)
        if details or given:
            self.changes.append(Change(person, before, wanted.place, given, changed=bool(details)))
        return (*details, "role") if given else details

    def _check_hold_over(self, person: Person, wanted: Wanted) -> None:
        if person.pk is None:
            return
        held = self.held.get(person.pk)
        right = all(self._may_change(*one) for one in held) if held else may(self.by, "person.manage")
        if not right:
            raise Wrong("name", wanted.name, "row_above_you")

    def _may_change(self, role: int, place: int | None) -> bool:
        """Whether `by` may change who holds this role there."""
        key = (role, place)
        if key not in self.may_change:
            at = self.places.by_id[place] if place else None
            self.may_change[key] = may(self.by, "person.manage", place=at) and not lacking(
                self.by, self.roles.by_id[role], place=at
            )
        return self.may_change[key]

    def _to_give(self, person: Person, wanted: Wanted) -> Role | None:
        """The role that a known person would get by this row."""
        held = self.held.get(person.pk, ())
        if (wanted.role.pk, wanted.place.pk if wanted.place else None) in held:
            return None
        # a row without a place says nothing about where
        return None if wanted.place is None and held else wanted.role

    def _entries(self, one: Change) -> Iterator[AuditEntry]:
        if one.before is None:
            yield self._entry("person.add", one, {}, facts_of(one.person))
        elif one.changed:
            yield self._entry("person.change", one, one.before, facts_of(one.person))
        if one.given:
            facts = {"role": one.given.slug, "place": one.place.name if one.place else "", "until": ""}
            yield self._entry("membership.add", one, {}, facts)

    def _entry(self, action: str, one: Change, before: dict[str, str], after: dict[str, str]) -> AuditEntry:
        at = one.place if action != "person.change" else None
        return audit.entry(
            action,
            by=self.by,
            subject=("person", one.person.key),
            before=before,
            after=after,
            personal=PERSONAL,
            place=at.uid if at else "",
        )


def plan_people(*, by: User, rows: Iterable[Row], mapping: Mapping[str, int]) -> Plan:
    """What these rows would do. Raises Refused: not_permitted."""
    if not any("person.manage" in held.role.permissions for held in by.held):
        raise Refused("not_permitted", permission="person.manage")
    plans = PeoplePlan(by)
    return planned(rows, mapping, plans.row, plans.write)
