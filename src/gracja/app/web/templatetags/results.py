"""What pages of results say: the report's sentences, so that both speak alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import template
from django.utils.translation import gettext_lazy as _

from gracja.app.measurement.selectors.results import Shown
from gracja.app.web.templatetags.words import reader
from gracja.engine.errors import EngineInputError
from gracja.report import words
from gracja.report.model import AT_THE_BORDER, Axis, Estimate
from gracja.wording import say_error
from gracja.wording.refusals import refusals, say_refusal

register = template.Library()

# by where the evaluator's share stands beside an average one
_STRICTNESS: Final = {
    "below": _("Almost certainly stricter"),
    "perhaps_below": _("Probably stricter"),
    "unknown": _("No difference is known"),
    "perhaps_above": _("Probably more lenient"),
    "above": _("Almost certainly more lenient"),
    "not_measured": _("Nothing tells their marks from the service itself."),
}


@register.simple_tag
def says(key: str, **facts: Any) -> str:
    """A sentence of the report: `{% says "measures_head" %}`."""
    return words.sentence(key, reader(), **facts)


@register.simple_tag
def measure_says(name: str, kind: str = "") -> str:
    """The name of a measure (base, fit, initiative), or with kind `what` what it is."""
    return words.sentence(f"{name}_{kind}" if kind else name, reader())


@register.filter
def side(estimate: Estimate) -> str:
    """On which side of the level, as far as it is known."""
    return words.sentence(f"side_{estimate.side}", reader())


@register.filter
def strictness(share: Estimate) -> str:
    """How an evaluator marks beside an average one, as far as it is known."""
    return str(_STRICTNESS[share.side])


@register.filter
def odds(estimate: Estimate) -> str:
    """How sure that is: `99 szans na 100, że powyżej`; empty where nothing was measured."""
    chance = estimate.chance
    if chance is None:
        return ""
    key, sure = ("odds_above", chance) if chance >= 0.5 else ("odds_below", 1 - chance)
    return words.sentence(key, reader(), odds=words.odds(sure))


@register.filter
def ends(estimate: Estimate) -> str:
    """The two ends of the interval, without the unit: `86–93`."""
    return words.span(estimate.numbers[1], estimate.numbers[2]) if estimate.numbers else ""


@register.filter
def axis_low(axis: Axis) -> str:
    return str(round(100 * axis.low))


@register.filter
def axis_high(axis: Axis) -> str:
    return words.percent(axis.high, reader())


@register.simple_tag
def place_range(fact: dict[str, Any], compared: int) -> str:
    """A range of places in words, never one place as if it were certain."""
    low, high = fact["rank_low"], fact["rank_high"]
    facts: dict[str, str] = {}
    if compared == 1:
        key = "place_alone"
    elif low is None or high is None:
        key = "place_unknown"
    elif low <= 1 and high >= compared:
        key = "place_any"
    elif low == high:
        key, facts = "place_sure", {"place": words.ordinal(low, reader())}
    else:
        key, facts = (
            "place_range",
            {"low": words.ordinal(low, reader()), "high": words.ordinal(high, reader())},
        )
    return words.sentence(key, reader(), **facts)


@register.simple_tag
def needs(fact: dict[str, Any]) -> str:
    """How many contacts more would settle the grade; empty where it is settled."""
    needed = fact["needed"]
    if not needed:
        return ""
    if needed > AT_THE_BORDER:
        return words.sentence("grade_border", reader())
    return words.sentence("grade_needed", reader(), contacts=needed)


@register.simple_tag
def provisional_why(fact: dict[str, Any]) -> list[tuple[str, str]]:
    """Why a result is not final: a title and its reason for each code."""
    codes = [code.strip() for code in (fact["provisional"] or "").split(",") if code.strip()]
    return [
        (words.sentence(f"provisional_{code}", reader()), words.sentence(f"provisional_{code}_why", reader()))
        for code in codes
    ]


@register.simple_tag
def trouble(coded: dict[str, Any]) -> str:
    """Why a measurement failed, in words."""
    if not coded:
        return ""
    if coded["code"] in refusals():
        return say_refusal(coded["code"], reader(), **coded["facts"])
    return say_error(EngineInputError(coded["code"], **coded["facts"]), reader())


@register.simple_tag
def provisional_whys(shown: Iterable[Shown]) -> list[tuple[str, str, str]]:
    """As `provisional_why` of many: title, reason, and whom it holds for (empty: everybody here)."""
    everybody = list(shown)
    found: dict[tuple[str, str], list[str]] = {}
    for one in everybody:
        for why in provisional_why(one.fact):
            found.setdefault(why, []).append(str(one.title))
    return [(*why, "" if len(names) == len(everybody) else ", ".join(names)) for why, names in found.items()]
