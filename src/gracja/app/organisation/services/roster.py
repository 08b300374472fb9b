"""The roster: who served where and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may, people_where, require
from gracja.app.organisation.models import Person, Place, Shift, User


@transaction.atomic
def add_shift(*, by: User, person: Person, place: Place, day: date, begins: time, ends: time) -> Shift:
    """A shift in the place's own time; one that ends before it begins ends on the next day.

    Repeating it is harmless. Who plans single places plans only those who have a role there on that day.
    Raises Refused: not_permitted, shift_person_unknown, shift_no_time, shift_overlaps (place, begins, ends),
    shift_overlaps_elsewhere.
    """
    require(by, "roster.manage", place=place)
    if not Person.objects.filter(people_where(by, "roster.manage", first=day), pk=person.pk).exists():
        raise Refused("shift_person_unknown")
    starts_at, ends_at = span(place, day, begins, ends)
    Person.objects.select_for_update().get(pk=person.pk)  # locked: two people may plan the same one
    same = Shift.objects.filter(person=person, place=place, starts_at=starts_at, ends_at=ends_at).first()
    if same:
        return same
    clash = (
        Shift.objects.select_related("place")
        .filter(person=person, starts_at__lt=ends_at, ends_at__gt=starts_at)
        .first()
    )
    if clash and not may(by, "roster.manage", place=clash.place):
        raise Refused("shift_overlaps_elsewhere")  # where and when is for those who lead that place
    if clash:
        zone = ZoneInfo(clash.place.zone)
        raise Refused(
            "shift_overlaps",
            place=clash.place.name,
            begins=f"{clash.starts_at.astimezone(zone):%H:%M}",
            ends=f"{clash.ends_at.astimezone(zone):%H:%M}",
        )
    shift = Shift.objects.create(person=person, place=place, starts_at=starts_at, ends_at=ends_at)
    _record(by, "shift.add", shift)
    return shift


@transaction.atomic
def remove_shift(*, by: User, shift: Shift) -> None:
    """Raises Refused: not_permitted."""
    require(by, "roster.manage", place=shift.place)
    _record(by, "shift.remove", shift)
    shift.delete()


def span(place: Place, day: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    """Begin and end in UTC of a shift at this place. Raises Refused: shift_no_time."""
    if begins == ends:
        raise Refused("shift_no_time")
    zone = ZoneInfo(place.zone)
    last = day + timedelta(days=1) if ends < begins else day
    return (
        datetime.combine(day, begins, zone).astimezone(UTC),
        datetime.combine(last, ends, zone).astimezone(UTC),
    )


def _record(by: User, action: str, shift: Shift) -> None:
    facts = {"starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()}
    added = action == "shift.add"
    audit.record(
        action,
        by=by,
        subject=("person", shift.person.key),
        before=None if added else facts,
        after=facts if added else None,
        place=shift.place.uid,
    )
