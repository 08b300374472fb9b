"""Where somebody serves at a moment: by the roster, else by their role."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.http import Http404

from gracja.app.common.prepared import Given, Prepared
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Place, Shift, User
from gracja.app.organisation.selectors.places import place_for


def place_at(by: User, at: datetime) -> Place | None:
    """The place of their shift; else the only place at which they work. None for whoever works at several, in
    a region or in the whole company, and is on no shift.
    """
    if (key := _of_shift(by, at)) is not None:
        return Place.objects.get(pk=key)
    return _of_role(by)


def place_key_at(by: User, at: datetime) -> int | None:
    """The key of `place_at`, for a row that names it."""
    if (key := _of_shift(by, at)) is not None:
        return key
    place = _of_role(by)
    return place.pk if place else None


def _of_shift(by: User, at: datetime) -> int | None:
    found = _SHIFT_AT.rows(person=by.person_id, at=at)
    return found[0][0] if found else None


def works_at(by: User) -> list[Place]:
    """The places of their roles at which they may ask for advice, by name."""
    held = {one.place.pk: one.place for one in by.held if one.place and "advice.ask" in one.role.permissions}
    return sorted(
        (one for one in held.values() if one.kind == Place.PLACE and one.active), key=lambda one: one.name
    )


def place_told(by: User, at: datetime, uid: str) -> Place | None:
    """The place of this uid, where it is told; else that of `place_at`, if it can be known.

    Raises Refused: place_not_told (places), for whoever works at several and is on no shift; Http404 for a
    place at which they may not ask.
    """
    if uid:
        told = place_for("advice.ask", by=by, uid=uid)
        if told.kind != Place.PLACE:
            raise Http404
        return told
    found = place_at(by, at)
    places = works_at(by)
    if found is None and places:
        raise Refused("place_not_told", places=", ".join(f"{one.name} ({one.uid})" for one in places))
    return found


def places_to_choose(by: User, at: datetime) -> list[Place]:
    """Among which somebody has to say where they are; empty where that is known, or told by no role."""
    return [] if place_at(by, at) else works_at(by)


def _of_role(by: User) -> Place | None:
    places = works_at(by)
    return places[0] if len(places) == 1 else None


def _shift_at() -> QuerySet[Shift, tuple[int]]:
    person, at = Given("person", Shift._meta.pk), Given("at", Shift._meta.get_field("starts_at"))
    there = Shift.objects.filter(person=person, starts_at__lte=at, ends_at__gt=at)
    return there.order_by("-starts_at").values_list("place_id")[:1]


_SHIFT_AT: Final = Prepared(_shift_at)
