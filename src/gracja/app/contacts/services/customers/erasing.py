"""A customer leaves: personal values go for ever, the key stays and leads to nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.erasures import note_erasure
from gracja.app.common.names import Names
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, CustomerNumber, Purchase, Refund
from gracja.app.contacts.selectors.customers_meant import names_of_nobody_else
from gracja.app.contacts.services.customers.suppressing import suppress
from gracja.app.contacts.services.forgetting import leave_archive
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.organisation.services.naming import forms_of_names

Forget = Callable[[list[str], Names], None]


@transaction.atomic
def erase_customer(*, by: User, customer: Customer, forget: Forget) -> None:
    """Erase who they are, and every record merged into theirs. Repeating is harmless.

    forget: what the other words do with these keys and names, in the same transaction (open gestures give
    their money back). Raises Refused: not_permitted, customer_gone (merged: erase the record that it leads
    to).
    """
    require(by, "customer.erase")
    kept = Customer.objects.select_for_update().get(pk=customer.pk)
    if kept.erased_at:
        return
    if kept.merged_into_id:
        raise Refused("customer_gone")
    names = names_of(kept)
    keys = forget_customer(kept)
    forget(keys, names)
    audit.record("customer.erase", by=by, subject=("customer", kept.key), after={"erased": True})
    for key in keys:
        transaction.on_commit(partial(note_erasure, key))


@transaction.atomic
def erase_customers_again(keys: Iterable[str], *, forget: Forget) -> int:
    """After a restore: erase anew whoever was erased since the backup was made. How many they were."""
    back = list(Customer.objects.filter(key__in=list(keys), erased_at=None, merged_into=None))
    for customer in back:
        names = names_of(customer)
        forget(forget_customer(customer, at_once=True), names)
    return len(back)


def names_of(customer: Customer) -> Names:
    """Whatever leads to this customer: name and address, telephone and numbers, however they are written; in
    what somebody wrote, each part of the name too, as Polish inflects it.
    """
    records = [customer, *customer.merged.all()]
    numbers = list(CustomerNumber.objects.filter(customer__in=records).values_list("value", flat=True))
    called = [said for one in records for said in (one.name, one.email)]
    phones = [said for one in records for said in (one.phone, one.phone_digits, _digits(one.phone))]
    parts = {form for one in records for form in forms_of_names(one.name)}
    return Names(
        called,
        [*phones, *numbers],
        [*numbers],
        instead=customer.key,
        parts=sorted(parts),
        phones=[one.phone for one in records],
    )


def forget_customer(customer: Customer, *, at_once: bool = False) -> list[str]:
    """Empty the record; the keys that it was known by. Purchases stay as amounts of a key. What it was known
    by is kept as marks alone, so that no file brings it back.
    """
    records = [customer, *customer.merged.all()]
    suppress(records)
    leave_archive("customer", customer.key, names_of_nobody_else(records), at_once=at_once)
    for record in records:
        record.numbers.all().delete()
        record.consents.all().delete()
        # a number of the shop's leads to the person through the shop's books
        papers: list[Purchase | Refund] = [*record.purchases.all()]
        papers += Refund.objects.filter(purchase__customer=record)
        for paper in papers:
            paper.system, paper.number = "erased", f"{record.key}-{paper.pk}"
            paper.save(update_fields=("system", "number"))
        record.name = record.phone = record.phone_digits = record.email = record.language = ""
        record.phone_shared = record.email_shared = record.phone_wrong = False
        record.birthday_month = record.birthday_day = None
        record.do_not_contact = True
        record.erased_at = now()
        record.save()
    return [record.key for record in records]


def _digits(phone: str) -> str:
    return "".join(sign for sign in phone if sign.isdigit())
