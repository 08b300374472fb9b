"""Does it work? One policy: who returned with it and without, at every look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gracja.app.gestures.selectors import policies as selectors
from gracja.app.gestures.selectors.effects import Effect, effect_of
from gracja.app.organisation.access import may
from gracja.app.web.gestures.frame import show
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.texts import in_language
from gracja.wording import say


@dataclass(frozen=True, slots=True)
class Seen:
    """A look, as it is drawn."""

    day: str
    low: float
    high: float
    estimate: float


@require_safe
def effect(request: SignedIn, uid: str) -> HttpResponse:
    """What it changes, with an interval that may be looked at every day."""
    written = selectors.policy(by=request.user, uid=uid)
    found = effect_of(by=request.user, written=written)
    drawn = [
        Seen(
            format_date(one.day, "d MMM", locale=reader()),
            one.effect.low,
            one.effect.high,
            one.effect.estimate,
        )
        for one in found.looks
        if one.effect
    ]
    context = {
        "written": written,
        "terms": written.document,
        "title": in_language(written.document.title, reader()),
        "found": found,
        "effect": found.conclusion.effect,
        "points": _points(found),
        "cost": found.conclusion.cost,
        "verdict": say(f"verdict_{found.conclusion.verdict}", reader(), area="gesture"),
        "drawn": drawn,
        "label": _label(found),
        "partly": not (may(request.user, "gesture.read") or may(request.user, "gesture.manage")),
    }
    return show(request, "effect", "gesture_policies", context)


def _day(day: date) -> str:
    return format_date(day, "d MMM", locale=reader())


def _points(found: Effect) -> dict[str, Any]:
    """The difference as so many more, or fewer, of 100 customers."""
    one = found.conclusion.effect
    if one is None:
        return {}
    rounded = {name: round(100 * getattr(one, name)) for name in ("estimate", "low", "high")}
    return {name: str(n).replace("-", "\u2212") for name, n in rounded.items()} | {"more": one.estimate > 0}


def _label(found: Effect) -> str:
    points = _points(found)
    if not points:
        return ""
    return (
        _("Difference in returned customers over time; today %(estimate)s of 100, from %(low)s to %(high)s.")
        % points
    )
