"""What a file says against what is here: new, here already, or in the way of something else.

The stated rule of refunds: a row below zero lowers one purchase. Which one, its column says, or it bears the
purchase's own number; where the file says neither, it is the customer's latest purchase before it that can
bear all of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from gracja.app.common.kept_sheets import Fault
from gracja.app.common.money import Money
from gracja.app.contacts.models import Purchase, Refund
from gracja.app.contacts.services.customers.files.mapping import MAKE, Columns
from gracja.app.contacts.services.customers.files.reading import LONGEST_SHOWN, Read
from gracja.app.contacts.services.customers.files.whose import ERASED, SHARED

AT_ONCE: Final = 1000
Whose = Callable[[Iterable[str]], dict[str, int]]


@dataclass
class Compared:
    """Some rows. new: purchases, with the customer's key (None: not here yet). refunds: with what each one
    lowers. erased: rows of customers who were erased; of those nothing is kept, not even what was wrong.
    """

    new: list[tuple[Read, int | None]] = field(default_factory=list)
    refunds: list[tuple[Read, Bought]] = field(default_factory=list)
    same: int = 0
    erased: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class Bought:
    """A purchase that may bear a refund. pk: None while it stands in the file alone."""

    number: str
    customer: int | str
    at: datetime
    kept: int
    currency: str
    pk: int | None = None


class Comparer:
    """headings: our field -> what the file calls it. whose: looks customers up."""

    def __init__(self, columns: Columns, headings: Mapping[str, str], whose: Whose) -> None:
        self._columns, self._headings, self._whose = columns, headings, whose

    def purchases(self, reads: Sequence[Read]) -> Compared:
        """Rows of purchases against the purchases that are here."""
        found, out = self._whose(read.customer for read in reads), Compared()
        there = Purchase.objects.filter(
            system=self._columns.system, number__in=[read.number for read in reads]
        )
        here = {
            number: rest
            for number, *rest in there.values_list("number", "customer", "amount_minor", "currency", "at")
        }
        for read in reads:
            customer = found.get(read.customer)
            if customer == ERASED:
                out.erased += 1
            elif read.number in here:
                if here[read.number] == [customer, read.minor, self._columns.currency, read.at]:
                    out.same += 1
                else:
                    out.faults.append(self._fault(read, "number", "purchase_differs", number=read.number))
            elif fault := self._stranger(read, customer):
                out.faults.append(fault)
            else:
                out.new.append((read, customer))
        return out

    def refunds(self, reads: Sequence[Read], file: Bearing | None = None) -> Compared:
        """Rows of refunds against refunds and purchases that are here, and those of the file itself."""
        found, out = self._whose(read.customer for read in reads), Compared()
        numbers = [read.number for read in reads]
        there = Refund.objects.filter(system=self._columns.system, number__in=numbers)
        here = dict(there.values_list("number", "amount_minor"))
        bearing = (file or Bearing()).with_those_here(reads, self._columns.system, found)
        for read in reads:
            customer = found.get(read.customer)
            if customer == ERASED:
                out.erased += 1
                continue
            if read.number in here:
                if here[read.number] == -read.minor:
                    out.same += 1
                else:
                    out.faults.append(self._fault(read, "number", "refund_differs", number=read.number))
                continue
            if fault := self._stranger(read, customer):
                out.faults.append(fault)
                continue
            borne = self._borne(read, read.customer if customer is None else customer, bearing)
            if isinstance(borne, Fault):
                out.faults.append(borne)
            else:
                borne.kept += read.minor
                out.refunds.append((read, borne))
        return out

    def _borne(self, read: Read, customer: int | str, bearing: Bearing) -> Bought | Fault:
        named = bearing.named(read)
        if named is None and read.refund_of:
            return self._fault(read, "refund_of", "refund_of_nothing", number=read.refund_of)
        if named is None:
            found = bearing.latest(customer, read, self._columns.currency)
            return found or self._fault(read, "number", "refund_without_purchase")
        if named.customer != customer:
            return self._fault(read, "customer", "refund_of_another", number=named.number)
        if named.currency != self._columns.currency or named.kept < -read.minor:
            kept = Money(named.kept, named.currency)
            return self._fault(read, "amount", "refund_over_purchase", kept=str(kept))
        return named

    def _stranger(self, read: Read, customer: int | None) -> Fault | None:
        if customer == SHARED:
            return self._fault(read, "customer", "purchase_customer_shared")
        if customer is None and self._columns.unknown != MAKE:
            return self._fault(read, "customer", "purchase_customer_unknown")
        return None

    def _fault(self, read: Read, field_: str, code: str, **facts: Any) -> Fault:
        value = {"number": read.number, "customer": read.customer, "refund_of": read.refund_of}.get(
            field_, ""
        )
        return Fault(read.line, self._headings.get(field_, ""), value[:LONGEST_SHOWN], code, facts)


class Bearing:
    """Purchases that may bear refunds, by number and by customer."""

    def __init__(self) -> None:
        self._by_number: dict[str, Bought] = {}
        self._of: dict[int | str, list[Bought]] = defaultdict(list)

    def add(self, one: Bought) -> None:
        """Kept as it was first seen: what a row before took from it stays taken."""
        if one.number not in self._by_number:
            self._by_number[one.number] = one
            self._of[one.customer].append(one)

    def with_those_here(self, reads: Sequence[Read], system: str, found: Mapping[str, int]) -> Bearing:
        """And the purchases in the database that these rows may mean."""
        named = {number for read in reads for number in (read.number, read.refund_of) if number}
        self._add_rows(Purchase.objects.filter(system=system, number__in=named))
        alone = {
            found[read.customer] for read in reads if read.customer in found and self.named(read) is None
        }
        self._add_rows(Purchase.objects.filter(customer__in=alone - {SHARED, ERASED}, system=system))
        return self

    def named(self, read: Read) -> Bought | None:
        """The purchase that the row names; a column of its own goes first."""
        return self._by_number.get(read.refund_of or read.number)

    def latest(self, customer: int | str, read: Read, currency: str) -> Bought | None:
        """The customer's latest purchase before this row that can bear all of it."""
        able = (
            one
            for one in self._of.get(customer, ())
            if one.at <= read.at and one.kept >= -read.minor and one.currency == currency
        )
        return max(able, key=lambda one: (one.at, one.number), default=None)

    def _add_rows(self, rows: Any) -> None:
        for pk, number, customer, at, amount, refunded, currency in rows.values_list(
            "pk", "number", "customer", "at", "amount_minor", "refunded_minor", "currency"
        ):
            self.add(Bought(number, customer, at, amount - refunded, currency, pk))
