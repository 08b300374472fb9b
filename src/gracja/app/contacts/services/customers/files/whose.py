"""Which of our customers a file means, and records for those who are not here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gracja.app.contacts.models import Customer, CustomerNumber
from gracja.app.contacts.models.erased import erased_among, mark_of, marks_of_number
from gracja.app.contacts.services.customers.files.cells import variants_of
from gracja.app.contacts.services.customers.files.mapping import EMAIL, NUMBER, PHONE, Columns

SHARED: Final = -1  # stands where two records bear the same telephone or address
ERASED: Final = -2  # where whoever this was is erased, and nobody else bears it
_FIELD: Final = {PHONE: "phone_digits", EMAIL: "email"}


def customers_of(said: Iterable[str], columns: Columns) -> dict[str, int]:
    """Their keys in the database, by what the file says: ERASED for who was erased; who is not here is left
    out.
    """
    wanted = set(said)
    found = _live(wanted, columns)
    return found | _erased(wanted - found.keys(), columns)


def _live(wanted: set[str], columns: Columns) -> dict[str, int]:
    if columns.customer_by == NUMBER:
        return _numbered(wanted, columns.system)
    field = _FIELD[columns.customer_by]
    there = Customer.objects.filter(**{f"{field}__in": wanted}, erased_at=None, merged_into=None)
    found: dict[str, int] = {}
    for value, pk in there.values_list(field, "pk"):
        found[value] = SHARED if value in found else pk
    return found


def _numbered(wanted: set[str], system: str) -> dict[str, int]:
    """By the number as it stands, else as it stood before a spreadsheet took it for an amount."""
    others = {one: variants_of(one) for one in wanted}
    asked = wanted.union(*others.values())
    there = CustomerNumber.objects.filter(system=system, value__in=asked)
    whose = dict(there.values_list("value", "customer_id"))
    found: dict[str, int] = {}
    for one, also in others.items():
        meant = {whose[one]} if one in whose else {whose[other] for other in also if other in whose}
        if meant:
            found[one] = meant.pop() if len(meant) == 1 else SHARED
    return found


def _erased(unknown: set[str], columns: Columns) -> dict[str, int]:
    by = columns.customer_by
    marks = {
        one: [mark for each in (one, *variants_of(one)) for mark in marks_of_number(columns.system, each)]
        if by == NUMBER
        else [mark_of(by, one)]
        for one in unknown
    }
    there = erased_among(mark for some in marks.values() for mark in some)
    return {one: ERASED for one, some in marks.items() if not there.isdisjoint(some)}


def locked_customers_of(said: Iterable[str], columns: Columns) -> dict[str, int]:
    """The same, and nobody joins or erases these records until the caller's transaction ends."""
    wanted = set(said)
    found = customers_of(wanted, columns)
    list(Customer.objects.select_for_update().filter(pk__in=found.values()).order_by("pk").values_list("pk"))
    return customers_of(wanted, columns)


def make_customers(said: Iterable[str], columns: Columns) -> dict[str, int]:
    """A record for each, with nothing in it but what the file says of them."""
    named = list(dict.fromkeys(said))
    by = columns.customer_by
    made = Customer.objects.bulk_create(
        Customer(
            phone=one if by == PHONE else "",
            phone_digits=one if by == PHONE else "",
            email=one if by == EMAIL else "",
        )
        for one in named
    )
    found = {one: customer.pk for one, customer in zip(named, made, strict=True)}
    if by == NUMBER:
        CustomerNumber.objects.bulk_create(
            CustomerNumber(customer_id=pk, system=columns.system, value=one) for one, pk in found.items()
        )
    return found
