"""Reasons, ways and outcomes of contacts in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gracja.app.common.money import money
from gracja.app.web.templatetags.words import day, reader

if TYPE_CHECKING:
    from gracja.app.gestures.calls.models import Call

REASONS: Final = {
    "after_failure": gettext_lazy("After a failure"),
    "thanks_purchase": gettext_lazy("Thanks for a big purchase"),
    "thanks_visits": gettext_lazy("Thanks for many visits"),
    "anniversary_first": gettext_lazy("Anniversary of the first purchase"),
    "anniversary_joined": gettext_lazy("Anniversary in the club"),
    "promised": gettext_lazy("We promised it"),
    "other": gettext_lazy("Another reason"),
}
WAYS: Final = {"call": gettext_lazy("A call"), "card": gettext_lazy("A card")}
OUTCOMES: Final = {
    "reached": gettext_lazy("Reached"),
    "sent": gettext_lazy("Card sent"),
    "no_answer": gettext_lazy("No answer"),
    "asked_not": gettext_lazy("Asked not to be contacted"),
    "wrong_number": gettext_lazy("Wrong number"),
    "not_needed": gettext_lazy("We decided not to"),
    "withdrawn": gettext_lazy("No longer wanted"),
}
SHOWN: Final = {
    "due": gettext_lazy("For today"),
    "later": gettext_lazy("Later"),
    "cards": gettext_lazy("Cards to print"),
    "ended": gettext_lazy("Over"),
}


def why(call: Call) -> str:
    """Why the customer is to be contacted, in a sentence; the reason's title where its facts were erased."""
    facts: dict[str, Any] = call.why
    if not facts:
        return str(REASONS[call.reason])
    on = day(date.fromisoformat(facts["day"])) if "day" in facts else ""
    if call.reason == "after_failure":
        if facts.get("state") == "refused":
            return _("A complaint was refused on %(day)s.") % {"day": on}
        return _("Something went wrong, and was put right on %(day)s.") % {"day": on}
    if call.reason == "thanks_purchase":
        said = money(*facts["amount"].split()).in_words(reader())
        return _("A purchase of %(amount)s on %(day)s.") % {"amount": said, "day": on}
    if call.reason == "thanks_visits":
        n = facts["visits"]
        return ngettext("%(n)s visit so far, says the till.", "%(n)s visits so far, says the till.", n) % {
            "n": n
        }
    n = facts["years"]
    if call.reason == "anniversary_first":
        said = ngettext(
            "%(n)s year since the first purchase, on %(day)s.",
            "%(n)s years since the first purchase, on %(day)s.",
            n,
        )
    else:
        said = ngettext("%(n)s year in the club, on %(day)s.", "%(n)s years in the club, on %(day)s.", n)
    return said % {"n": n, "day": on}
