"""A customer by the address of their record, which nobody guesses."""

from __future__ import annotations

from gracja.app.contacts.models import Customer
from gracja.app.organisation.access import may, may_somewhere, require
from gracja.app.organisation.models import User


def customer_named(*, by: User, uid: str) -> Customer | None:
    """The record of this uid, or of the one that it was merged into; None where there is none, or it was
    erased.

    Raises Refused: not_permitted.
    """
    if not (may(by, "customer.read") or may_somewhere(by, "customer.find")):
        require(by, "customer.read")
    found = Customer.objects.select_related("merged_into").filter(uid=uid, erased_at=None).first()
    return (found.merged_into or found) if found else None
