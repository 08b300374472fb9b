"""Pictures that stand beside words: icons, intervals, bands, grades."""

from __future__ import annotations

from typing import Any, Final, Protocol

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from gracja.app.web.templatetags.icons import ICONS
from gracja.app.web.templatetags.words import reader
from gracja.report import words

register = template.Library()

BANDS: Final = {"discreet": _("discreet"), "attentive": _("attentive"), "personal": _("personal")}
_STANDS: Final = {
    "discreet": "4",
    "attentive": "9.5",
    "personal": "14.6",
}  # where you stand
GRADES: Final = ("below", "standard", "above", "exceptional")
_RUNGS: Final = ("11", "6.6", "1")


class Scale(Protocol):
    """The ends of a column's axis, as shares."""

    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the house; always beside words."""
    drawn = mark_safe(ICONS[name])  # noqa: S308 (drawn above)
    return format_html('<svg class="ic" viewBox="0 0 20 20" aria-hidden="true">{}</svg>', drawn)


@register.simple_tag
def band(name: str, word: str = "") -> SafeString:
    """A band of closeness: the word, and two discs as far apart as it says."""
    x = _STANDS[name]
    return format_html(
        '<span class="band band--{}"><svg class="gap" viewBox="0 0 28 12" aria-hidden="true">'
        '<line x1="{}" y1="6" x2="21" y2="6"/><circle class="c" cx="22" cy="6" r="4.5"/>'
        '<circle class="y" cx="{}" cy="6" r="2.75"/></svg>{}</span>',
        name,
        x,
        x,
        word or BANDS[name],
    )


@register.simple_tag
def grade(name: str | None, needed: int | None = None) -> SafeString:
    """A grade: the word, and a ladder with its rungs filled; hollow where it is not known yet."""
    lang = reader()
    said = words.sentence(f"grade_{name or 'unknown'}", lang)
    if not name and needed:
        said = f"{said}, {words.sentence('grade_needed', lang, contacts=needed)}"
    filled = GRADES.index(name) if name else 0
    rungs = format_html_join(
        "",
        '<rect x="3" y="{}" width="12" height="2.4"{}/>',
        ((y, mark_safe(' class="on"') if at < filled else "") for at, y in enumerate(_RUNGS)),
    )
    return format_html(
        '<span class="grade grade--{}"><svg class="ladder" viewBox="0 0 18 18" aria-hidden="true">{}'
        '<path d="M0 16.5h18" stroke="currentColor" stroke-width="1.5"/></svg>{}</span>',
        name or "unknown",
        rungs,
        said,
    )


@register.simple_tag
def interval(
    what: Any,
    value: float | None,
    low: float | None,
    high: float | None,
    level: float,
    scale: Scale | None = None,
    radius: str = "4.5",
) -> SafeString:
    """The interval mark: a share with its interval against the level, and the same in words.

    A full dot: the side of the level is known. A hollow one: the interval still holds it. Without numbers
    nothing is drawn; the words say so. `scale`: the ends of the column's axis, 0 to 1 where none is given.
    """
    lang = reader()
    if value is None or low is None or high is None:
        return format_html('<span class="muted small">{}</span>', words.sentence("side_not_measured", lang))
    side = words.side(value, low, high, level)
    told = words.sentence(f"side_{side}", lang)
    label = words.sentence(
        "iv_label",
        lang,
        what=what,
        share=words.percent(value, lang),
        low=words.percent(low, lang),
        high=words.percent(high, lang),
        level=words.percent(level, lang),
        side=told[:1].lower() + told[1:],
    )
    settled = {"above": " iv--up", "below": " iv--down"}.get(side, "")
    at = [_at(share, scale) for share in (level, low, high, value)]
    return format_html(
        '<svg class="iv{}" role="img" aria-label="{}"><line class="ax" x1="0" x2="100%" y1="50%" y2="50%"/>'
        '<line class="aim" x1="{}" x2="{}" y1="14%" y2="86%"/>'
        '<line class="rg" x1="{}" x2="{}" y1="50%" y2="50%"/>'
        '<circle class="dot{}" cx="{}" cy="50%" r="{}"/></svg>',
        settled,
        label,
        at[0],
        at[0],
        at[1],
        at[2],
        "" if settled else " open",
        at[3],
        radius,
    )


def _at(share: float, scale: Scale | None) -> str:
    """The place on the axis as an SVG length."""
    low, high = (scale.low, scale.high) if scale else (0.0, 1.0)
    inside = min(1.0, max(0.0, (share - low) / (high - low)))
    return f"{100 * inside:.1f}%"
