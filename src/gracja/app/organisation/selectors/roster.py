"""What is read of the roster: a week of a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404

from gracja.app.organisation.access import in_force, may
from gracja.app.organisation.models import Membership, Person, Place, Shift, User


@dataclass(frozen=True, slots=True)
class Served:
    """A shift in the place's own time."""

    shift: Shift
    begins: time
    ends: time
    next_day: bool
    hours: float


@dataclass(frozen=True, slots=True)
class Week:
    place: Place
    days: list[date]
    rows: list[tuple[Person, list[list[Served]]]]  # each with seven days
    before: date
    after: date
    hours: float


def week_of(*, by: User, place: Place, day: date) -> Week:
    """The week (from Monday) of that day: whoever belongs to the place or serves there. Raises Http404.

    For whoever plans there; one's own shifts are read by `own_shifts`.
    """
    if not may(by, "roster.manage", place=place):
        raise Http404
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    zone = ZoneInfo(place.zone)
    begin, end = (
        datetime.combine(one, time(), zone).astimezone(UTC) for one in (monday, monday + timedelta(7))
    )
    shifts = list(
        Shift.objects.select_related("person").filter(place=place, starts_at__gte=begin, starts_at__lt=end)
    )
    here = Person.objects.filter(
        pk__in=Membership.objects.filter(in_force(days[0], days[-1]), place=place).values("person"),
        deactivated_at=None,
    )
    people = {one.pk: one for one in (*here, *(shift.person for shift in shifts))}
    cells: dict[tuple[int, date], list[Served]] = {}
    for shift in shifts:
        begins, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
        hours = (shift.ends_at - shift.starts_at).total_seconds() / 3600
        served = Served(shift, begins.time(), ends.time(), ends.date() > begins.date(), hours)
        cells.setdefault((shift.person_id, begins.date()), []).append(served)
    rows = [
        (person, [cells.get((person.pk, one), []) for one in days])
        for person in sorted(people.values(), key=lambda one: one.found_by)
    ]
    hours = sum(one.hours for cell in cells.values() for one in cell)
    return Week(place, days, rows, monday - timedelta(7), monday + timedelta(7), hours)


def shift_at(*, by: User, place: Place, person_uid: str, starts_at: str) -> Shift:
    """A shift to remove. Raises Http404."""
    try:
        begin = datetime.fromisoformat(starts_at)
    except ValueError:
        raise Http404 from None
    found = (
        Shift.objects.select_related("place", "person")
        .filter(place=place, person__uid=person_uid, starts_at=begin)
        .first()
    )
    if found is None or begin.tzinfo is None or not may(by, "roster.manage", place=place):
        raise Http404
    return found
