"""What customers paid, and what was given back to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from gracja.app.common import audit
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, Purchase
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
def refund_purchase(*, by: User, purchase: Purchase, amount: Money) -> Purchase:
    """Give back part or all of a purchase.

    Raises Refused: not_permitted, amount_out_of_range (given), currency_of_another_place (currency, wanted),
    refund_over_purchase (kept).
    """
    require(by, "customer.manage")
    _refuse_negative(amount)
    if amount.currency != purchase.currency:
        raise Refused("currency_of_another_place", currency=amount.currency, wanted=purchase.currency)
    bearable = Purchase.objects.filter(pk=purchase.pk, refunded_minor__lte=F("amount_minor") - amount.minor)
    if not bearable.update(refunded_minor=F("refunded_minor") + amount.minor):
        purchase.refresh_from_db()
        raise Refused("refund_over_purchase", kept=str(purchase.kept))
    purchase.refresh_from_db()
    audit.record(
        "purchase.refund",
        by=by,
        subject=("customer", purchase.customer.key),
        after={"refunded": str(amount), "number": purchase.number},
        personal=("number",),
    )
    return purchase


def _refuse_negative(amount: Money) -> None:
    if amount.minor < 0:
        raise Refused("amount_out_of_range", given=str(amount))
