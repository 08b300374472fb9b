"""Customers as their reader may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, overload

from django.db.models import Prefetch, Q, QuerySet

from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import fold
from gracja.app.contacts.models import Consent, Customer, CustomerNumber, Refund
from gracja.app.contacts.models.customers import telephone_digits
from gracja.app.organisation.access import may, may_somewhere, require
from gracja.app.organisation.models import User

MOST_NAMED: Final = 50  # records of one telephone or number; more would be no search


def customers(*, by: User, search: str = "") -> QuerySet[Customer]:
    """All who are there, by name; those whose name holds `search`, or whose number, telephone or address it
    is. Raises Refused: not_permitted.
    """
    require(by, "customer.read")
    there = Customer.objects.filter(merged_into=None, erased_at=None)
    if typed := search.strip():
        found = {
            pk for way in _ways(typed) for pk in there.filter(way).values_list("pk", flat=True)[:MOST_NAMED]
        }
        named = fold(typed)
        by_name = Q(found_by__contains=named) if named else Q(pk__in=())
        there = there.filter(by_name | Q(pk__in=found) if found else by_name)
    return there


class NamedFirst(Sequence[Customer]):
    """Customers by name, those without one last, to be turned over page by page: sorted in one query, they
    would not follow the index of names.
    """

    def __init__(self, some: QuerySet[Customer]) -> None:
        self._named, self._nameless = some.exclude(name=""), some.filter(name="")
        self._names = self._named.count()
        self._all = self._names + self._nameless.count()

    def __len__(self) -> int:
        return self._all

    @overload
    def __getitem__(self, wanted: int) -> Customer: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Customer]: ...
    def __getitem__(self, wanted: int | slice) -> Customer | list[Customer]:
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        first, last, _ = wanted.indices(self._all)
        later = slice(max(first - self._names, 0), max(last - self._names, 0))
        return [*self._named[first:last], *self._nameless[later]]


def customer_for(*, by: User, uid: str) -> Customer:
    """The record of this address, or of the one that it was merged into. 404 by Customer.DoesNotExist.

    Raises Refused: not_permitted.
    """
    if not (may(by, "customer.read") or may_somewhere(by, "customer.find")):
        require(by, "customer.read")
    found = Customer.objects.select_related("merged_into").get(uid=uid)
    return found.merged_into or found


def find_customer(*, by: User, given: str) -> Customer | None:
    """The one customer whom this number, telephone or address names exactly: what somebody at the counter
    can say of themselves. Two who share it are nobody, also where it is the number of one in the till and of
    another in the shop; of one who has it in both, they are found.

    Raises Refused: not_permitted.
    """
    if not may_somewhere(by, "customer.find"):
        raise Refused("not_permitted", permission="customer.find")
    typed = given.strip()
    if not typed:
        return None
    there = Customer.objects.filter(erased_at=None, merged_into=None)
    # one after another: each has its index, which all of them joined by "or" would not use
    found = {one.pk: one for way in _ways(typed) for one in there.filter(way).distinct()[:2]}
    return next(iter(found.values())) if len(found) == 1 else None


def _ways(typed: str) -> list[Q]:
    """What somebody may be found by exactly."""
    ways = [Q(numbers__value=typed), Q(email=typed.lower()), Q(uid=typed)]
    if digits := telephone_digits(typed):
        ways.append(Q(phone_digits=digits))
    return ways


def with_numbers(some: Iterable[Customer]) -> list[tuple[Customer, list[str]]]:
    """Each with the numbers by which other systems know them, by one query."""
    rows = list(some)
    numbers: dict[int, list[str]] = {row.pk: [] for row in rows}
    there = CustomerNumber.objects.filter(customer__in=numbers).order_by("pk")
    for customer, value in there.values_list("customer_id", "value"):
        numbers[customer].append(value)
    return [(row, numbers[row.pk]) for row in rows]


def keys_of(customer: Customer) -> list[str]:
    """The keys under which this customer stands in other rows: their own and those of merged records."""
    return [customer.key, *customer.merged.values_list("key", flat=True)]


def consents_of(customer: Customer) -> set[str]:
    """The purposes that the customer agrees to now."""
    return set(customer.consents.filter(withdrawn_at=None).values_list("purpose", flat=True))


def export_record(customer: Customer) -> dict[str, Any]:
    """All that this word knows of a customer, as plain data, for the customer."""
    return {
        "customer": customer.uid,
        "name": customer.name,
        "phone": customer.phone,
        "phone_wrong": customer.phone_wrong,
        "email": customer.email,
        "language": customer.language,
        "birthday": [customer.birthday_month, customer.birthday_day] if customer.birthday_month else None,
        "do_not_contact": customer.do_not_contact,
        "since": customer.made_at.isoformat(),
        "numbers": [{"system": one.system, "number": one.value} for one in customer.numbers.order_by("pk")],
        "consents": [
            {
                "purpose": one.purpose,
                "given_at": one.given_at.isoformat(),
                "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
            }
            for one in Consent.objects.filter(customer=customer).order_by("given_at")
        ],
        "purchases": [
            {
                "at": one.at.isoformat(),
                "system": one.system,
                "number": one.number,
                "paid": str(Money(one.amount_minor, one.currency)),
                "refunds": [
                    {"at": back.at.isoformat(), "number": back.number, "amount": str(back.amount)}
                    for back in one.refunds.all()
                ],
                "kept": str(one.kept),
                "place": one.place.name if one.place else None,
            }
            for one in customer.purchases.select_related("place")
            .prefetch_related(Prefetch("refunds", Refund.objects.select_related("purchase").order_by("at")))
            .order_by("at")
        ],
    }
