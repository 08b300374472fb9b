"""Two records that are one customer become one."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.records import PERSONAL, facts_of
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User

SHARED: Final = (("phone_digits", "phone_shared"), ("email", "email_shared"))


@transaction.atomic
def merge_customers(*, by: User, kept: Customer, other: Customer) -> Customer:
    """Put everything of `other` into `kept`; what `kept` says of the customer goes first.

    The other key leads to this record from now on (`selectors.customers.keys_of`): what was written under it
    stays as it was. Who asked either of them not to be contacted is not contacted; a consent that was taken
    back on one after it was given on the other is taken back. Repeating is harmless.
    Raises Refused: not_permitted, customer_gone, customer_merges_with_itself.
    """
    require(by, "customer.manage")
    if kept.pk == other.pk:
        raise Refused("customer_merges_with_itself")
    # locked in one order: two people may join the same two the other way round
    rows = {
        row.pk: row
        for row in Customer.objects.select_for_update().filter(pk__in=(kept.pk, other.pk)).order_by("pk")
    }
    kept, other = rows[kept.pk], rows[other.pk]
    if other.merged_into_id == kept.pk:
        return kept
    if any(row.erased_at or row.merged_into_id for row in rows.values()):
        raise Refused("customer_gone")
    before = facts_of(kept)
    _take_over(kept, other)
    _move(kept, other)
    audit.record(
        "customer.merge",
        by=by,
        subject=("customer", kept.key),
        before=before,
        after=facts_of(kept) | {"merged": other.key},
        personal=PERSONAL,
    )
    return kept


def _take_over(kept: Customer, other: Customer) -> None:
    """What `kept` does not say, as the other said it. The other is emptied first: a telephone stands once."""
    for said, shared in SHARED:
        if not getattr(kept, said):
            setattr(kept, shared, getattr(other, shared))
    if kept.phone_digits in ("", other.phone_digits):
        kept.phone_wrong |= other.phone_wrong
    for field in ("name", "phone", "phone_digits", "email", "language"):
        setattr(kept, field, getattr(kept, field) or getattr(other, field))
    if kept.birthday_month is None:
        kept.birthday_month, kept.birthday_day = other.birthday_month, other.birthday_day
    kept.do_not_contact |= other.do_not_contact
    there = Customer.objects.filter(erased_at=None, merged_into=None).exclude(pk__in=(kept.pk, other.pk))
    for said, shared in SHARED:  # perhaps with each other alone
        still = getattr(kept, shared) and there.filter(**{said: getattr(kept, said)}).exists()
        setattr(kept, shared, still)
    other.name = other.phone = other.phone_digits = other.email = ""
    other.phone_shared = other.email_shared = other.phone_wrong = False
    other.birthday_month = other.birthday_day = None
    other.merged_into = kept
    other.save()
    kept.save()


def _move(kept: Customer, other: Customer) -> None:
    other.numbers.update(customer=kept)
    other.purchases.update(customer=kept)
    has = kept.consents.filter(withdrawn_at=None).values("purpose")
    other.consents.exclude(withdrawn_at=None, purpose__in=has).update(customer=kept)
    other.consents.all().delete()  # the same, given twice
    _withdraw_what_was_taken_back(kept)
    Customer.objects.filter(merged_into=other).update(merged_into=kept)


def _withdraw_what_was_taken_back(kept: Customer) -> None:
    for given in kept.consents.filter(withdrawn_at=None):
        later = kept.consents.filter(purpose=given.purpose, withdrawn_at__gte=given.given_at)
        if (last := later.order_by("-withdrawn_at").first()) is not None:
            given.withdrawn_at = last.withdrawn_at
            given.save(update_fields=("withdrawn_at",))
