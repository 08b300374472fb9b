"""Amounts, and the pictures of gestures: what is left of a budget, an effect over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol

from babel.dates import format_date
from babel.numbers import format_decimal
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gracja.app.common.money import Money
from gracja.app.web.templatetags.words import reader
from gracja.report.words import NBSP
from gracja.wording import say
from gracja.wording.amounts import amount_in_words

register = template.Library()
# of an effect over time: pixels down, percent across, so that it fits every screen with its axis in sight
_TOP, _BOTTOM, _LEFT, _RIGHT = 14.0, 186.0, 12.0, 97.0
_LABELLED_EVERY: Final = 3  # looks, back from the last


class Kept(Protocol):
    """What a budget's bar is drawn of, in minor units."""

    @property
    def amount_minor(self) -> int: ...
    @property
    def reserved_minor(self) -> int: ...
    @property
    def spent_minor(self) -> int: ...


@register.filter
def money(minor: int | None, currency: str) -> str:
    """An amount in minor units as the reader's language writes it; a dash where there is none."""
    return "–" if minor is None else Money(minor, currency).in_words(reader())


@register.filter
def round_money(minor: int | None, currency: str) -> str:
    """The same without the smallest unit, for what is only an estimate."""
    if minor is None:
        return "–"
    return amount_in_words(Money(minor, currency).decimal, currency, reader(), whole=True)


@register.filter
def in_digits(n: int) -> str:
    """A count as the reader's language writes it: `12 345`, `12,345`."""
    return format_decimal(n, locale=reader())


@register.filter
def month_name(day: date) -> str:
    """`listopad`, `November`."""
    return format_date(day, "LLLL", locale=reader())


@register.filter
def month_year(day: date) -> str:
    """`listopad 2026`, `November 2026`, kept on one line."""
    return format_date(day, "LLLL y", locale=reader()).replace(" ", NBSP)


@register.filter
def short_day(day: date) -> str:
    """`30 lis 2026`, `30 Nov 2026`, kept on one line."""
    return format_date(day, "d MMM y", locale=reader()).replace(" ", NBSP)


@register.filter
def gesture_kind(kind: str) -> str:
    """A kind of gesture in words."""
    return say(f"kind_{kind}", reader(), area="gesture")


_ENTRIES: Final = {
    "reserve": gettext_lazy("set aside"),
    "commit": gettext_lazy("spent"),
    "release": gettext_lazy("given back"),
    "expire": gettext_lazy("not used in time"),
    "return": gettext_lazy("refunded"),
}


@register.filter
def entry_kind(kind: str) -> str:
    """What an entry of the ledger did with the money."""
    return str(_ENTRIES[kind])


@register.simple_tag
def budget_bar(kept: Kept, name: str) -> SafeString:
    """What is spent (full), set aside (striped by a line) and left (empty) of a budget, as one bar."""
    whole = kept.amount_minor or 1
    spent, aside = 100 * kept.spent_minor / whole, 100 * kept.reserved_minor / whole
    label = _("%(name)s: %(spent)s%% spent, %(aside)s%% set aside, %(left)s%% left") % {
        "name": name,
        "spent": round(spent),
        "aside": round(aside),
        "left": max(0, 100 - round(spent) - round(aside)) if kept.amount_minor else 0,
    }
    return format_html(
        '<svg class="bud" role="img" aria-label="{}">'
        '<rect class="bud__all" x="0" y="1" width="100%" height="14"/>'
        '<rect class="bud__aside" x="{}%" y="1" width="{}%" height="14"/>'
        '<rect class="bud__spent" x="0" y="1" width="{}%" height="14"/></svg>',
        label,
        f"{spent:.2f}",
        f"{aside:.2f}",
        f"{spent:.2f}",
    )


class Seen(Protocol):
    """A day on which somebody could have looked."""

    low: float
    high: float
    estimate: float
    day: str


@register.simple_tag
def effect_over_time(looks: Sequence[Seen], worthwhile: float, label: str) -> SafeString:
    """The interval of an effect at each look: a line from its low to its high end, a dot on the estimate."""
    reach = max(0.1, *(abs(end) for one in looks for end in (one.low, one.high)), worthwhile * 1.2)
    reach = min(1.0, reach)

    def y(share: float) -> str:
        inside = max(-reach, min(reach, share))
        return f"{_TOP + (_BOTTOM - _TOP) * (reach - inside) / (2 * reach):.1f}"

    def x(place: int) -> str:
        step = (_RIGHT - _LEFT) / max(1, len(looks))
        return f"{_LEFT + step * (place + 0.5):.2f}%"

    marks = format_html_join(
        "",
        '<line class="rg{}" x1="{}" x2="{}" y1="{}" y2="{}"/><circle class="dot{}" cx="{}" cy="{}" r="4"/>',
        (
            (
                _side(one),
                x(at),
                x(at),
                y(one.low),
                y(one.high),
                _side(one) or " open",
                x(at),
                y(one.estimate),
            )
            for at, one in enumerate(looks)
        ),
    )
    days = format_html_join(
        "",
        '<text x="{}" y="206" text-anchor="middle">{}</text>',
        ((x(at), one.day) for at, one in enumerate(looks) if (len(looks) - 1 - at) % _LABELLED_EVERY == 0),
    )
    scale = format_html_join(
        "",
        '<text x="{}%" y="{}" text-anchor="end">{}</text>',
        ((_LEFT - 2, float(y(share)) + 4, _points(share)) for share in (reach, 0.0, -reach)),
    )
    return format_html(
        '<svg class="looks" role="img" aria-label="{}">'
        '<line class="zero" x1="{}%" x2="{}%" y1="{}" y2="{}"/>'
        '<line class="worth" x1="{}%" x2="{}%" y1="{}" y2="{}"/>{}{}{}</svg>',
        label, _LEFT, _RIGHT, y(0.0), y(0.0), _LEFT, _RIGHT, y(worthwhile), y(worthwhile),
        scale, days, marks,
    )  # fmt: skip


def _side(one: Seen) -> str:
    return " up" if one.low > 0 else " down" if one.high < 0 else ""


def _points(share: float) -> str:
    rounded = round(100 * share)
    return f"+{rounded}" if rounded > 0 else f"\u2212{-rounded}" if rounded < 0 else "0"
