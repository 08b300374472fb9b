"""What is read of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from gracja.app.common.clock import now, today
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import fold
from gracja.app.organisation.access import in_force, not_over, people_where, require_hold_over
from gracja.app.organisation.models import Invitation, Membership, Person, User

STATES: Final = ("active", "trainee", "invited", "no_account", "inactive")


@dataclass(frozen=True, slots=True)
class Sought:
    """What a list of people is narrowed by; empty: not at all."""

    text: str = ""
    place: str = ""
    role: str = ""
    state: str = "active"


def people(*, by: User, sought: Sought) -> QuerySet[Person]:
    """Who `by` may read and who fits, by name; with roles, places and teams read at once."""
    shown = _readable(by).filter(_in_state(sought.state))
    for word in sought.text.split():
        shown = shown.filter(
            Q(found_by__contains=fold(word)) | Q(email__icontains=word) | Q(code__istartswith=word)
        )
    held = Membership.objects.filter(not_over(), person=OuterRef("pk"))
    if sought.place:
        shown = shown.filter(Exists(held.filter(place__path__contains=f"/{sought.place}/")))
    if sought.role:
        shown = shown.filter(Exists(held.filter(role__slug=sought.role)))
    shown = shown.select_related("user")
    return shown.order_by("found_by", "pk").prefetch_related(Prefetch("memberships", _held().order_by("pk")))


def invited(some: Iterable[Person]) -> set[int]:
    """Keys of those among them who have a link that still works."""
    return set(_open_invitations().filter(person__in=some).values_list("person", flat=True))


def person_page(*, by: User, uid: str) -> Person:
    """One person, whom `by` may read, or `by` themselves. Raises Http404."""
    found = (
        Person.objects.filter(Q(pk__in=_readable(by).values("pk")) | Q(pk=by.person_id), uid=uid)
        .select_related("user")
        .prefetch_related(
            Prefetch("memberships", _held("place__parent").order_by("pk")),
            "teams__place",
            "external_ids",
            Prefetch("invitations", Invitation.objects.select_related("made_by")),
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def has_hold_over(by: User, person: Person) -> bool:
    """Whether `by` may change this person."""
    try:
        require_hold_over(by, person)
    except Refused:
        return False
    return True


def person_held(*, by: User, uid: str) -> Person:
    """A person whom `by` may change. Raises Http404 where they may not even read; Refused where they may."""
    person = person_page(by=by, uid=uid)
    require_hold_over(by, person)
    return person


def membership_of(person: Person, *, role: str, place: str) -> Membership | None:
    """The role that this person holds there; `place` empty: in the whole company."""
    there = {"role__slug": role, "place__uid": place or None}
    return _held("place", "person").filter(person=person, **there).first()


def earlier_roles(person: Person) -> QuerySet[Membership]:
    """What this person held and holds no longer, the last that ended first."""
    over = Membership.objects.filter(person=person, until__lt=today())
    return over.select_related("role", "place__parent").order_by("-until", "-pk")


def people_of(*, by: User, place_path: str) -> QuerySet[Person]:
    """Active people with a role at a place or below it today, whom `by` may read."""
    return (
        _readable(by)
        .filter(
            Exists(
                Membership.objects.filter(
                    in_force(today()), person=OuterRef("pk"), place__path__startswith=place_path
                )
            ),
            deactivated_at=None,
        )
        .order_by("found_by")
    )


def tenure(person: Person) -> tuple[int, int] | None:
    """Whole years and months since they began; None where that is unknown or to come."""
    if person.started_on is None or person.started_on > today():
        return None
    months = _months(person.started_on, today())
    return divmod(months, 12)


def is_trainee(person: Person) -> bool:
    """Shown apart until then, and not compared."""
    return person.trainee_until is not None and person.trainee_until >= today()


def _months(begin: date, end: date) -> int:
    return (end.year - begin.year) * 12 + end.month - begin.month - (end.day < begin.day)


def _held(*also: str) -> QuerySet[Membership]:
    """Roles that are held today, or yet to begin."""
    return Membership.objects.filter(not_over()).select_related("role", *(also or ("place",)))


def _readable(by: User) -> QuerySet[Person]:
    return Person.objects.filter(people_where(by, "person.read"))


def _in_state(state: str) -> Q:
    active = Q(deactivated_at=None)
    if state == "trainee":
        return active & Q(trainee_until__gte=today())
    if state == "inactive":
        return ~active
    if state == "no_account":
        return active & Q(user=None)
    if state == "invited":
        return active & Q(Exists(_open_invitations().filter(person=OuterRef("pk"))))
    return active


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now())
