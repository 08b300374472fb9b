"""Shares over time: the picture of a course."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import ceil, floor
from typing import Final

from babel.dates import format_date
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gracja.app.measurement.selectors.courses import CourseShown, Point
from gracja.app.web.measurement.course_words import (
    changed_in_words,
    course_title,
    picture_in_words,
    signal_in_words,
    state_in_words,
)
from gracja.app.web.templatetags.words import reader
from gracja.engine.measure.over_time.signals import IN_CONTROL_PERIODS
from gracja.report import words

register = template.Library()
register.filter("course_title", course_title)
register.filter("changed_in_words", changed_in_words)
register.filter("state_in_words", state_in_words)
register.simple_tag(signal_in_words, name="signal_in_words")
_TICKS: Final = 0.1  # the axis ends at whole tenths


@register.filter
def period(point: Point | date, grain: str) -> str:
    """The period as a row of a table names it: `marzec 2026`, `7 wrz 2026` (the Monday of a week)."""
    day = point.begins if isinstance(point, Point) else point
    form = "LLLL y" if grain == "month" else "d MMM y"
    return format_date(day, form, locale=reader()).replace(" ", words.NBSP)


@register.simple_tag
def how_long_silent() -> int:
    """Periods between two signals of one chart where nothing changes."""
    return IN_CONTROL_PERIODS


@register.simple_tag
def course_axis(one: CourseShown) -> tuple[float, float]:
    """The ends of the picture's axis, as shares: whole tenths around everything that is drawn."""
    drawn = [
        share
        for point in one.points
        if point.judged
        for share in (point.share, point.low, point.high)
        if share is not None
    ]
    low = max(0.0, floor(10 * (min(drawn) - _TICKS / 4)) / 10)
    high = min(1.0, ceil(10 * (max(drawn) + _TICKS / 4)) / 10)
    return low, high


@register.simple_tag
def course_picture(one: CourseShown) -> SafeString:
    """The course: limits as a grey field, the usual share dotted, the moving average as a line, a dot a
    period; only signals have colour. The table below it says the same in numbers.
    """
    low, high = course_axis(one)
    count = len(one.points)

    def across(at: float) -> float:
        return 100 * at / count

    def up(share: float) -> float:
        return 100 * (high - share) / (high - low)

    known = [(at, point) for at, point in enumerate(one.points) if point.judged]
    fields = format_html_join(
        "",
        '<polygon class="course__usual" points="{}"/>',
        (
            (
                _points(
                    [
                        *((across(at + side), up(point.high or 0.0)) for at, point in row for side in (0, 1)),
                        *(
                            (across(at + side), up(point.low or 0.0))
                            for at, point in reversed(row)
                            for side in (1, 0)
                        ),
                    ]
                ),
            )
            for row in _without_gap(known)
        ),
    )
    line = [(across(at + 0.5), up(point.smoothed or 0.0)) for at, point in known]
    usual = f"{up(one.course.centre):.2f}"
    change = (
        format_html(
            '<line class="course__change" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>',
            f"{across(one.course.change['period']):.2f}",
        )
        if one.course.change
        else ""
    )
    dots = format_html_join(
        "",
        '<circle class="course__dot{}" cx="{}%" cy="{}%" r="{}"/>',
        (
            (
                _side(point, one) if point.signal else "",
                f"{across(at + 0.5):.2f}",
                f"{up(point.share or 0.0):.2f}",
                "5" if point.signal else "3.5",
            )
            for at, point in known
        ),
    )
    return format_html(
        '<svg class="course__plot" role="img" aria-label="{}">'
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">'
        '{}<polyline class="course__smooth" points="{}"/></svg>'
        '<line class="course__mean" x1="0" x2="100%" y1="{}%" y2="{}%"/>{}{}</svg>',
        picture_in_words(one),
        fields,
        _points(line),
        usual,
        usual,
        change,
        dots,
    )


def _without_gap(known: list[tuple[int, Point]]) -> list[list[tuple[int, Point]]]:
    """The periods that were measured, in rows between those that were not."""
    rows: list[list[tuple[int, Point]]] = []
    for at, point in known:
        if not rows or rows[-1][-1][0] != at - 1:
            rows.append([])
        rows[-1].append((at, point))
    return rows


def _side(point: Point, one: CourseShown) -> str:
    more = (point.share or 0.0) > one.course.centre
    return f" course__dot--signal course__dot--{'up' if more else 'down'}"


def _points(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in pairs)
