"""The front page of gestures: this month's money, what waits, the policies, what to ask."""

from __future__ import annotations

from calendar import monthrange

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from gracja.app.common.refused import Refused
from gracja.app.gestures.selectors import budgets as money
from gracja.app.gestures.selectors import policies as rules
from gracja.app.gestures.selectors.forbidding import services_that_forbid
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.selectors.company import today_here
from gracja.app.web.gestures.frame import show
from gracja.app.web.gestures.shown import shown_policies
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader

SHOWN = 12


@require_safe
def front(request: SignedIn) -> HttpResponse:
    """Whoever only approves sees what waits, and nothing of who gave what."""
    reads = may_somewhere(request.user, "gesture.read") or may(request.user, "gesture.manage")
    approves = may_somewhere(request.user, "gesture.approve")
    if not (reads or approves):
        raise Refused("not_permitted", permission="gesture.read")
    context = {"waiting": money.waiting(by=request.user) if approves else 0, "reads": reads}
    return show(request, "front", "gestures", context | (_read(request) if reads else {}))


def _read(request: SignedIn) -> dict[str, object]:
    first = today_here().replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    rows = money.budgets_between(by=request.user, first=first, last=last)
    fullest = sorted(rows, key=lambda one: one.left.minor / (one.amount_minor or 1))
    written = rules.policies(by=request.user)
    return {
        "first": first,
        "sums": money.sums_of(rows),
        "budgets": fullest[:SHOWN],
        "budgets_in_all": len(rows),
        "without": money.places_without_budget(by=request.user, day=today_here()),
        "policies": shown_policies(
            written, rules.given_since(by=request.user, first=first), services_that_forbid(), reader()
        ),
        "held_out": sum(not one.closed and one.document.held_out_share > 0 for one in written),
        "began": bool(rows) or bool(written),
    }
