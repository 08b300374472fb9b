"""Budgets: for a place and a period, never below what is promised, never two for one day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.services.budgets import budget_for, change_budget, open_budget
from gracja.app.gestures.services.ledger import set_aside

pytestmark = pytest.mark.django_db


def test_a_budget_is_opened_and_written_down(cast, budget):
    entry = AuditEntry.objects.get(action="budget.open")

    assert (budget.left, entry.after["amount"]) == (Money(100_00, "PLN"), "100.00 PLN")


def test_only_who_manages_gestures_opens_one(cast, rynek):
    with pytest.raises(Refused, match="not_permitted"):
        open_budget(
            by=cast.anna,
            place=rynek,
            first_day=date(2026, 12, 1),
            last_day=date(2026, 12, 31),
            amount=Money(1, "PLN"),
        )


@pytest.mark.parametrize(
    ("first", "last", "currency", "code"),
    [
        (date(2026, 11, 30), date(2026, 12, 31), "PLN", "budget_overlaps"),
        (date(2026, 12, 31), date(2026, 12, 1), "PLN", "period_backwards"),
        (date(2026, 12, 1), date(2026, 12, 31), "EUR", "currency_of_another_place"),
    ],
)
def test_a_second_budget_of_the_same_day_or_another_currency_is_refused(
    cast, rynek, budget, first, last, currency, code
):
    with pytest.raises(Refused, match=code):
        open_budget(by=cast.filip, place=rynek, first_day=first, last_day=last, amount=Money(1_00, currency))


def test_a_region_has_no_budget(cast, krakow):
    with pytest.raises(Refused, match="budget_for_region"):
        open_budget(
            by=cast.filip,
            place=krakow,
            first_day=date(2026, 12, 1),
            last_day=date(2026, 12, 31),
            amount=Money(1, "PLN"),
        )


def test_a_budget_is_not_lowered_below_what_is_reserved(cast, budget):
    set_aside(budget, 60_00)

    with pytest.raises(Refused, match="budget_below_reserved") as refused:
        change_budget(by=cast.filip, budget=budget, amount=Money(50_00, "PLN"))

    assert refused.value.facts["promised"] == "60.00 PLN"
    assert change_budget(by=cast.filip, budget=budget, amount=Money(60_00, "PLN")).left == Money(0, "PLN")


def test_more_than_is_left_is_refused_and_takes_nothing(budget):
    set_aside(budget, 60_00)

    with pytest.raises(Refused, match="over_budget") as refused:
        set_aside(budget, 40_01)

    budget.refresh_from_db()
    assert (refused.value.facts["left"], budget.left) == ("40.00 PLN", Money(40_00, "PLN"))


def test_the_day_is_that_of_the_places_own_clock(rynek, budget):
    just_before_midnight = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)  # 23:59 in Warsaw

    assert budget_for(rynek, just_before_midnight) == budget
    with pytest.raises(Refused, match="no_budget"):
        budget_for(rynek, datetime(2026, 11, 30, 23, 0, tzinfo=UTC))


def test_the_night_in_which_clocks_change_belongs_to_one_day(cast, rynek):
    last_of_october = open_budget(
        by=cast.filip,
        place=rynek,
        first_day=date(2026, 10, 25),
        last_day=date(2026, 10, 25),
        amount=Money(1_00, "PLN"),
    )

    # from 00:00 CEST to 24:00 CET: 25 hours
    assert budget_for(rynek, datetime(2026, 10, 24, 22, 0, tzinfo=UTC)) == last_of_october
    assert budget_for(rynek, datetime(2026, 10, 25, 22, 59, tzinfo=UTC)) == last_of_october
    with pytest.raises(Refused, match="no_budget"):
        budget_for(rynek, datetime(2026, 10, 24, 21, 59, tzinfo=UTC))


def test_a_budget_of_less_than_nothing_is_refused(cast, rynek):
    with pytest.raises(Refused, match="amount_out_of_range"):
        open_budget(
            by=cast.filip,
            place=rynek,
            first_day=date(2027, 1, 1),
            last_day=date(2027, 1, 31),
            amount=Money(-1, "PLN"),
        )
