"""What shares over time say in words."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gracja.app.measurement.selectors.courses import CourseShown, Point
from gracja.app.web.templatetags.words import local, reader
from gracja.engine.measure.over_time.signals import BEYOND, DRIFT, IN_A_ROW, RUN
from gracja.report import words

# where it changed, and whether to more
_CHANGED: Final = {
    ("place", True): gettext_lazy(
        "Since %(since)s standards have been met more often at %(place)s: %(after)s instead of %(before)s."
    ),
    ("place", False): gettext_lazy(
        "Since %(since)s standards have been met less often at %(place)s: %(after)s instead of %(before)s."
    ),
    ("company", True): gettext_lazy(
        "%(standard)s: met more often since %(since)s, %(after)s instead of %(before)s."
    ),
    ("company", False): gettext_lazy(
        "%(standard)s: met less often since %(since)s, %(after)s instead of %(before)s."
    ),
    ("both", True): gettext_lazy(
        "%(standard)s: met more often at %(place)s since %(since)s, %(after)s instead of %(before)s."
    ),
    ("both", False): gettext_lazy(
        "%(standard)s: met less often at %(place)s since %(since)s, %(after)s instead of %(before)s."
    ),
}


def course_title(one: CourseShown) -> str:
    """What a course is of: a standard, a place, or a standard at a place."""
    if one.standard is None:
        return str(one.place)
    said = local(one.standard.behaviour)
    return f"{said} · {one.place}" if one.place else said


def changed_in_words(one: CourseShown) -> str:
    """The change as a sentence; empty where none is told."""
    change = one.change
    if change is None:
        return ""
    facts = {
        "since": _since(change.since, one.course.grain),
        "before": words.percent(change.before, reader()),
        "after": words.percent(change.after, reader()),
        "place": str(one.place),
        "standard": local(one.standard.behaviour) if one.standard else "",
    }
    at = "company" if one.place is None else "place" if one.standard is None else "both"
    return words.typeset(str(_CHANGED[at, change.more]) % facts, reader())


def _since(day: date, grain: str) -> str:
    """After `since`, in Polish in the genitive: `marca 2026`, `7 września 2026`."""
    said = format_date(day, "MMMM y" if grain == "month" else "d MMMM y", locale=reader())
    return said.replace(" ", words.NBSP, 1)  # the whole date with what follows is wider than a telephone


def signal_in_words(point: Point, one: CourseShown) -> str:
    """Why this period stands out; empty where it does not."""
    share = point.share or 0.0
    said = []
    if point.signal & BEYOND:
        said.append(
            _("far more often than usual") if share > one.course.centre else _("far less often than usual")
        )
    if point.signal & RUN:
        more = share > one.course.centre
        said.append(
            (_("%(n)s in a row above the usual") if more else _("%(n)s in a row below the usual"))
            % {"n": IN_A_ROW}
        )
    if point.signal & DRIFT:
        up = (point.smoothed or 0.0) > one.course.centre
        above, below = _("moving average far above the usual"), _("moving average far below the usual")
        said.append(above if up else below)
    return "; ".join(said)


def state_in_words(one: CourseShown) -> str:
    """How a course stands, in a few words for a list."""
    if one.change:
        return _("changed")
    if one.signalled:
        n = len(one.signalled)
        if one.course.grain == "month":
            return ngettext("%(n)s month stands out", "%(n)s months stand out", n) % {"n": n}
        return ngettext("%(n)s week stands out", "%(n)s weeks stand out", n) % {"n": n}
    return _("as usual: nothing beyond chance")


def picture_in_words(one: CourseShown) -> str:
    said: dict[str, Any] = {
        "what": course_title(one),
        "share": words.percent(one.course.centre, reader()),
        "out": len(one.signalled),
        "n": len(one.points),
    }
    if one.course.grain == "month":
        told = _("%(what)s, month by month: %(share)s as a rule; %(out)s of %(n)s months stand out.")
    else:
        told = _("%(what)s, week by week: %(share)s as a rule; %(out)s of %(n)s weeks stand out.")
    return " ".join(filter(None, (told % said, changed_in_words(one))))
