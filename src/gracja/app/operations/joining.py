"""Joining two customers everywhere: the records, and the contacts that wait for them, in one transaction."""

from __future__ import annotations

from django.db import transaction

from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers import joining
from gracja.app.gestures.calls.services.locking import lock_calls_of
from gracja.app.gestures.calls.services.proposing import end_unwanted
from gracja.app.organisation.models import User


@transaction.atomic
def merge_customers(*, by: User, kept: Customer, other: Customer) -> Customer:
    """Put everything of `other` into `kept`; what one of them no longer wanted is proposed to neither.

    Repeating is harmless. Raises Refused: as contacts' `merge_customers`.
    """
    lock_calls_of(kept, other)  # before the customers' own rows, as everybody who makes contacts does
    joined = joining.merge_customers(by=by, kept=kept, other=other)
    end_unwanted(of=joined)
    return joined
