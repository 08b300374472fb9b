"""What a file says is tried, or kept: purchases first, then the refunds that lower them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import batched
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from gracja.app.contacts.models import Purchase, Refund
from gracja.app.contacts.services.customers.files.comparing import (
    AT_ONCE,
    Bearing,
    Bought,
    Compared,
    Comparer,
)
from gracja.app.contacts.services.customers.files.mapping import Columns
from gracja.app.contacts.services.customers.files.reading import Reading
from gracja.app.contacts.services.customers.files.whose import (
    customers_of,
    locked_customers_of,
    make_customers,
)


def tried(
    reading: Reading,
    columns: Columns,
    headings: dict[str, str],
    told: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Counts of what would become of the rows; faults are added to those of the reading. Nothing is kept.
    told: is told now and then how many rows were read and compared.
    """
    done = reading.rows
    comparer = Comparer(columns, headings, partial(customers_of, columns=columns))
    counts = {"new": 0, "refunds": 0, "same": 0, "erased": 0}
    made, file = set[str](), Bearing()
    for some in batched(reading.purchases.values(), AT_ONCE):
        found = comparer.purchases(some)
        for read, customer in found.new:
            if customer is None:
                made.add(read.customer)
            file.add(Bought(read.number, customer or read.customer, read.at, read.minor, columns.currency))
        _count(counts, found, reading)
        done += len(some)
        if told is not None:
            told(done)
    for some in batched(reading.refunds.values(), AT_ONCE):
        _count(counts, comparer.refunds(some, file), reading)
    reading.faults.sort(key=lambda fault: fault.line)
    return counts | {"made": len(made)}


def kept(reading: Reading, columns: Columns, headings: dict[str, str]) -> Iterator[int]:
    """Put in what can be read, a thousand rows in a transaction; how many rows were looked at so far."""
    comparer = Comparer(columns, headings, partial(locked_customers_of, columns=columns))
    done = 0
    for some in batched(reading.purchases.values(), AT_ONCE):
        _once_more(partial(comparer.purchases, some), partial(_keep_purchases, columns=columns))
        done += len(some)
        yield done
    for some in batched(reading.refunds.values(), AT_ONCE):
        _once_more(partial(comparer.refunds, some), partial(_keep_refunds, columns=columns))
        done += len(some)
        yield done


def _once_more(compare: Callable[[], Compared], keep: Callable[[Compared], None]) -> None:
    """In a transaction; where another file or the counter wrote down the same customer or document a moment
    before, it is compared once more, with what is here now.
    """
    try:
        with transaction.atomic():
            keep(compare())
    except IntegrityError:
        with transaction.atomic():
            keep(compare())


def _count(counts: dict[str, int], found: Compared, reading: Reading) -> None:
    counts["new"] += len(found.new)
    counts["refunds"] += len(found.refunds)
    counts["same"] += found.same
    counts["erased"] += found.erased
    reading.faults.extend(found.faults)


def _keep_purchases(found: Compared, columns: Columns) -> None:
    made = make_customers((read.customer for read, pk in found.new if pk is None), columns)
    Purchase.objects.bulk_create(
        Purchase(
            customer_id=made[read.customer] if pk is None else pk,
            place_id=read.place,
            system=columns.system,
            number=read.number,
            at=read.at,
            amount_minor=read.minor,
            currency=columns.currency,
        )
        for read, pk in found.new
    )


def _keep_refunds(found: Compared, columns: Columns) -> None:
    Refund.objects.bulk_create(
        Refund(
            purchase_id=_here(bought),
            system=columns.system,
            number=read.number,
            at=read.at,
            amount_minor=-read.minor,
        )
        for read, bought in found.refunds
    )
    taken: dict[int, int] = {}
    for read, bought in found.refunds:
        taken[_here(bought)] = taken.get(_here(bought), 0) - read.minor
    for pk, minor in taken.items():
        # the database refuses what is more than was paid: somebody may have given it back meanwhile
        Purchase.objects.filter(pk=pk).update(refunded_minor=F("refunded_minor") + minor)


def _here(bought: Bought) -> int:
    assert bought.pk is not None  # all purchases of the file are in before its first refund
    return bought.pk
