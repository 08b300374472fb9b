"""Where somebody serves at a moment: by the roster, else by their role."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from gracja.app.common.prepared import Given, Prepared
from gracja.app.organisation.models import Place, Shift, User


def place_at(by: User, at: datetime) -> Place | None:
    """The place of their shift; else the first place at which they may ask for advice. None for somebody of a
    region or of the whole company who is on no shift.
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


def _of_role(by: User) -> Place | None:
    places = (held.place for held in by.held if "advice.ask" in held.role.permissions)
    return next((one for one in places if one is not None and one.kind == Place.PLACE), None)


def _shift_at() -> QuerySet[Shift, tuple[int]]:
    person, at = Given("person", Shift._meta.pk), Given("at", Shift._meta.get_field("starts_at"))
    there = Shift.objects.filter(person=person, starts_at__lte=at, ends_at__gt=at)
    return there.order_by("-starts_at").values_list("place_id")[:1]


_SHIFT_AT: Final = Prepared(_shift_at)
