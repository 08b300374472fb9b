"""One's own shifts, for which no permission is needed; nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gracja.app.organisation.models import Place, Shift, User

WEEKS: Final = 4  # at once: a month ahead is as far as most rosters are planned
_APART: Final = timedelta(hours=14)  # the furthest that a place's day begins from UTC's


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A shift in its place's own time."""

    day: date
    begins: time
    ends: time
    next_day: bool
    hours: float
    place: Place


@dataclass(frozen=True, slots=True)
class OwnWeek:
    monday: date
    sunday: date
    shifts: list[OwnShift]
    hours: float


@dataclass(frozen=True, slots=True)
class OwnShifts:
    weeks: list[OwnWeek]
    before: date
    after: date


def own_shifts(*, by: User, day: date) -> OwnShifts:
    """The reader's shifts of four weeks, from the Monday of that day's week."""
    monday = day - timedelta(days=day.weekday())
    end = monday + timedelta(weeks=WEEKS)
    begin = datetime.combine(monday, time(), UTC)
    rows = Shift.objects.select_related("place").filter(
        person=by.person_id,
        starts_at__gte=begin - _APART,
        starts_at__lt=begin + timedelta(weeks=WEEKS) + _APART,
    )
    shifts = [one for one in map(_in_own_time, rows) if monday <= one.day < end]
    mondays = [monday + timedelta(weeks=n) for n in range(WEEKS)]
    weeks = [
        _week(one, [shift for shift in shifts if one <= shift.day < one + timedelta(7)]) for one in mondays
    ]
    return OwnShifts(weeks, monday - timedelta(weeks=WEEKS), end)


def _in_own_time(shift: Shift) -> OwnShift:
    zone = ZoneInfo(shift.place.zone)
    begins, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    hours = (shift.ends_at - shift.starts_at).total_seconds() / 3600
    later = ends.date() > begins.date()
    return OwnShift(begins.date(), begins.time(), ends.time(), later, hours, shift.place)


def _week(monday: date, shifts: list[OwnShift]) -> OwnWeek:
    return OwnWeek(monday, monday + timedelta(days=6), shifts, sum(one.hours for one in shifts))
