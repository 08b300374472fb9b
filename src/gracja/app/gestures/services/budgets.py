"""Budgets: opened for a place and a period, raised and lowered, never below what is promised."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, QuerySet

from gracja.app.common import audit
from gracja.app.common.money import Money
from gracja.app.common.prepared import Given, PreparedRow
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Budget
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User


@transaction.atomic
def open_budget(*, by: User, place: Place, first_day: date, last_day: date, amount: Money) -> Budget:
    """What this place may spend on gestures from the first day to the last.

    Raises Refused: not_permitted, budget_for_region, period_backwards (first, last), budget_overlaps
    (first, last), currency_of_another_place (currency, wanted), amount_out_of_range (given).
    """
    require(by, "gesture.manage")
    if amount.minor < 0:
        raise Refused("amount_out_of_range", given=str(amount))
    if place.kind == Place.REGION:
        raise Refused("budget_for_region")
    if last_day < first_day:
        raise Refused("period_backwards", first=first_day.isoformat(), last=last_day.isoformat())
    # locked: two people may open the same month at once
    Place.objects.select_for_update().get(pk=place.pk)
    others = Budget.objects.filter(place=place)
    if other := others.exclude(currency=amount.currency).first():
        raise Refused("currency_of_another_place", currency=amount.currency, wanted=other.currency)
    if other := others.filter(first_day__lte=last_day, last_day__gte=first_day).first():
        raise Refused("budget_overlaps", first=other.first_day.isoformat(), last=other.last_day.isoformat())
    budget = Budget.objects.create(
        place=place,
        first_day=first_day,
        last_day=last_day,
        currency=amount.currency,
        amount_minor=amount.minor,
    )
    audit.record(
        "budget.open",
        by=by,
        subject=("budget", budget.uid),
        after={"amount": str(amount), "from": first_day.isoformat(), "to": last_day.isoformat()},
        place=place.uid,
    )
    return budget


@transaction.atomic
def change_budget(*, by: User, budget: Budget, amount: Money) -> Budget:
    """Raise or lower it; never below what is reserved and spent.

    Raises Refused: not_permitted, currency_of_another_place (currency, wanted), budget_below_reserved
    (promised, wanted).
    """
    require(by, "gesture.manage")
    if amount.currency != budget.currency:
        raise Refused("currency_of_another_place", currency=amount.currency, wanted=budget.currency)
    before = str(Budget.objects.select_for_update(no_key=True).get(pk=budget.pk).amount)
    bearable = Budget.objects.filter(pk=budget.pk, reserved_minor__lte=amount.minor - F("spent_minor"))
    changed = bearable.update(amount_minor=amount.minor)
    budget.refresh_from_db()
    if not changed:
        promised = Money(budget.reserved_minor + budget.spent_minor, budget.currency)
        raise Refused("budget_below_reserved", promised=str(promised), wanted=str(amount))
    audit.record(
        "budget.change",
        by=by,
        subject=("budget", budget.uid),
        before={"amount": before},
        after={"amount": str(amount)},
        place=budget.place.uid,
    )
    return budget


@dataclass(frozen=True, slots=True)
class Copied:
    """made: budgets that were opened; left: those of the month before whose places have a budget already."""

    made: tuple[Budget, ...]
    left: int


@transaction.atomic
def copy_budgets(*, by: User, month: date) -> Copied:
    """Open for the month of this day what each place had for the whole month before. Repeating is harmless:
    a place that has a budget in the month keeps it as it is.

    Raises Refused: not_permitted, nothing_to_copy.
    """
    require(by, "gesture.manage")
    first, last = _ends(month)
    before_first, before_last = _ends(first - timedelta(days=1))
    rows = Budget.objects.filter(
        first_day=before_first, last_day=before_last, place__active=True
    ).select_related("place")
    made, left = [], 0
    for row in rows:
        if Budget.objects.filter(place=row.place, first_day__lte=last, last_day__gte=first).exists():
            left += 1
        else:
            made.append(
                open_budget(by=by, place=row.place, first_day=first, last_day=last, amount=row.amount)
            )
    if not made and not left:
        raise Refused("nothing_to_copy")
    return Copied(tuple(made), left)


def _ends(day: date) -> tuple[date, date]:
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def budget_for(place: Place, at: datetime) -> Budget:
    """The budget of the day that it is at this place, by its own clock.

    Raises Refused: no_budget (place, day).
    """
    day = at.astimezone(ZoneInfo(place.zone)).date()
    budget = _OF_DAY.first(place=place.pk, day=day)
    if budget is None:
        raise Refused("no_budget", place=place.name, day=day.isoformat())
    return budget


def _of_day() -> QuerySet[Budget, Budget]:
    day = Given("day", Budget._meta.get_field("first_day"))
    there = Budget.objects.filter(place=Given("place", Place._meta.pk), first_day__lte=day, last_day__gte=day)
    return there.order_by("first_day")[:1]


_OF_DAY: Final = PreparedRow(_of_day)
