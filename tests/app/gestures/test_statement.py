"""The statement of a month: its sums are the ledger's, to the minor unit, of one's own places."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from app.gestures.conftest import terms
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from pdf_text import text_of

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Entry
from gracja.app.gestures.selectors import budgets as selectors
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.selectors.statement import by_day, months_of, statement, written
from gracja.app.gestures.services.budgets import copy_budgets, open_budget
from gracja.app.gestures.services.granting import (
    give_gesture,
    grant_gesture,
    release_gesture,
    return_gesture,
)
from gracja.app.gestures.services.policies import write_policy
from gracja.app.web.gestures import statement_sheet
from gracja.app.web.gestures.statement_sheet import as_pdf, as_sheet

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 15)


@pytest.fixture
def month(cast, wish, budget):
    """A gift for less than was set aside, one taken back, one refunded, one that waits; and a discount."""
    given = grant_gesture(by=cast.darek, wish=wish(), key="1")
    give_gesture(by=cast.darek, gesture=given, spent=Money(7_35, "PLN"))
    taken_back = grant_gesture(by=cast.darek, wish=wish(cost=Money(12_01, "PLN")), key="2")
    release_gesture(by=cast.darek, gesture=taken_back)
    refunded = grant_gesture(by=cast.darek, wish=wish(cost=Money(5_55, "PLN")), key="3")
    give_gesture(by=cast.darek, gesture=refunded)
    return_gesture(by=cast.anna, gesture=refunded)
    asks = write_policy(by=cast.filip, document=terms(approve_above_minor=1))
    grant_gesture(by=cast.darek, wish=wish(policy=asks, cost=Money(3_33, "PLN")), key="4")
    discount = write_policy(by=cast.filip, document=terms("discount"))
    grant_gesture(by=cast.darek, wish=wish(policy=discount, cost=Money(9_99, "PLN")), key="5")


def test_sums_of_the_statement_are_those_of_the_ledger_to_the_minor_unit(cast, month, budget):
    found = statement(by=cast.filip, month=NOVEMBER)

    total = found.lines[-1]
    budget.refresh_from_db()
    entries = list(found.entries)
    assert [line.kind for line in found.lines] == ["gift", "discount", ""]
    assert len(entries) == Entry.objects.count()
    for name, kind in [("reserve",) * 2, ("commit",) * 2, ("release",) * 2, ("returned", "return")]:
        assert getattr(total, name) == sum(one.amount_minor for one in entries if one.kind == kind)
    assert total.spent == budget.spent_minor == 7_35
    assert total.reserve - total.commit - total.release - total.expire == budget.reserved_minor == 13_32
    assert total.asked_for == 5


def test_lines_of_kinds_add_up_to_the_total(cast, month):
    *kinds, total = statement(by=cast.filip, month=NOVEMBER).lines

    for name in ("asked_for", "reserve", "commit", "release", "expire", "returned", "spent"):
        assert getattr(total, name) == sum(getattr(line, name) for line in kinds)


def test_a_lead_s_statement_holds_their_own_places_only(cast, month, galeria):
    assert statement(by=cast.anna, month=NOVEMBER).entries.count() == Entry.objects.count()
    assert statement(by=cast.celina, month=NOVEMBER).lines == ()
    assert statement(by=cast.anna, month=NOVEMBER, place_uid=galeria.uid).place is None


def test_a_region_s_statement_holds_the_places_below_it(cast, month, krakow):
    found = statement(by=cast.filip, month=NOVEMBER, place_uid=krakow.uid)

    assert found.entries.count() == Entry.objects.count()


def test_an_employee_has_no_statement(cast, month):
    with pytest.raises(Refused, match="not_permitted"):
        statement(by=cast.darek, month=NOVEMBER)


def test_the_month_is_that_of_the_place_s_clock(cast, wish, budget):
    with stopped_at(datetime(2026, 10, 31, 23, 30, tzinfo=UTC)):  # half past midnight in Kraków
        grant_gesture(by=cast.darek, wish=wish(), key="at night")

    assert statement(by=cast.filip, month=NOVEMBER).entries.count() == 1
    assert statement(by=cast.filip, month=date(2026, 10, 1)).entries.count() == 0


def test_months_to_choose_from_begin_with_this_one(cast, month):
    assert months_of(by=cast.filip, until=date(2026, 12, 3)) == [date(2026, 12, 1), date(2026, 11, 1)]


def test_what_came_out_of_earlier_months_budgets_is_said(cast, wish, budget):
    granted = grant_gesture(by=cast.darek, wish=wish(cost=Money(9_00, "PLN")), key="late")
    with stopped_at(datetime(2026, 12, 3, 12, tzinfo=UTC)):
        give_gesture(by=cast.darek, gesture=granted)

    assert statement(by=cast.filip, month=date(2026, 12, 1)).earlier == {"PLN": 9_00}
    assert statement(by=cast.filip, month=NOVEMBER).earlier == {}


@pytest.mark.parametrize(("language", "amount"), [("pl", "7,35"), ("en", "7.35")])
def test_the_file_for_spreadsheets_has_every_entry_by_as_few_queries_for_many(cast, month, language, amount):
    found = statement(by=cast.filip, month=NOVEMBER)

    with CaptureQueriesContext(connection) as asked:
        rows = as_sheet(found, language).decode("utf-8-sig").splitlines()

    assert len(asked) == 2
    assert len(rows) == 1 + Entry.objects.count()
    assert sum(amount in row for row in rows) == 1
    assert all("Krem" in row or "Hand cream" in row for row in rows[1:])


def test_sums_by_day_and_policy_are_those_of_the_ledger(cast, month, wish, budget):
    with stopped_at(datetime(2026, 11, 20, 23, 30, tzinfo=UTC)):  # half past midnight in Kraków
        give_gesture(by=cast.darek, gesture=grant_gesture(by=cast.darek, wish=wish(), key="at night"))
    found = statement(by=cast.filip, month=NOVEMBER)

    days = by_day(written(found))

    total = found.lines[-1]
    assert [one.day.day for one in days] == [20, 20, 20, 21]
    assert sum(one.n for one in days) == Entry.objects.count()
    for name in ("asked_for", "reserve", "commit", "release", "expire", "returned"):
        assert sum(getattr(one.sums, name) for one in days) == getattr(total, name)


def test_a_long_statement_on_paper_is_summed_up_and_says_so(cast, month, monkeypatch):
    monkeypatch.setattr(statement_sheet, "AT_MOST", 3)
    found = statement(by=cast.filip, month=NOVEMBER)

    text = "".join(text_of(as_pdf(found, "en")).split())

    assert "Bydayandgesture" in text
    assert f"{Entry.objects.count()}entriesaresummeduphere" in text


def test_a_budget_s_proof_finds_what_was_changed_behind_the_ledger(cast, month, budget):
    assert proof([budget]) == []

    type(budget).objects.filter(pk=budget.pk).update(spent_minor=7_34)

    assert [one.what for one in proof([budget])] == ["budget"]


def test_budgets_are_read_where_gestures_may_be_read(cast, budget):
    def seen(by):
        return selectors.budgets_between(by=by, first=date(2026, 11, 1), last=date(2026, 11, 30))

    assert (seen(cast.anna), seen(cast.filip), seen(cast.celina)) == ([budget], [budget], [])
    with pytest.raises(Http404):
        selectors.budget(by=cast.celina, uid=budget.uid)
    with pytest.raises(Refused, match="not_permitted"):
        seen(cast.darek)


def test_last_month_s_budgets_are_copied_once(cast, budget, rynek, galeria):
    first, last = date(2026, 12, 1), date(2026, 12, 31)
    copied = copy_budgets(by=cast.filip, month=date(2026, 12, 5))
    again = copy_budgets(by=cast.filip, month=date(2026, 12, 5))

    made = copied.made[0]
    assert (made.place, made.first_day, made.last_day, made.amount) == (rynek, first, last, budget.amount)
    assert (len(copied.made), copied.left, len(again.made), again.left) == (1, 0, 0, 1)


def test_a_budget_for_half_a_month_is_not_copied(cast, galeria):
    open_budget(
        by=cast.filip,
        place=galeria,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 15),
        amount=Money(1, "PLN"),
    )

    with pytest.raises(Refused, match="nothing_to_copy"):
        copy_budgets(by=cast.filip, month=date(2026, 12, 1))


def test_only_who_manages_copies_budgets(cast, budget):
    with pytest.raises(Refused, match="not_permitted"):
        copy_budgets(by=cast.anna, month=date(2026, 12, 1))


def test_a_place_without_a_budget_is_named(cast, budget, galeria):
    assert selectors.places_without_budget(by=cast.filip, day=date(2026, 11, 20)) == [galeria]


def test_what_waits_is_counted_for_who_may_say_yes_and_never_one_s_own(cast, month):
    assert [selectors.waiting(by=one) for one in (cast.anna, cast.celina, cast.darek)] == [1, 0, 0]
