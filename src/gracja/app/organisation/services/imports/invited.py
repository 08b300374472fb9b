"""Many people invited at once: a row an e-mail address, with name, role and place where they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.db import transaction

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import guess_columns, read_sheet
from gracja.app.organisation.models import Invitation, Person, Place, Role, User
from gracja.app.organisation.services.guard import lock_company
from gracja.app.organisation.services.imports.people import PeoplePlan
from gracja.app.organisation.services.imports.people_rows import COLUMNS
from gracja.app.organisation.services.imports.plan import Plan, Planned, Wrong, planned
from gracja.app.organisation.services.invitations import invite_person

AT_ONCE: Final = 100  # each gets a message while somebody waits for the page
_HEADING: Final = "E-mail;Imię i nazwisko;Rola;Placówka\n"
_ORDER: Final = ("email", "name", "role", "place")
_KEYS: Final = frozenset(_ORDER)
_ADDRESS: Final = re.compile(r"[^\s,;<>\"]+@[^\s,;<>\"]+")


@dataclass(frozen=True, slots=True)
class Invited:
    """token: for the link, shown this once."""

    person: Person
    invitation: Invitation
    token: str


class InvitedPlan:
    """Reads rows one after another. Who has an open invitation keeps it: repeating is harmless."""

    def __init__(self, by: User, role: Role, place: Place | None) -> None:
        self.by = by
        self.people = PeoplePlan(by)
        self.otherwise = {"role": role.slug, "place": (place.code or place.name) if place else ""}
        self.with_account = set(User.objects.values_list("person", flat=True))
        open_ones = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now())
        self.waiting = set(open_ones.values_list("person", flat=True))
        self.invited: list[Person] = []

    def row(self, line: int, values: dict[str, str]) -> Planned:
        email = values.get("email", "")
        if not email:
            raise Wrong("email", "", "row_empty")
        known = self.people.known.by_email.get(email.casefold())
        name = values.get("name") or (known.name if known else name_of(email))
        said = {**values, "name": name}
        if known is None or values.get("role") or values.get("place"):
            said |= {key: said.get(key) or value for key, value in self.otherwise.items()}
        person = self.people.find(said)
        if person is not None and person.pk in self.with_account:
            raise Wrong("email", email, "row_has_account")
        if person is not None and not person.active:
            raise Wrong("email", email, "person_inactive", name=person.name)
        if person is not None and person.pk in self.waiting:
            return Planned(line, "same", name)
        done = self.people.row(line, said)
        self.invited.append(self.people.known.by_email[email.casefold()])
        return replace(done, change="add", what=f"{name}, {email}")

    def write(self) -> Iterator[int]:
        return self.people.write()


def plan_invitations(*, by: User, text: str, role: Role, place: Place | None) -> tuple[Plan, InvitedPlan]:
    """What these lines would do. role, place: where a line names none.

    Raises Refused: not_permitted, too_many_invited (limit), column_missing (column), and as `read_sheet`.
    """
    if not any("person.manage" in held.role.permissions for held in by.held):
        raise Refused("not_permitted", permission="person.manage")
    text, before = _with_heading(text)
    sheet = read_sheet(text.encode(), encoding="utf-8")
    if len(sheet.rows) > AT_ONCE:
        raise Refused("too_many_invited", limit=AT_ONCE)
    columns = [one for one in COLUMNS if one.key in _KEYS]
    mapping = dict(zip(_ORDER, range(4), strict=True)) if before else guess_columns(sheet.heading, columns)
    if "email" not in mapping:
        raise Refused("column_missing", column="E-mail")
    plans = InvitedPlan(by, role, place)
    rows = [replace(row, line=row.line - before) for row in sheet.rows]
    return planned(rows, mapping, plans.row, plans.write), plans


@transaction.atomic
def invite_many(*, by: User, text: str, role: Role, place: Place | None, leave_wrong: bool) -> list[Invited]:
    """Add who is new, and invite everybody who has neither an account nor an open invitation.

    Raises Refused as `plan_invitations`, `invite_person`; rows_wrong (n).
    """
    lock_company()
    plan, plans = plan_invitations(by=by, text=text, role=role, place=place)
    if plan.counts["wrong"] and not leave_wrong:
        raise Refused("rows_wrong", n=plan.counts["wrong"])
    for _ in plans.write():
        pass
    return [Invited(person, *invite_person(by=by, person=person)) for person in plans.invited]


def name_of(email: str) -> str:
    """A name to begin with: anna.wilk@firma.pl is Anna Wilk until somebody says better."""
    words = re.split(r"[._\-+\d]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word) or email


def _with_heading(text: str) -> tuple[str, int]:
    """The text, and how many lines were put before it. Addresses alone may stand in one line."""
    if not text.strip():
        raise Refused("file_empty")
    addresses = _ADDRESS.findall(text)
    if not _ADDRESS.sub("", text).strip(" ,;<>\t\r\n"):
        return _HEADING + "\n".join(addresses), 1
    first = next(line for line in text.splitlines() if line.strip())
    return (_HEADING.replace(";", _separator(first)) + text, 1) if "@" in first else (text, 0)


def _separator(line: str) -> str:
    return max(";\t,|", key=line.count)
