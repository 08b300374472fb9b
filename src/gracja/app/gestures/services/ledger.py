"""The ledger's moves. Every one is an entry, and moves the same amount between the budget's sums.

Whoever calls has opened a transaction and asked for permission. The budget's row is changed by one
conditional UPDATE, so that of any number of clients at once only as many get through as there is money for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import F

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Budget, Entry, Gesture

# kind of entry -> from which states of the gesture, to which
_MOVES: Final = {
    "commit": (("reserved",), "committed"),
    "release": (("asked", "reserved"), "released"),
    "expire": (("asked", "reserved"), "expired"),
    "return": (("committed",), "released"),
}


def set_aside(budget: Budget, cost_minor: int) -> None:
    """Take an amount out of what is left.

    Raises Refused: over_budget (facts: left, cost).
    """
    enough = Budget.objects.filter(
        pk=budget.pk, amount_minor__gte=F("reserved_minor") + F("spent_minor") + cost_minor
    )
    if not enough.update(reserved_minor=F("reserved_minor") + cost_minor):
        budget.refresh_from_db()
        raise Refused("over_budget", left=str(budget.left), cost=str(Money(cost_minor, budget.currency)))


def note_reserved(gesture: Gesture, *, by_key: str) -> None:
    """The entry of what `set_aside` took."""
    _enter(gesture, "reserve", gesture.cost_minor, by_key)


def move(
    gesture: Gesture,
    kind: str,
    *,
    by_key: str = "",
    at: datetime | None = None,
    spent_minor: int | None = None,
) -> bool:
    """Commit, release, expire or return a gesture's money; whether this call did it.

    spent_minor: what a commit spends, at most what was set aside; the rest goes back. Of two calls at once
    one does it; repeating what was done changes nothing.
    Raises Refused: gesture_ended (facts: state) where it ended otherwise.
    """
    before, after = _MOVES[kind]
    spent = gesture.cost_minor if spent_minor is None else spent_minor
    written = {"spent_minor": spent} if kind == "commit" else {}
    rows = Gesture.objects.filter(pk=gesture.pk, state__in=before)
    if not rows.update(state=after, ended_at=at or now(), **written):
        gesture.refresh_from_db()
        if gesture.state == after and gesture.entries.filter(kind=kind).exists():
            return False
        raise Refused("gesture_ended", state=gesture.state)
    gesture.refresh_from_db()
    if kind == "commit":
        if rest := gesture.cost_minor - spent:
            _enter(gesture, "release", rest, by_key)
        _change(gesture, reserved=-gesture.cost_minor, spent=spent)
    elif kind == "return":
        spent = gesture.spent_minor or 0
        _change(gesture, reserved=0, spent=-spent)
    else:
        spent = gesture.cost_minor
        _change(gesture, reserved=-spent, spent=0)
    _enter(gesture, kind, spent, by_key)
    return True


def _change(gesture: Gesture, *, reserved: int, spent: int) -> None:
    Budget.objects.filter(pk=gesture.budget_id).update(
        reserved_minor=F("reserved_minor") + reserved, spent_minor=F("spent_minor") + spent
    )


def _enter(gesture: Gesture, kind: str, amount_minor: int, by_key: str) -> None:
    Entry.objects.create(
        gesture=gesture, budget_id=gesture.budget_id, kind=kind, amount_minor=amount_minor, by_key=by_key
    )
