"""Conversations and visits in the reader's words."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format

from gracja.app.web.channels import CHANNELS
from gracja.app.web.contacts.wordbook import SPEAKERS, UNDATED
from gracja.app.web.templatetags.words import day, moment, reader
from gracja.engine.errors import EngineInputError, Where
from gracja.wording import say_error
from gracja.wording.refusals import refusals, say_refusal

register = template.Library()


@register.filter
def channel(code: str) -> Any:
    """`phone` in the reader's language; a code that we do not know as it stands."""
    return CHANNELS.get(code, code)


@register.filter
def speaker(code: str) -> Any:
    return SPEAKERS.get(code, code)


@register.filter
def month(name: str) -> str:
    """`2026-11` as `listopad 2026`, `November 2026`."""
    if not name[:1].isdigit():
        return str(UNDATED)
    said = date_format(date(int(name[:4]), int(name[5:7]), 1), "F Y")
    return said.lower() if reader() == "pl" else said


@register.filter
def size(count: int) -> str:
    """Bytes as kB, MB or GB."""
    for unit, power in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= power:
            return f"{number_format(count / power, 1)}\u00a0{unit}"
    return f"{count}\u00a0B"


@register.simple_tag
def trouble(kept: dict[str, Any], file: str = "") -> str:
    """Why a job failed, as a sentence."""
    code, facts = kept.get("code", "job_broke"), kept.get("facts", {})
    if code in refusals():
        return say_refusal(code, reader(), **facts)
    where = Where(file or None, kept.get("line"), None, kept.get("field"))
    return say_error(EngineInputError(code, where, **facts), reader(), page=True)


@register.filter
def clock(at: datetime | None, place: Any = None) -> str:
    """`17.30`, `5:30 pm`, as clocks showed it at this place; without one, in the zone of the page."""
    if at is None:
        return ""
    with timezone.override(_zone(place)):
        return time_format(timezone.localtime(at), "TIME_FORMAT")


@register.filter
def moment_at(at: datetime | None, place: Any) -> str:
    """`22 listopada 2026, 17.30`, as clocks showed it at this place."""
    with timezone.override(_zone(place)):
        return moment(at)


def _zone(place: Any) -> ZoneInfo | tzinfo:
    """Of a place of ours; of the page, where it is somebody else's name."""
    zone = getattr(place, "zone", "")
    return ZoneInfo(zone) if zone else timezone.get_current_timezone()


@register.filter
def unlocalize(share: float) -> str:
    """A number as HTML attributes want it."""
    return f"{share:.3f}"


@register.filter
def iso_day(at: str) -> str:
    """`2026-11-22T09:00:00+00:00` as `22 listopada 2026`."""
    return day(datetime.fromisoformat(at)) if at else ""
