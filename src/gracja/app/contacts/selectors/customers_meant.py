"""Customers as programs and the archive name them: no page shows what is read here."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from gracja.app.contacts.models import Consent, Customer, CustomerNumber
from gracja.app.contacts.models.customers import telephone_digits


def customer_meant(given: str) -> Customer | None:
    """Whom a program means by this uid, key, number or e-mail: one live record, or nobody.

    It tells nobody anything: for what is written down, never for an answer.
    """
    typed = given.strip()
    if not typed:
        return None
    ways = (
        Customer.objects.filter(Q(uid=typed) | Q(key=typed)),
        Customer.objects.filter(numbers__value=typed),
        Customer.objects.filter(email=typed.lower()),
    )
    found = {
        whole.pk: whole
        for way in ways
        for one in way.select_related("merged_into").distinct()[:2]
        if (whole := one.merged_into or one).erased_at is None
    }
    return next(iter(found.values())) if len(found) == 1 else None


def keys_that_agree(purpose: str) -> QuerySet[Customer, str]:
    """The keys of customers who agree to this now, merged records' among them; for a subquery."""
    agrees = Consent.objects.filter(purpose=purpose, withdrawn_at=None)
    own, whole = (agrees.filter(customer=OuterRef(one)) for one in ("pk", "merged_into"))
    return Customer.objects.filter(Exists(own) | Exists(whole), erased_at=None).values_list("key", flat=True)


def names_in_files(records: Sequence[Customer]) -> list[str]:
    """Whatever files of conversations may have called these records of one customer: our id, numbers, e-mail,
    and the telephone however it is written.
    """
    numbers = CustomerNumber.objects.filter(customer__in=records).order_by("pk")
    said = [one.uid for one in records] + list(numbers.values_list("value", flat=True))
    for one in records:
        digits = "".join(sign for sign in one.phone if sign.isdigit())
        international = f"+{digits}" if one.phone.startswith("+") else ""
        said += [one.email, one.phone, one.phone_digits, digits, international]
    return [name for name in dict.fromkeys(said) if name.strip()]


def names_of_nobody_else(records: Sequence[Customer]) -> list[str]:
    """Of `names_in_files`, those that no other live customer has: files do not say of which system a number
    is, so that one which two customers share leads to either.
    """
    names = names_in_files(records)
    lines = {telephone_digits(name) for name in names} - {""}
    live = Customer.objects.filter(erased_at=None, merged_into=None).exclude(
        pk__in=[one.pk for one in records]
    )
    ways = (Q(numbers__value__in=names), Q(email__in=names), Q(phone__in=names), Q(phone_digits__in=lines))
    others = {one for way in ways for one in live.filter(way)}
    taken = {name for one in others for name in names_in_files([one])}
    shared = {one.phone_digits for one in others} - {""}  # however each of them writes it
    return [name for name in names if name not in taken and telephone_digits(name) not in shared]
