"""What customers were given within a year, for the company's books and its own limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import keys_of
from gracja.app.gestures.club.models import YearlyLimit
from gracja.app.gestures.models import Gesture
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import company_zone

NEAR: Final = 0.8  # of the limit: from here on it is said to be near
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199


@dataclass(frozen=True, slots=True)
class OverLimit:
    """A customer's gifts of this year together, and the limit that they are over."""

    total: Money
    limit: Money


@dataclass(frozen=True, slots=True)
class Row:
    """One customer's gifts of a year in one currency. state: over, near, below; empty where the company set
    no limit.
    """

    customer_key: str
    gifts: int
    value: Money
    state: str


def limits(*, by: User) -> list[YearlyLimit]:
    """Raises Refused: not_permitted."""
    require(by, "gesture.read")
    return list(YearlyLimit.objects.all())


def yearly_values(*, by: User, year: int) -> QuerySet[Gesture, Any]:
    """Customer's key, currency, gifts and value (minor) of those who were given gifts in this year, by the
    company's clock; the most first. Records that were joined count as one.

    Raises Refused: not_permitted.
    """
    require(by, "gesture.read")
    merged = Customer.objects.filter(key=OuterRef("customer_key")).values("merged_into__key")[:1]
    return (
        _given(year)
        .annotate(whose=Coalesce(Subquery(merged), F("customer_key")))
        .order_by()
        .values("whose", "currency")
        .annotate(gifts=Count("pk"), value=Sum("spent_minor"))
        .order_by("-value", "whose", "currency")
    )


def rows(found: Iterable[dict[str, Any]]) -> list[Row]:
    """Rows of `yearly_values` beside the limits."""
    kept = {one.currency: one.amount_minor for one in YearlyLimit.objects.all()}
    return [
        Row(
            one["whose"],
            one["gifts"],
            Money(one["value"], one["currency"]),
            _state(one["value"], kept.get(one["currency"])),
        )
        for one in found
    ]


def given_this_year(customer: Customer, currency: str, at: datetime) -> Money:
    """What this customer's gifts of the year are worth together."""
    year = at.astimezone(company_zone()).year
    theirs = _given(year).filter(customer_key__in=keys_of(customer), currency=currency)
    return Money(theirs.aggregate(total=Sum("spent_minor"))["total"] or 0, currency)


def over_limit(customer: Customer, currency: str, at: datetime, *, more: int = 0) -> OverLimit | None:
    """Whether a customer's gifts of this year, with `more` (minor), are worth more than the limit."""
    limit = YearlyLimit.objects.filter(currency=currency).first()
    if limit is None:
        return None
    total = given_this_year(customer, currency, at).minor + more
    return OverLimit(Money(total, currency), limit.amount) if total > limit.amount_minor else None


def year_now() -> int:
    return now().astimezone(company_zone()).year


def _given(year: int) -> QuerySet[Gesture]:
    zone = company_zone()
    return Gesture.objects.filter(
        terms__policy__kind="gift",
        state="committed",
        ended_at__gte=datetime(year, 1, 1, tzinfo=zone),
        ended_at__lt=datetime(year + 1, 1, 1, tzinfo=zone),
    )


def _state(value: int, limit: int | None) -> str:
    if limit is None:
        return ""
    return "over" if value > limit else "near" if value >= limit * NEAR else "below"
