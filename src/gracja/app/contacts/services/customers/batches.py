"""Purchases and refunds as a program sends them: all of a batch or nothing, and each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from gracja.app.common.clock import now
from gracja.app.common.money import MOST_MINOR, Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, CustomerNumber, Purchase, Refund
from gracja.app.contacts.services.customers.files.cells import EARLIEST
from gracja.app.contacts.services.customers.purchases import add_purchase, refund_purchase
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User

_CLOCKS_DIFFER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """One document. customer: the uid of the record; or customer_number: as the same system names them.
    amount: below zero for a refund. refund_of: the document that it gives back; empty: the one of its own
    number.
    """

    system: str
    number: str
    at: datetime
    amount: Money
    customer: str = ""
    customer_number: str = ""
    place: str = ""
    refund_of: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of a batch were new, and how many were here already."""

    purchases: int
    refunds: int
    same: int


@transaction.atomic
def take_purchases(*, by: User, sent: Sequence[Sent]) -> Taken:
    """Every document once, however often it comes; where one cannot be taken, none of the batch is.

    Raises Refused: not_permitted; with the document that it is about (row, from 1): purchase_of_nobody,
    no_such_place, purchase_in_future, purchase_too_old, refund_of_nothing (number), refund_of_another
    (number), amount_out_of_range (given), and those of `add_purchase` and `refund_purchase`.
    """
    require(by, "customer.manage")
    counted = {"purchases": 0, "refunds": 0, "same": 0}
    for row, one in enumerate(sent, start=1):
        try:
            counted[_take(by, one)] += 1
        except Refused as refused:
            raise Refused(refused.code, **{**refused.facts, "row": row}) from None
    return Taken(**counted)


def _take(by: User, one: Sent) -> str:
    if not -MOST_MINOR <= one.amount.minor <= MOST_MINOR:
        raise Refused("amount_out_of_range", given=str(one.amount))
    if one.at > now() + _CLOCKS_DIFFER:
        raise Refused("purchase_in_future")
    if one.at < EARLIEST:
        raise Refused("purchase_too_old")
    customer = _customer(one)
    if one.amount.minor < 0:
        return _take_refund(by, one, customer)
    known = Purchase.objects.filter(system=one.system, number=one.number).exists()
    add_purchase(
        by=by,
        customer=customer,
        place=_place(one.place),
        system=one.system,
        number=one.number,
        at=one.at,
        amount=one.amount,
    )
    return "same" if known else "purchases"


def _take_refund(by: User, one: Sent, customer: Customer) -> str:
    number = one.refund_of or one.number
    purchase = Purchase.objects.filter(system=one.system, number=number).first()
    if purchase is None:
        raise Refused("refund_of_nothing", number=number)
    if purchase.customer_id != customer.pk:
        raise Refused("refund_of_another", number=number)
    known = Refund.objects.filter(system=one.system, number=one.number).exists()
    amount = Money(-one.amount.minor, one.amount.currency)
    refund_purchase(by=by, purchase=purchase, amount=amount, number=one.number, at=one.at)
    return "same" if known else "refunds"


def _customer(one: Sent) -> Customer:
    if one.customer:
        found = Customer.objects.select_related("merged_into").filter(uid=one.customer).first()
        if found is not None:
            return found.merged_into or found
    numbered = CustomerNumber.objects.select_related("customer").filter(
        system=one.system, value=one.customer_number
    )
    if one.customer or not one.customer_number or (number := numbered.first()) is None:
        raise Refused("purchase_of_nobody")
    return number.customer


def _place(uid: str) -> Place | None:
    if not uid:
        return None
    place = Place.objects.filter(uid=uid, kind=Place.PLACE).first()
    if place is None:
        raise Refused("no_such_place")
    return place
