"""Regions and places: add, change, move with everything below, close, open again."""

from __future__ import annotations

from typing import Final
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User
from gracja.app.organisation.services.guard import lock_company

DEEPEST: Final = 16  # as many levels as a path has room for


@transaction.atomic
def add_place(
    *,
    by: User,
    kind: str,
    name: str,
    code: str = "",
    parent: Place | None = None,
    zone: str = "Europe/Warsaw",
) -> Place:
    """A new region or place.

    Raises Refused: not_permitted, place_name_taken (name), place_code_taken (given, name), place_not_a_region
    (name), place_too_deep (n), zone_unknown (zone).
    """
    require(by, "place.manage")
    lock_company()
    place = Place(kind=kind, name=name.strip(), code=code.strip(), parent=parent, zone=zone)
    _check(place)
    _save(place)
    audit.record("place.add", by=by, subject=("place", place.uid), after=_facts(place), place=place.uid)
    return place


@transaction.atomic
def change_place(*, by: User, place: Place, kind: str, name: str, code: str, zone: str) -> Place:
    """Another name, code, kind or zone. Raises Refused as `add_place`; place_holds_others (name)."""
    require(by, "place.manage")
    lock_company()
    place = Place.objects.select_related("parent").get(pk=place.pk)
    before = _facts(place)
    if kind != Place.REGION and place.children.exists():
        raise Refused("place_holds_others", name=place.name)
    place.kind, place.name, place.code, place.zone = kind, name.strip(), code.strip(), zone
    _check(place)
    if before != _facts(place):
        _save(place)
        audit.record(
            "place.change",
            by=by,
            subject=("place", place.uid),
            before=before,
            after=_facts(place),
            place=place.uid,
        )
    return place


@transaction.atomic
def move_place(*, by: User, place: Place, parent: Place | None) -> Place:
    """Put a place, with everything below it, under another region or at the top.

    Raises Refused: not_permitted, place_circle (name, parent), place_not_a_region, place_name_taken,
    place_too_deep.
    """
    require(by, "place.manage")
    lock_company()
    place = Place.objects.select_related("parent").get(pk=place.pk)
    parent = Place.objects.get(pk=parent.pk) if parent else None
    if parent and parent.path.startswith(place.path):
        raise Refused("place_circle", name=place.name, parent=parent.name)
    if place.parent == parent:
        return place
    was, old = place.parent, place.path
    place.parent = parent
    _check(place)
    _save(place)
    Place.objects.filter(path__startswith=old).exclude(pk=place.pk).update(
        path=Concat(Value(place.path), Substr(F("path"), len(old) + 1))
    )
    audit.record(
        "place.move",
        by=by,
        subject=("place", place.uid),
        before={"parent": was.name if was else ""},
        after={"parent": parent.name if parent else ""},
        place=place.uid,
    )
    return place


@transaction.atomic
def move_and_change_place(
    *, by: User, place: Place, parent: Place | None, kind: str, name: str, code: str, zone: str
) -> None:
    """Both at once, or neither. Raises Refused as `change_place` and `move_place`."""
    move_place(by=by, place=place, parent=parent)
    change_place(by=by, place=place, kind=kind, name=name, code=code, zone=zone)


@transaction.atomic
def close_place(*, by: User, place: Place) -> None:
    """No longer in use, with everything below it; what happened there stays. Repeating it is harmless."""
    require(by, "place.manage")
    _set_active(by, place, active=False)


@transaction.atomic
def open_place(*, by: User, place: Place) -> None:
    """In use again, with everything below it. Raises Refused: place_above_closed (name)."""
    require(by, "place.manage")
    place.refresh_from_db()
    if place.parent and not place.parent.active:
        raise Refused("place_above_closed", name=place.parent.name)
    _set_active(by, place, active=True)


def _set_active(by: User, place: Place, *, active: bool) -> None:
    below = Place.objects.select_for_update().filter(path__startswith=place.path, active=not active)
    for one in below:
        audit.record(
            "place.open" if active else "place.close",
            by=by,
            subject=("place", one.uid),
            before={"active": not active},
            after={"active": active},
            place=one.uid,
        )
    below.update(active=active)


def _facts(place: Place) -> dict[str, str]:
    return {"kind": place.kind, "name": place.name, "code": place.code, "zone": place.zone}


def _check(place: Place) -> None:
    if place.zone not in available_timezones():
        raise Refused("zone_unknown", zone=place.zone)
    if place.parent and place.parent.kind != Place.REGION:
        raise Refused("place_not_a_region", name=place.parent.name)
    if (place.parent.depth + 1 if place.parent else 0) + _levels_below(place) >= DEEPEST:
        raise Refused("place_too_deep", n=DEEPEST)
    others = Place.objects.exclude(pk=place.pk)
    beside = others.filter(parent=place.parent).values_list("name", flat=True)
    if any(one.casefold() == place.name.casefold() for one in beside):
        raise Refused("place_name_taken", name=place.name)
    if place.code and (other := others.filter(code__iexact=place.code).first()):
        raise Refused("place_code_taken", given=place.code, name=other.name)


def _save(place: Place) -> None:
    with unless_taken(
        place_name_once=Refused("place_name_taken", name=place.name),
        place_code_once=Refused("place_code_taken", given=place.code, name=place.name),
    ):
        place.save()


def _levels_below(place: Place) -> int:
    if not place.path:
        return 0
    below = Place.objects.filter(path__startswith=place.path).values_list("path", flat=True)
    return max(path.count("/") for path in below) - place.path.count("/")
