"""What is read of the audit log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from gracja.app.common.models import AuditEntry
from gracja.app.common.spreadsheet import fold
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, Place, Role, StaffNotice, Team, User


@dataclass(frozen=True, slots=True)
class Asked:
    """What the log is narrowed by; empty: not at all."""

    who: str = ""  # part of a name, of who did it or to whom it was done
    action: str = ""
    subject: str = ""  # kind of subject
    place: str = ""  # uid; with everything below
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """Keys in the log -> what they are called today."""

    people: dict[str, str]
    places: dict[str, str]
    roles: dict[str, str]
    others: dict[str, str]


def entries(*, by: User, asked: Asked) -> QuerySet[AuditEntry]:
    """The log, newest first. Raises Refused: not_permitted.

    All of it is for those who may read it in the whole company, also what has no place; for one place nobody
    may. Narrowed to a place, what is about a person and has no place of its own counts where they have or
    had a role.
    """
    require(by, "audit.read")
    shown = AuditEntry.objects.all()
    if asked.who:
        keys = Person.objects.filter(found_by__contains=fold(asked.who)).values("key")
        shown = shown.filter(Q(by_key__in=keys) | Q(subject_kind="person", subject_key__in=keys))
    if asked.action:
        shown = shown.filter(action=asked.action)
    if asked.subject:
        shown = shown.filter(subject_kind=asked.subject)
    if asked.place:
        below = Place.objects.filter(path__contains=f"/{asked.place}/")
        there = Person.objects.filter(memberships__place__in=below).values("key")
        about = Q(place_key="", subject_kind="person", subject_key__in=there)
        shown = shown.filter(about | Q(place_key__in=below.values("uid")))
    if asked.first:
        shown = shown.filter(at__gte=datetime.combine(asked.first, time(), UTC))
    if asked.last:
        shown = shown.filter(at__lt=datetime.combine(asked.last + timedelta(days=1), time(), UTC))
    return shown


def actions_and_subjects(*, by: User) -> tuple[list[str], list[str]]:
    """What occurs in the log, to choose from. Raises Refused: not_permitted."""
    require(by, "audit.read")
    pairs = AuditEntry.objects.order_by().values_list("action", "subject_kind").distinct()
    return sorted({action for action, _ in pairs}), sorted({kind for _, kind in pairs})


def names_in(shown: Iterable[AuditEntry], language: str) -> Names:
    """What the keys of these entries are called, in at most five queries."""
    keys = {key for one in shown for key in (one.by_key, one.subject_key, one.place_key) if key}
    of_notice = {one.uid: one.measured_from.isoformat() for one in StaffNotice.objects.filter(uid__in=keys)}
    roles = list(Role.objects.values_list("slug", f"title_{language}"))
    return Names(
        people=dict(Person.objects.filter(key__in=keys).values_list("key", "name")),
        places=dict(Place.objects.filter(uid__in=keys).values_list("uid", "name")),
        roles=dict(roles),
        others={
            **dict(roles),
            **dict(Team.objects.filter(uid__in=keys).values_list("uid", "name")),
            **of_notice,
        },
    )
