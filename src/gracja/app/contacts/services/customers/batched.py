"""What a batch of documents names, looked up all at once: customers, places, and documents that are here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, CustomerNumber, Purchase, Refund
from gracja.app.contacts.models.erased import erased_among, marks_of_number
from gracja.app.organisation.models import Place

Named = tuple[str, str]  # system, number


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


@dataclass(frozen=True)
class Here:
    """What is here of it. Customers by uid and by number; a number of somebody erased is in `erased`."""

    by_uid: dict[str, Customer]
    by_number: dict[Named, Customer]
    erased: set[Named]
    places: dict[str, Place]
    purchases: dict[Named, Purchase]
    refunds: dict[Named, Refund]

    def customer(self, one: Sent) -> Customer | None:
        """None: they were erased. Raises Refused: purchase_of_nobody."""
        named = (one.system, one.customer_number)
        found = self.by_uid.get(one.customer) if one.customer else self.by_number.get(named)
        if found is None:
            if not one.customer and named in self.erased:
                return None
            raise Refused("purchase_of_nobody")
        return None if found.erased_at else found

    def place(self, uid: str) -> Place | None:
        """Raises Refused: no_such_place."""
        if uid and uid not in self.places:
            raise Refused("no_such_place")
        return self.places.get(uid)


def here_for(sent: Sequence[Sent]) -> Here:
    """Everything that these name, in a few queries; customers and purchases are locked until the caller's
    transaction ends.
    """
    by_uid, by_number = _customers(sent)
    systems = {one.system for one in sent}
    documents = {number for one in sent for number in (one.number, one.refund_of) if number}
    bought = Purchase.objects.select_for_update().filter(system__in=systems, number__in=documents)
    purchases = {(one.system, one.number): one for one in bought.order_by("pk")}
    by_pk = {one.pk: one for one in purchases.values()}
    refunds: dict[Named, Refund] = {}
    for back in Refund.objects.filter(system__in=systems, number__in={one.number for one in sent}):
        if back.purchase_id in by_pk:
            back.purchase = by_pk[back.purchase_id]
        refunds[back.system, back.number] = back
    uids = {one.place for one in sent if one.place}
    places = Place.objects.filter(uid__in=uids, kind=Place.PLACE) if uids else ()
    return Here(
        by_uid,
        by_number,
        _erased(sent, by_number),
        {place.uid: place for place in places},
        purchases,
        refunds,
    )


def _customers(sent: Sequence[Sent]) -> tuple[dict[str, Customer], dict[Named, Customer]]:
    """By uid and by number, as they are once nobody joins or erases them any longer."""
    uids = {one.customer for one in sent if one.customer}
    led = {
        uid: merged or pk
        for uid, pk, merged in Customer.objects.filter(uid__in=uids).values_list(
            "uid", "pk", "merged_into_id"
        )
    }
    numbered = {
        (system, value): pk
        for system, value, pk in CustomerNumber.objects.filter(
            system__in={one.system for one in sent},
            value__in={one.customer_number for one in sent if not one.customer},
        ).values_list("system", "value", "customer_id")
    }
    wanted = {*led.values(), *numbered.values()}
    rows = {one.pk: one for one in Customer.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    by_uid = {uid: rows[pk] for uid, pk in led.items()}
    by_number = {named: rows[pk] for named, pk in numbered.items()}
    if any(one.merged_into_id for one in rows.values()):
        raise Refused("customer_gone")  # joined between the look and the lock: the program sends it again
    return by_uid, by_number


def _erased(sent: Sequence[Sent], known: dict[Named, Customer]) -> set[Named]:
    unknown = {
        (one.system, one.customer_number) for one in sent if not one.customer and one.customer_number
    } - known.keys()
    marks = {named: marks_of_number(*named) for named in unknown}
    there = erased_among(mark for some in marks.values() for mark in some)
    return {named for named, some in marks.items() if not there.isdisjoint(some)}
