"""Numbers, dates, names and odds as people read them, in Polish and English."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from math import erf, log, sqrt
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_decimal

from gracja.wording import say

NBSP: Final = "\u00a0"
SHOWN_NAME: Final = 26
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_LONE_LETTER: Final = re.compile(r"(?<![^\s(„\u00a0])([aiouwzAIOUWZ])\s+(?=\S)")
_NUMBER_UNIT: Final = re.compile(r"(?<=\d) (?=[^\W\d_]|%)")
# What turns the direction of the text around it, or draws nothing: kept out of what we show.
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def sentence(key: str, lang: str, **facts: Any) -> str:
    """The report's sentence of this key, with the typography of its language."""
    return typeset(say(key, lang, area="report", **facts), lang) if facts else _same(key, lang)


@cache
def _same(key: str, lang: str) -> str:
    """One that never changes: a page of results says hundreds of them."""
    return typeset(say(key, lang, area="report"), lang)


def typeset(text: str, lang: str) -> str:
    """Non-breaking spaces after one-letter words (Polish) and between a number and what it counts."""
    text = _NUMBER_UNIT.sub(NBSP, text)
    return _LONE_LETTER.sub(rf"\1{NBSP}", text) if lang == "pl" else text


def number(value: float, lang: str) -> str:
    return format_decimal(value, format="#,##0.##", locale=lang)


def percent(share: float, lang: str) -> str:
    """`90 %` in Polish (with a space that does not break), `90%` in English."""
    return f"{round(100 * share)}{NBSP}%" if lang == "pl" else f"{round(100 * share)}%"


def span(low: float, high: float) -> str:
    """The two ends of an interval, without the unit: `86–93`."""
    return f"{round(100 * low)}–{round(100 * high)}"


def period(start: datetime | None, end: datetime | None, lang: str) -> str:
    """`1 września – 30 listopada 2026`; an end at midnight is the end of the day before."""
    if start is None or end is None:
        return sentence("period_unknown", lang)
    last = max(start, end - timedelta(microseconds=1))
    pattern = "d MMMM y"
    first = "d MMMM" if start.year == last.year else pattern
    ends = (format_date(start, first, locale=lang), format_date(last, pattern, locale=lang))
    if start.date() == last.date():
        return ends[1].replace(" ", NBSP)
    return " – ".join(end.replace(" ", NBSP) for end in ends)


def day(at: datetime | None, lang: str) -> str | None:
    return None if at is None else format_date(at.astimezone(UTC), "d MMMM y", locale=lang).replace(" ", NBSP)


def ordinal(place: int, lang: str) -> str:
    """`3.` in Polish, `3rd` in English."""
    if lang == "pl":
        return f"{place}."
    teen = 10 <= place % 100 <= 20
    return f"{place}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(place % 10, 'th')}"


def clean(text: str) -> str:
    """The text without marks that turn direction and without control characters (tab and line stay)."""
    return "".join(
        " " if sign in "\t\n\r" else sign
        for sign in text
        if sign in "\t\n\r" or (sign not in _BIDI and unicodedata.category(sign) not in ("Cc", "Cs"))
    )


def short_name(name: str) -> str:
    """A name short enough for a row: a UUID by its first eight signs, a long text by its beginning."""
    shown = clean(name).strip()
    if _UUID.fullmatch(shown):
        return f"{shown[:8]}…"
    return shown if len(shown) <= SHOWN_NAME else f"{shown[: SHOWN_NAME - 1].rstrip()}…"


def short_names(names: list[str]) -> dict[str, str]:
    """A short form of every name; those that would look alike keep their whole text."""
    shown = {name: short_name(name) or "—" for name in names}
    alike: dict[str, int] = {}
    for form in shown.values():
        alike[form] = alike.get(form, 0) + 1
    return {name: form if alike[form] == 1 else clean(name) or "—" for name, form in shown.items()}


def chance_above(value: float, low: float, high: float, level: float) -> float:
    """P(true share >= level), reading the 95 % interval as a normal one in logits."""
    inside = [min(max(share, 1e-6), 1 - 1e-6) for share in (value, low, high, level)]
    at, bottom, top, aim = (log(share / (1 - share)) for share in inside)
    error = (top - bottom) / (2 * 1.959964)
    if error <= 0:
        return 1.0 if at >= aim else 0.0
    return 0.5 * (1 + erf((at - aim) / error / sqrt(2)))


def side(value: float, low: float, high: float, level: float) -> str:
    """Which side of the level, in five steps: `above`, `perhaps_above`, `unknown`, `perhaps_below`, `below`.

    The outer two are kept for an interval that leaves the level out, so that the words "almost certainly"
    and a full dot always go together.
    """
    if low >= level:
        return "above"
    if high < level:
        return "below"
    chance = chance_above(value, low, high, level)
    return "perhaps_above" if chance >= 0.8 else "perhaps_below" if chance <= 0.2 else "unknown"


def odds(chance: float) -> int:
    """So many in a hundred; never 0 or 100, because a measurement is never that sure."""
    return min(99, max(1, round(100 * chance)))
