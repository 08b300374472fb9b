"""The value up to which a customer's gifts of a year are small, as the company sets it."""

from __future__ import annotations

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.money import Money
from gracja.app.gestures.club.models import YearlyLimit
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User


@transaction.atomic
def set_limit(*, by: User, amount: Money) -> YearlyLimit:
    """One limit a currency. Repeating is harmless. Raises Refused: not_permitted."""
    require(by, "gesture.manage")
    # locked: two people may set it at once
    before = YearlyLimit.objects.select_for_update().filter(currency=amount.currency).first()
    kept, _ = YearlyLimit.objects.update_or_create(
        currency=amount.currency, defaults={"amount_minor": amount.minor}
    )
    if before is None or before.amount_minor != amount.minor:
        audit.record(
            "gift_limit.set",
            by=by,
            subject=("gift_limit", amount.currency),
            before={"amount": str(before.amount) if before else ""},
            after={"amount": str(amount)},
        )
    return kept
