"""Purchases and refunds as a program sends them: all of a batch or nothing, and each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import MOST_MINOR, Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, Purchase, Refund
from gracja.app.contacts.services.customers.batched import Here, Sent, here_for
from gracja.app.contacts.services.customers.files.cells import EARLIEST
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User

_CLOCKS_DIFFER: Final = timedelta(days=1)


@dataclass(slots=True)
class Taken:
    """How many of a batch were new, how many were here already, and how many are of customers who were
    erased: those are left out.
    """

    purchases: int = 0
    refunds: int = 0
    same: int = 0
    erased: int = 0


def take_purchases(*, by: User, sent: Sequence[Sent]) -> Taken:
    """Every document once, however often it comes; where one cannot be taken, none of the batch is.

    Raises Refused: not_permitted; with the document that it is about (row, from 1): purchase_of_nobody,
    no_such_place, customer_gone, purchase_in_future, purchase_too_old, purchase_differs (number),
    refund_of_nothing (number), refund_of_another (number), refund_differs (number), refund_over_purchase
    (kept), purchase_other_currency (currency, wanted), amount_out_of_range (given).
    """
    require(by, "customer.manage")
    try:
        return _take_all(by, sent)
    except IntegrityError:
        return _take_all(by, sent)  # another batch brought one of these meanwhile: now it is seen


@transaction.atomic
def _take_all(by: User, sent: Sequence[Sent]) -> Taken:
    batch = _Batch(by, here_for(sent))
    for row, one in enumerate(sent, start=1):
        try:
            batch.take(one)
        except Refused as refused:
            raise Refused(refused.code, **{**refused.facts, "row": row}) from None
    batch.keep()
    return batch.taken


@dataclass
class _Batch:
    """What becomes of a batch, first of all in memory: each document is held against those before it."""

    by: User
    here: Here
    taken: Taken = field(default_factory=Taken)
    purchases: list[Purchase] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    lowered: dict[int, Purchase] = field(default_factory=dict)
    entries: list[AuditEntry] = field(default_factory=list)

    def take(self, one: Sent) -> None:
        if not -MOST_MINOR <= one.amount.minor <= MOST_MINOR:
            raise Refused("amount_out_of_range", given=str(one.amount))
        if one.at > now() + _CLOCKS_DIFFER:
            raise Refused("purchase_in_future")
        if one.at < EARLIEST:
            raise Refused("purchase_too_old")
        customer = self.here.customer(one)
        if customer is None:
            self.taken.erased += 1
        elif one.amount.minor < 0:
            self._take_refund(one, customer)
        else:
            self._take_purchase(one, customer)

    def keep(self) -> None:
        """Write down what was taken, each table once."""
        Purchase.objects.bulk_create(self.purchases)
        Refund.objects.bulk_create(self.refunds)
        Purchase.objects.bulk_update(self.lowered.values(), ("refunded_minor",))
        audit.record_all(self.entries)

    def _take_purchase(self, one: Sent, customer: Customer) -> None:
        place, found = self.here.place(one.place), self.here.purchases.get((one.system, one.number))
        said = (customer.pk, one.amount.minor, one.amount.currency, one.at)
        if found is not None:
            if (found.customer_id, found.amount_minor, found.currency, found.at) != said:
                raise Refused("purchase_differs", number=one.number)
            self.taken.same += 1
            return
        made = Purchase(
            customer=customer,
            place=place,
            system=one.system,
            number=one.number,
            at=one.at,
            amount_minor=one.amount.minor,
            currency=one.amount.currency,
        )
        self.here.purchases[one.system, one.number] = made
        self.purchases.append(made)
        self.taken.purchases += 1
        self._note("purchase.add", customer, amount=str(one.amount), at=one.at.isoformat(), place=place)

    def _take_refund(self, one: Sent, customer: Customer) -> None:
        number = one.refund_of or one.number
        purchase = self.here.purchases.get((one.system, number))
        if purchase is None:
            raise Refused("refund_of_nothing", number=number)
        if purchase.customer_id != customer.pk:
            raise Refused("refund_of_another", number=number)
        amount = Money(-one.amount.minor, one.amount.currency)
        if amount.currency != purchase.currency:
            raise Refused("purchase_other_currency", currency=amount.currency, wanted=purchase.currency)
        found = self.here.refunds.get((one.system, one.number))
        if found is not None:
            if found.purchase is not purchase or found.amount_minor != amount.minor:
                raise Refused("refund_differs", number=one.number)
            self.taken.same += 1
            return
        if amount.minor > purchase.kept.minor:
            raise Refused("refund_over_purchase", kept=str(purchase.kept))
        purchase.refunded_minor += amount.minor
        if purchase.pk:
            self.lowered[purchase.pk] = purchase
        made = Refund(
            purchase=purchase, system=one.system, number=one.number, at=one.at, amount_minor=amount.minor
        )
        self.here.refunds[one.system, one.number] = made
        self.refunds.append(made)
        self.taken.refunds += 1
        self._note("purchase.refund", customer, refunded=str(amount), number=one.number)

    def _note(self, action: str, customer: Customer, *, place: Place | None = None, **after: str) -> None:
        self.entries.append(
            audit.entry(
                action,
                by=self.by,
                subject=("customer", customer.key),
                after=after,
                personal=("number",),
                place=place.uid if place else "",
            )
        )
