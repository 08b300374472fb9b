"""Texts, shares and days as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils import formats, timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from gracja.engine.edition.texts import in_language
from gracja.report import words

register = template.Library()


def reader() -> str:
    """The reader's language: `pl` or `en`."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


@register.filter
def local(text: str | Mapping[str, str] | None) -> str:
    """A text of an edition in the reader's language, else in one that it has."""
    return (
        words.typeset(in_language(dict(text) if isinstance(text, Mapping) else text, reader()), reader())
        if text
        else ""
    )


@register.filter
def nbsp(text: Any) -> SafeString:
    """Non-breaking spaces after one-letter words (Polish) and between a number and what it counts."""
    return mark_safe(words.typeset(str(conditional_escape(text)), reader()))  # noqa: S308 (escaped here)


@register.filter
def percent(share: float | None) -> str:
    """A share from 0 to 1: `90 %` in Polish, `90%` in English; a dash where there is none."""
    return "–" if share is None else words.percent(share, reader())


@register.filter
def span(ends: tuple[float, float]) -> str:
    """The two ends of an interval of shares, without the unit: `86–93`."""
    return words.span(*ends)


@register.filter
def duration(seconds: float | None) -> str:
    """A time that passed, as people say it: `45 s`, `2 min 5 s`, `3 h 20 min`, `1 dzień 15 h`."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    minutes, rest_seconds = divmod(whole, 60)
    hours, rest_minutes = divmod(minutes, 60)
    days, rest_hours = divmod(hours, 24)
    if days:
        said = [
            ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
            f"{rest_hours} h" if rest_hours else "",
        ]
    elif hours:
        said = [f"{hours} h", f"{rest_minutes} min" if rest_minutes else ""]
    elif minutes:
        said = [f"{minutes} min", f"{rest_seconds} s" if rest_seconds else ""]
    else:
        said = [f"{words.number(seconds, reader())} s"]
    return " ".join(filter(None, said)).replace(" ", words.NBSP)


@register.filter
def day(at: date | datetime | None) -> str:
    """`22 listopada 2026`, `22 November 2026`, kept on one line."""
    return _one_line(at, "DATE_FORMAT")


@register.filter
def moment(at: datetime | None) -> str:
    """`22 listopada 2026, 17.30`, in the zone of the page."""
    return _one_line(at, "DATETIME_FORMAT")


def _one_line(at: date | datetime | None, pattern: str) -> str:
    if at is None:
        return "–"
    here = timezone.localtime(at) if isinstance(at, datetime) and timezone.is_aware(at) else at
    return formats.date_format(here, pattern).replace(" ", words.NBSP)
