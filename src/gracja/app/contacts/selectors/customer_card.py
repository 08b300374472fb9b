"""One customer, as whoever serves them and whoever manages customers may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, F, Max, Min, QuerySet, Sum

from gracja.app.common.money import Money
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import Consent, Customer, CustomerNumber, Purchase
from gracja.app.contacts.selectors.customers import keys_of
from gracja.app.contacts.selectors.scope import SPOKE, Scope
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.archive.layout import UNKNOWN

MONTHS: Final = 12
MOST_CONTACTS: Final = 100
_COLUMNS: Final = ["contact", "customer", "employee", "place", "channel", "started_at"]


@dataclass(frozen=True, slots=True)
class Bought:
    """All purchases of a customer in one currency; what was given back taken off."""

    times: int
    kept: Money
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Talked:
    """A conversation of the archive."""

    contact: str
    at: datetime | None
    channel: str


def consents_by_purpose(customer: Customer) -> list[tuple[str, Consent | None, list[Consent]]]:
    """Each purpose with the consent in force, and the withdrawn ones, latest first."""
    given = list(customer.consents.select_related("taken_by"))
    return [
        (
            purpose,
            next((one for one in given if one.purpose == purpose and one.withdrawn_at is None), None),
            [one for one in given if one.purpose == purpose and one.withdrawn_at is not None],
        )
        for purpose in Consent.PURPOSES
    ]


def bought_by(*, by: User, customer: Customer) -> list[Bought]:
    """By currency, the one with most purchases first. Raises Refused: not_permitted."""
    require(by, "customer.read")
    rows = (
        customer.purchases.order_by()
        .values("currency")
        .annotate(
            times=Count("pk"),
            kept_minor=Sum(F("amount_minor") - F("refunded_minor")),
            first=Min("at"),
            last=Max("at"),
        )
        .order_by("-times", "currency")
    )
    return [
        Bought(row["times"], Money(row["kept_minor"], row["currency"]), row["first"], row["last"])
        for row in rows
    ]


def purchases_of(*, by: User, customer: Customer) -> QuerySet[Purchase]:
    """Newest first, each with its refunds. Raises Refused: not_permitted."""
    require(by, "customer.read")
    return customer.purchases.select_related("place").prefetch_related("refunds").order_by("-at", "-pk")


def conversations_of(*, by: User, customer: Customer) -> list[Talked]:
    """The latest of the last twelve months that there are, newest first, as far as `by` reads conversations.

    Raises Refused: not_permitted.
    """
    require(by, "customer.read")
    archive, names = archive_if_there(), names_in_archive(customer)
    if archive is None or not names:
        return []
    scope, wanted = Scope.of(by), pa.array(names, pa.string())
    found: list[dict[str, Any]] = []
    with archive.shared():
        stored = archive.conversation_files()
        months = sorted({file.month for file in stored.files()} - {UNKNOWN}, reverse=True)[:MONTHS]
        for file in stored.files([*months, UNKNOWN]):
            for table in stored.read(file, [*_COLUMNS, SPOKE]):
                theirs = table.filter(pc.is_in(table["customer"], value_set=wanted))
                readable = theirs if scope.everything else theirs.filter(scope.mask(theirs))
                found += readable.select(["contact", "channel", "started_at"]).to_pylist()
    talked = [Talked(row["contact"], row["started_at"], row["channel"]) for row in found]
    latest = sorted(talked, key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)
    return latest[:MOST_CONTACTS]


def names_in_archive(customer: Customer) -> list[str]:
    """What exports call this customer: their numbers, and our own keys."""
    numbers = CustomerNumber.objects.filter(customer=customer).values_list("value", flat=True)
    return [*numbers, *keys_of(customer)]
