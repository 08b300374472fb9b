"""People, their roles, and the roster: who served where and when."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any, Literal

from django.http import Http404
from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Day, Given, Moment, Name, Page, Text, Uid, UidInPath
from gracja.app.organisation.selectors import people
from gracja.app.organisation.selectors.places import place_for
from gracja.app.organisation.selectors.roles import roles_to_give
from gracja.app.organisation.selectors.roster import week_of
from gracja.app.organisation.services.people import add_person, deactivate_person, reactivate_person
from gracja.app.organisation.services.roster import add_shift

if TYPE_CHECKING:
    from gracja.app.organisation.models import Membership, Person, Shift

router = Router()
EMAIL = r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$"


class HeldOut(Schema):
    """A role, at a place and all below it, or in the whole company."""

    role: str
    place: Uid | None = Field(description="Null: the whole company.")

    @staticmethod
    def resolve_role(held: Membership) -> str:
        return held.role.slug

    @staticmethod
    def resolve_place(held: Membership) -> str | None:
        return held.place.uid if held.place else None


class PersonOut(Schema):
    """Somebody of the company."""

    uid: Uid
    name: str
    email: str
    code: str = Field(description="As other systems name them.")
    started_on: date | None
    trainee_until: date | None = Field(description="Until then shown apart and not compared.")
    active: bool
    roles: list[HeldOut]

    @staticmethod
    def resolve_roles(person: Person) -> list[Membership]:
        return list(person.memberships.all())


class PersonAdded(Given):
    """Somebody new, with their first role."""

    name: Name
    role: Text = Field(max_length=50, description="One of those that `GET /roles` gives.")
    place: Uid | None = Field(None, description="Null: the whole company.")
    email: Text = Field("", max_length=254, pattern=EMAIL)
    code: Text = Field("", max_length=60)
    started_on: Day | None = None
    trainee_until: Day | None = None


class Search(Paging):
    text: Text = Field("", max_length=80, description="Words in the name, e-mail or code.")
    place: Text = Field("", max_length=22, description="The `uid` of a place; those below it count.")
    role: Text = Field("", max_length=50, description="One of those that `GET /roles` gives.")
    state: Literal["active", "trainee", "invited", "no_account", "inactive"] = "active"


class RoleOut(Schema):
    """What somebody may do, as a bundle."""

    slug: str
    title_pl: str
    title_en: str
    permissions: list[str]


class ShiftOut(Schema):
    """Somebody served somewhere."""

    person: Uid
    place: Uid
    starts_at: Moment
    ends_at: Moment

    @staticmethod
    def resolve_person(shift: Shift) -> str:
        return shift.person.uid

    @staticmethod
    def resolve_place(shift: Shift) -> str:
        return shift.place.uid


class ShiftAdded(Given):
    """A shift in the place's own time; one that ends before it begins ends on the next day."""

    person: Uid
    day: Day
    begins: time
    ends: time


class Week(Schema):
    week: Day = Field(description="Any day of the week that is asked for.")


@reads(router, "/people", scope="person.read", response=Page[PersonOut])
def list_people(request: Called, search: Query[Search]) -> Any:
    """People whom one may see, in the order in which they were added."""
    sought = people.Sought(search.text, search.place, search.role, search.state)
    return page_of_rows(people.people(by=request.auth, sought=sought), search)


@reads(router, "/people/{uid}", scope="person.read", response=PersonOut)
def get_person(request: Called, uid: UidInPath) -> Any:
    """One person whom one may see, or oneself."""
    return people.person_page(by=request.auth, uid=uid)


@writes(router, "POST", "/people", scope="person.manage", response={201: PersonOut}, also=(404,))
def create_person(request: Called, given: PersonAdded) -> Any:
    """Add somebody with their first role. An account comes of an invitation, on the pages."""
    by = request.auth
    place = place_for("person.manage", by=by, uid=given.place) if given.place else None
    role = roles_to_give(by=by).filter(slug=given.role).first()
    if role is None:
        raise Http404
    return add_person(
        by=by,
        name=given.name,
        role=role,
        place=place,
        email=given.email,
        code=given.code,
        started_on=given.started_on,
        trainee_until=given.trainee_until,
    )


@writes(router, "POST", "/people/{uid}/deactivation", scope="person.manage", response=PersonOut)
def deactivate(request: Called, uid: UidInPath) -> Any:
    """Let somebody do nothing from now on; they are signed out everywhere. Results stay."""
    deactivate_person(by=request.auth, person=people.person_held(by=request.auth, uid=uid))
    return people.person_page(by=request.auth, uid=uid)


@writes(router, "POST", "/people/{uid}/reactivation", scope="person.manage", response=PersonOut)
def reactivate(request: Called, uid: UidInPath) -> Any:
    """Let somebody come back with the login and roles they had."""
    reactivate_person(by=request.auth, person=people.person_held(by=request.auth, uid=uid))
    return people.person_page(by=request.auth, uid=uid)


@reads(router, "/roles", scope="person.manage", response=Page[RoleOut])
def list_roles(request: Called, paging: Query[Paging]) -> Any:
    """Roles that one may give."""
    return page_of_rows(roles_to_give(by=request.auth), paging)


@reads(router, "/places/{uid}/shifts", scope="roster.manage", response=list[ShiftOut])
def list_shifts(request: Called, uid: UidInPath, asked: Query[Week]) -> Any:
    """The roster of a place where one plans, for one week from Monday."""
    place = place_for("roster.manage", by=request.auth, uid=uid)
    week = week_of(by=request.auth, place=place, day=asked.week)
    found = [served.shift for _, days in week.rows for cell in days for served in cell]
    return sorted(found, key=lambda shift: (shift.starts_at, shift.pk))


@writes(router, "POST", "/places/{uid}/shifts", scope="roster.manage", response={201: ShiftOut})
def create_shift(request: Called, uid: UidInPath, given: ShiftAdded) -> Any:
    """Add a shift. The same again changes nothing."""
    place = place_for("roster.manage", by=request.auth, uid=uid)
    person = people.person_page(by=request.auth, uid=given.person)
    return add_shift(
        by=request.auth, person=person, place=place, day=given.day, begins=given.begins, ends=given.ends
    )
