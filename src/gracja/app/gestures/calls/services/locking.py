"""Contacts locked before anything else, in one order, so that no two who change them wait for each other.

What a transaction holds it takes in this order: contacts by row, the customer, then what costs money (a
gesture, its budget). On SQLite one writes at a time anyhow.
"""

from __future__ import annotations

from django.db.models import Q

from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import keys_of
from gracja.app.gestures.calls.models import Call


def lock_calls(which: Q) -> list[Call]:
    """Those that match, as they are now, by row; for the caller's transaction."""
    rows = Call.objects.select_for_update(of=("self",)).select_related("place", "owner")
    return list(rows.filter(which).order_by("pk"))


def lock_call(call: Call) -> Call:
    """As it is now."""
    [kept] = lock_calls(Q(pk=call.pk))
    return kept


def lock_calls_of(*customers: Customer) -> list[Call]:
    """All of these customers', under whatever key."""
    return lock_calls(Q(customer_key__in=[key for one in customers for key in keys_of(one)]))
