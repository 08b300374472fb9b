"""For how many customers terms would be met today: the same ones as at the counter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from app.contacts.test_value import TODAY, make_history
from app.gestures.conftest import NOON, terms

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.purchases import add_purchase, refund_purchase
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.contacts.services.value import refit_value
from gracja.app.gestures.selectors.reach import reach_today
from gracja.app.gestures.services.admitting import decide
from gracja.app.gestures.terms import check_terms

pytestmark = pytest.mark.django_db
REGULARS = {
    "all": [
        {"field": "earlier_visits", "comparison": "at_least", "value": 2},
        {"field": "days_since_last_visit", "comparison": "at_most", "value": 9},
        {"field": "purchases_total_minor", "comparison": "at_least", "value": 100_00},
    ]
}


def test_who_would_be_reached_is_to_whom_it_would_be_open_at_the_counter(cast, rynek):
    made = []
    for number in range(12):
        customer = add_customer(by=cast.darek, details=Details(f"Klient {number}"))
        for visit in range(number // 3 + 1):
            purchase = add_purchase(
                by=cast.filip, customer=customer, place=rynek, system="till", number=f"{number}/{visit}",
                at=NOON - timedelta(days=number % 4 * 4 + visit, hours=13), amount=Money(60_00, "PLN"),
            )  # fmt: skip
        if number % 5 == 4:
            amount = Money(60_00, "PLN")
            refund_purchase(by=cast.filip, purchase=purchase, number=f"R/{number}", amount=amount)
        made.append(customer)
    document = check_terms(terms(conditions=REGULARS))

    at_the_counter = [decide(one, rynek, document, told={}).met for one in made]

    found = reach_today(by=cast.filip, terms=document)
    assert (found.open, found.looked_at) == (sum(at_the_counter), 12)
    assert 2 <= found.open <= 9


def test_who_is_expected_to_buy_enough_is_counted_as_at_the_counter(cast, rynek):
    with stopped_at(TODAY):
        made = make_history()
        newcomer = add_customer(by=cast.darek, details=Details("Nowa"))
        assert not refit_value().trouble
        condition = {"field": "customer_value_minor", "comparison": "at_least", "value": 100_00}
        document = check_terms(terms(conditions={"all": [condition]}))

        at_the_counter = [decide(one, rynek, document, told={}) for one in [*made, newcomer]]
        found = reach_today(by=cast.filip, terms=document)

    assert found.open == sum(one.met for one in at_the_counter)
    assert 3 <= found.open < 295
    assert found.unknown == 1  # of who never bought it is not known: neither open nor zero


def test_where_nothing_is_foretold_it_is_unknown_to_everybody(cast, rynek, joanna):
    condition = {"field": "customer_value_minor", "comparison": "at_most", "value": 500_00}

    found = reach_today(by=cast.filip, terms=check_terms(terms(conditions=condition)))

    assert (found.open, found.unknown) == (0, 1)
