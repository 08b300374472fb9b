"""A customer who was erased has no open gestures: their money goes back to the budgets."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from gracja.app.common.names import Names
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.services.ledger import move


@transaction.atomic
def forget_customers(keys: Iterable[str]) -> None:
    """Release what waits for these customers; what was spent stays, under a key that leads to nobody."""
    open_ = Gesture.objects.select_for_update().filter(customer_key__in=list(keys), state__in=Gesture.OPEN)
    # by budget: two who erase at once never wait for each other
    for gesture in open_.order_by("budget_id", "pk"):
        move(gesture, "release")
    # why it was given may name them
    Gesture.objects.filter(customer_key__in=list(keys)).update(reason="", details={}, contact="")


def forget_names(names: Names) -> None:
    """A colleague's name in the reason of a gesture, or of its return, is masked, and a customer's in that of
    another.
    """
    written = Gesture.objects.exclude(reason="", details={}).values_list("pk", "reason", "details")
    for pk, reason, details in written.iterator():
        masked = names.masked_text(reason)
        if because := details.get("returned_because"):
            details["returned_because"] = names.masked_text(because)
        if masked != reason or because != details.get("returned_because"):
            Gesture.objects.filter(pk=pk).update(reason=masked, details=details)
