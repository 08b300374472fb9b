"""What customers paid, and what was given back to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, Purchase, Refund
from gracja.app.contacts.services.customers.records import locked
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User


@transaction.atomic
def add_purchase(
    *,
    by: User,
    customer: Customer,
    place: Place | None,
    system: str,
    number: str,
    at: datetime,
    amount: Money,
) -> Purchase:
    """One purchase. The same number of the same system again changes nothing.

    Raises Refused: not_permitted, amount_out_of_range (given), customer_gone, purchase_differs (number) where
    that number stands for another amount, time or customer.
    """
    require(by, "customer.manage")
    _refuse_negative(amount)
    customer = locked(customer)
    purchase, made = Purchase.objects.get_or_create(
        system=system,
        number=number,
        defaults={
            "customer": customer,
            "place": place,
            "at": at,
            "amount_minor": amount.minor,
            "currency": amount.currency,
        },
    )
    same = (purchase.customer_id, purchase.amount_minor, purchase.currency, purchase.at) == (
        customer.pk,
        amount.minor,
        amount.currency,
        at,
    )
    if not same:
        raise Refused("purchase_differs", number=number)
    if made:
        audit.record(
            "purchase.add",
            by=by,
            subject=("customer", customer.key),
            after={"amount": str(amount), "at": at.isoformat()},
            place=place.uid if place else "",
        )
    return purchase


@transaction.atomic
def refund_purchase(
    *, by: User, purchase: Purchase, amount: Money, number: str, at: datetime | None = None
) -> Purchase:
    """Give back part or all of a purchase, by a document of its own. The same document again changes nothing.

    number: of the refund, in the system of the purchase. at: now where it is not given.
    Raises Refused: not_permitted, amount_out_of_range (given), purchase_other_currency (currency, wanted),
    refund_over_purchase (kept), refund_differs (number) where that document stands for another refund.
    """
    require(by, "customer.manage")
    _refuse_negative(amount)
    if amount.currency != purchase.currency:
        raise Refused("purchase_other_currency", currency=amount.currency, wanted=purchase.currency)
    refund, made = Refund.objects.get_or_create(
        system=purchase.system,
        number=number,
        defaults={"purchase": purchase, "at": at or now(), "amount_minor": amount.minor},
    )
    if not made:
        if (refund.purchase_id, refund.amount_minor) != (purchase.pk, amount.minor):
            raise Refused("refund_differs", number=number)
        return purchase
    bearable = Purchase.objects.filter(pk=purchase.pk, refunded_minor__lte=F("amount_minor") - amount.minor)
    if not bearable.update(refunded_minor=F("refunded_minor") + amount.minor):
        purchase.refresh_from_db()
        raise Refused("refund_over_purchase", kept=str(purchase.kept))
    purchase.refresh_from_db()
    audit.record(
        "purchase.refund",
        by=by,
        subject=("customer", purchase.customer.key),
        after={"refunded": str(amount), "number": number},
        personal=("number",),
    )
    return purchase


def _refuse_negative(amount: Money) -> None:
    if amount.minor < 0:
        raise Refused("amount_out_of_range", given=str(amount))
