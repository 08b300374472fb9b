"""What a customer is worth: fitted on the company's purchases, with its interval, or said to be unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from gracja.app.common.clock import stopped_at
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, Purchase, ValueFit
from gracja.app.contacts.selectors.value import NotMeasured, Value, value_of
from gracja.app.contacts.services.value import refit_value, refit_value_daily

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = TODAY - timedelta(weeks=52)


@pytest.fixture(autouse=True)
def _today():
    with stopped_at(TODAY):
        yield


def make_history(customers=300, seed=5):
    """Customers of BG/NBD with gamma-gamma amounts, over a year; keys in the database in their order."""
    chance = np.random.default_rng(seed)
    made = Customer.objects.bulk_create(Customer() for _ in range(customers))
    purchases = []
    for one in made:
        rate, stop = chance.gamma(0.8, 1 / 6), chance.beta(0.8, 2.5)
        mean = 15 * 4 * 100 / chance.gamma(4)
        week = chance.uniform(0, 30)
        while week < 52:
            minor = round(mean * chance.gamma(6) / 6)
            purchases.append((one, FIRST + timedelta(weeks=week), max(minor, 1)))
            if chance.random() < stop and len(purchases) > 1:
                break
            week += chance.exponential(1 / rate) + 0.2
    Purchase.objects.bulk_create(
        Purchase(customer=one, system="till", number=f"P-{n}", at=at, amount_minor=minor, currency="PLN")
        for n, (one, at, minor) in enumerate(purchases)
    )
    return made


def test_a_value_is_an_expectation_between_its_ends(cast):
    made = make_history()
    refit_value()

    values = [value_of(by=cast.filip, customer=one) for one in made[:40]]

    assert all(isinstance(one, Value) for one in values)
    assert all(
        one.times_low <= one.times_high and one.low <= one.high and one.spend.minor > 0 for one in values
    )
    assert all(0 < one.nothing < 1 and one.customers == 300 for one in values)
    assert ValueFit.objects.get().repeaters >= 30


def test_who_comes_often_and_lately_is_expected_more(cast):
    make_history()
    often, once = Customer.objects.bulk_create([Customer(), Customer()])
    for customer, weeks in ((often, range(0, 52, 2)), (once, [1])):
        Purchase.objects.bulk_create(
            Purchase(
                customer=customer,
                system="till",
                number=f"{customer.pk}-{week}",
                at=FIRST + timedelta(weeks=week),
                amount_minor=50_00,
                currency="PLN",
            )
            for week in weeks
        )
    refit_value()

    regular, stranger = (value_of(by=cast.filip, customer=one) for one in (often, once))

    assert (regular.bought, stranger.bought) == (26, 1)
    assert regular.times > stranger.times + 5
    assert regular.spend > stranger.spend
    assert 40_00 < regular.spend.minor / regular.times < 60_00


def test_what_was_given_back_and_other_currencies_do_not_count(cast):
    made = make_history(40)
    refit_value()
    one = made[0]
    one.purchases.update(refunded_minor=1)
    Purchase.objects.filter(customer=one).update(currency="EUR")

    assert value_of(by=cast.filip, customer=one) == NotMeasured("no_purchases")


def test_too_few_who_came_again_is_not_measured_and_never_zero(cast):
    made = make_history(10)
    refit_value()

    found = value_of(by=cast.filip, customer=made[0])

    assert isinstance(found, NotMeasured)
    assert (found.code, found.facts["fewest"]) == ("too_few_repeaters", 30)
    assert found.facts["repeaters"] < 30


def test_a_year_is_not_foretold_from_a_few_weeks(cast):
    one = make_history()[0]
    squeezed = list(Purchase.objects.all())
    for each in squeezed:
        each.at = TODAY - (TODAY - each.at) * 0.4
    Purchase.objects.bulk_update(squeezed, ["at"])
    refit_value()

    found = value_of(by=cast.filip, customer=one)

    assert (found.code, found.facts) == ("history_too_short", {"weeks": 20, "fewest": 26})


def test_who_bought_nothing_since_the_last_file_has_not_stayed_away(cast):
    one = make_history()[0]
    refit_value()
    then = value_of(by=cast.filip, customer=one)

    with stopped_at(TODAY + timedelta(days=40)):
        refit_value()
        later = value_of(by=cast.filip, customer=one)
    with stopped_at(TODAY + timedelta(days=70)):
        too_late = value_of(by=cast.filip, customer=one)

    assert (later.spend, round(later.nothing, 9)) == (then.spend, round(then.nothing, 9))
    assert too_late.code == "purchases_stale"


def test_before_the_first_fit_it_is_not_measured(cast):
    customer = Customer.objects.create()
    assert value_of(by=cast.filip, customer=customer) == NotMeasured("no_purchases")
    assert refit_value() is None
    made = make_history(10)
    assert value_of(by=cast.filip, customer=made[0]) == NotMeasured("not_fitted_yet")


def test_it_is_fitted_once_a_day(cast):
    make_history(10)
    refit_value_daily()
    refit_value_daily()
    assert ValueFit.objects.count() == 1

    with stopped_at(TODAY + timedelta(days=1)):
        refit_value_daily()
    assert ValueFit.objects.count() == 2


def test_whoever_approves_a_cost_sees_it_and_the_counter_does_not(cast):
    customer = Customer.objects.create()

    assert value_of(by=cast.anna, customer=customer) == NotMeasured("no_purchases")
    for who in (cast.darek, cast.borys, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            value_of(by=who, customer=customer)
