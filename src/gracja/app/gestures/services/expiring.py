"""Gestures whose time is over: what was set aside for them goes back to the budget."""

from __future__ import annotations

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.services.ledger import move


def expire_due() -> int:
    """Give back the money of all that was not used in time; the worker calls it every day. How many."""
    # all read before the first is written: SQLite cannot write on what it reads while others write, too
    due = list(Gesture.objects.filter(state__in=Gesture.OPEN, expires_at__lt=now()).select_related("place"))
    return sum(_expire(gesture) for gesture in due)


@transaction.atomic
def _expire(gesture: Gesture) -> bool:
    try:
        did = move(gesture, "expire")
    except Refused:
        return False  # used, or given back, a moment ago
    if did:
        after = {"state": "expired"}
        audit.record(
            "gesture.expire",
            by=None,
            subject=("gesture", gesture.uid),
            after=after,
            place=gesture.place.uid,
        )
    return did
