"""Who may do what, where. The first line of every service; the filter of every selector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from gracja.app.common.clock import today
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Membership, Person, Place, Role, User

type Days = tuple[date | None, date | None]  # since and until, as a role has them


def may(by: User, permission: str, *, place: Place | None = None) -> bool:
    """Whether `by` holds the permission at this place; without a place, in the whole company."""
    return any(
        permission in held.role.permissions
        and (held.place is None or (place is not None and place.path.startswith(held.place.path)))
        for held in by.held
    )


def may_somewhere(by: User, permission: str) -> bool:
    """Whether `by` holds the permission anywhere: enough to show the door to a page."""
    return any(permission in held.role.permissions for held in by.held)


def require(by: User, permission: str, *, place: Place | None = None) -> None:
    """Raises Refused: not_permitted (facts: permission)."""
    if not may(by, permission, place=place):
        raise Refused("not_permitted", permission=permission)


def places_where(by: User, permission: str) -> Q:
    """A filter on Place: where `by` holds the permission. Matches nothing where nowhere."""
    allowed = Q(pk__in=())
    for held in by.held:
        if permission in held.role.permissions:
            if held.place is None:
                return Q()
            allowed |= Q(path__startswith=held.place.path)
    return allowed


def lacking(by: User, role: Role, *, place: Place | None) -> str:
    """A permission of the role that `by` does not hold there; empty where they hold all of them."""
    return next((one for one in role.permissions if not may(by, one, place=place)), "")


def in_force(first: date, last: date | None = None) -> Q:
    """A filter on Membership: in force on a day, or on some day from `first` to `last`."""
    begun = Q(since=None) | Q(since__lte=last or first)
    return begun & (Q(until=None) | Q(until__gte=first))


def not_over(prefix: str = "") -> Q:
    """A filter on Membership: in force today, or yet to begin. prefix: where it stands on another model."""
    return Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": today()})


def people_where(by: User, permission: str, *, first: date | None = None, last: date | None = None) -> Q:
    """A filter on Person: who has a role where `by` holds the permission.

    first, last: who had one there on some day of these; else who has one today.
    """
    where = places_where(by, permission)
    if not where:
        return Q()
    there = Membership.objects.filter(in_force(first or today(), last), place__in=Place.objects.filter(where))
    return Q(pk__in=there.values("person"))


def days_where(by: User, permission: str) -> dict[int, list[Days]] | None:
    """Person's key -> the days on which they had a role where `by` holds the permission; None: everybody may
    be meant, on any day.
    """
    where = places_where(by, permission)
    if not where:
        return None
    days: dict[int, list[Days]] = defaultdict(list)
    there = Membership.objects.filter(place__in=Place.objects.filter(where))
    for person, since, until in there.values_list("person", "since", "until"):
        days[person].append((since, until))
    return dict(days)


def is_among(day: date, days: Iterable[Days]) -> bool:
    """Whether a day is one of those of `days_where`."""
    return any((since is None or since <= day) and (until is None or until >= day) for since, until in days)


def require_hold_over(by: User, person: Person) -> None:
    """Whether `by` may change this person: everywhere they have a role, and never somebody who may do more.

    Otherwise whoever leads a place could take over an administrator's account. A role that has yet to begin
    counts, one that has ended does not. Raises Refused: not_permitted (permission), above_you (permission).
    """
    memberships = [one for one in person.memberships.all() if not one.is_over]
    if not memberships:
        require(by, "person.manage")
    for one in memberships:
        require(by, "person.manage", place=one.place)
        if missing := lacking(by, one.role, place=one.place):
            raise Refused("above_you", permission=missing)
