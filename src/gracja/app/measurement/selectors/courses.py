"""How shares went over time, of places and standards; in no period of fewer than three people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from gracja.app.measurement.models import Course, Run
from gracja.app.organisation.access import may_somewhere, places_where
from gracja.app.organisation.models import Place, User
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.measure.over_time.signals import IN_CONTROL_PERIODS


@dataclass(frozen=True, slots=True)
class Point:
    """One period. share, low, high, smoothed: 0-1, None where nothing was judged, or fewer than three
    people could be told by it: then met and judged are 0 too; signal: bits.
    """

    begins: date
    met: int
    judged: int
    low: float | None
    high: float | None
    smoothed: float | None
    signal: int

    @property
    def share(self) -> float | None:
        return self.met / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Changed:
    """The share before, and since this day."""

    since: date
    before: float
    after: float

    @property
    def more(self) -> bool:
        return self.after > self.before


@dataclass(frozen=True)
class CourseShown:
    """place: None for the whole company; standard: of the edition, None for all base standards together."""

    course: Course
    place: Place | None
    standard: Any

    @cached_property
    def points(self) -> tuple[Point, ...]:
        one = self.course
        columns = (one.met, one.judged, one.low, one.high, one.smoothed, one.signals)
        return tuple(
            Point(date.fromisoformat(day), *row)
            for day, row in zip(one.begins, zip(*columns, strict=True), strict=True)
        )

    @property
    def change(self) -> Changed | None:
        given = self.course.change
        if given is None:
            return None
        return Changed(self.points[given["period"]].begins, given["before"], given["after"])

    @property
    def blank(self) -> bool:
        """Whether some period is not measured."""
        return not all(self.course.judged)

    @property
    def signalled(self) -> list[Point]:
        """The periods that lie outside what chance alone leaves, the latest first."""
        return [point for point in reversed(self.points) if point.signal]


@dataclass(frozen=True)
class OverTime:
    """Everything that `by` may follow. changed: the surest first. places, standards: with their course, None
    where there is none: too few weeks of three people or more, or too few marks in a week.
    """

    changed: list[CourseShown]
    places: list[tuple[Place, CourseShown | None]]
    standards: list[tuple[Any, CourseShown | None]]

    @property
    def followed_standards(self) -> list[tuple[Any, CourseShown]]:
        return [(standard, course) for standard, course in self.standards if course is not None]

    @property
    def unfollowed_standards(self) -> list[Any]:
        return [standard for standard, course in self.standards if course is None]

    @property
    def followed(self) -> int:
        """How many courses are shown in the lists."""
        return sum(course is not None for _, course in (*self.places, *self.standards))

    @property
    def false_after(self) -> int:
        """After so many weeks one of them signals where nothing changes."""
        return max(1, round(IN_CONTROL_PERIODS / self.followed)) if self.followed else 0


def over_time(*, by: User, run: Run) -> OverTime:
    """The courses of places where `by` may read results, and of standards over the whole company."""
    if not may_somewhere(by, "result.read"):
        return OverTime([], [], [])
    rows = _shown(_readable(by, run), run)
    own = {(one.course.place_id, one.course.standard): one for one in rows}
    places = Place.objects.filter(
        places_where(by, "result.read"), results__run=run, results__subject_kind="place"
    ).order_by("name", "pk")
    changed = sorted((one for one in rows if one.course.change), key=_surest)
    return OverTime(
        changed,
        [(place, own.get((place.pk, ""))) for place in places],
        [
            (standard, own.get((None, standard.standard)))
            for _, _, standard in document_of(run.edition).standards()
            if standard.rung == "base"
        ],
    )


def course_of(*, by: User, run: Run, place_uid: str = "", standard: str = "") -> CourseShown | None:
    """One course; None where there is none that `by` may see."""
    place = Q(place__uid=place_uid) if place_uid else Q(place=None)
    found = _shown(_readable(by, run).filter(place, standard=standard), run)
    return found[0] if found else None


def courses_at(*, by: User, run: Run, place_uid: str) -> list[CourseShown]:
    """The courses of single standards at one place, in the order of the sequence."""
    found = _shown(_readable(by, run).filter(place__uid=place_uid).exclude(standard=""), run)
    order = {one.standard: at for at, (_, _, one) in enumerate(document_of(run.edition).standards())}
    return sorted(found, key=lambda one: order[one.standard.standard])


def courses_readable(*, by: User, run: Run) -> list[CourseShown]:
    """Every course that `by` may see."""
    return _shown(_readable(by, run), run)


def _surest(one: CourseShown) -> tuple[float, float]:
    change: dict[str, Any] = one.course.change or {}
    return change["p"], -abs(change["after"] - change["before"])


def _readable(by: User, run: Run) -> QuerySet[Course]:
    if not may_somewhere(by, "result.read"):
        return Course.objects.none()
    there = Place.objects.filter(places_where(by, "result.read"))
    return run.courses.filter(Q(place=None) | Q(place__in=there)).select_related("place")


def _shown(rows: QuerySet[Course], run: Run) -> list[CourseShown]:
    named = {one.standard: one for _, _, one in document_of(run.edition).standards()}
    return [
        CourseShown(row, row.place, named.get(row.standard))
        for row in rows
        if not row.standard or row.standard in named
    ]
