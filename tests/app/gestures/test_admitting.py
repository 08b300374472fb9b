"""To whom a gesture is open: conditions on what is known, who is held out, how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from app.gestures.conftest import NOON, terms

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.purchases import add_purchase
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Eligible, Gesture, Policy
from gracja.app.gestures.services.granting import grant_gesture, release_gesture
from gracja.app.gestures.services.policies import change_policy, write_policy

pytestmark = pytest.mark.django_db
REGULARS = {
    "all": [
        {"field": "earlier_visits", "comparison": "at_least", "value": 2},
        {"not": {"field": "band", "comparison": "one_of", "value": ["discreet"]}},
    ]
}


@pytest.fixture
def bought(cast):
    def bought(customer, number, days_ago=10, minor=100_00):
        add_purchase(
            by=cast.filip,
            customer=customer,
            place=None,
            system="till",
            number=number,
            at=NOON - timedelta(days=days_ago),
            amount=Money(minor, "PLN"),
        )

    return bought


def policy_with(cast, **given):
    return write_policy(by=cast.filip, document=terms(**given))


def test_a_condition_is_met_by_what_is_known(cast, wish, joanna, bought):
    policy = policy_with(cast, conditions=REGULARS)
    bought(joanna, "1", 10)
    bought(joanna, "2", 10)  # the same day is one visit

    with pytest.raises(Refused, match="not_eligible"):
        grant_gesture(by=cast.darek, wish=wish(policy=policy, told={"band": "personal"}), key="1")
    bought(joanna, "3", 40)
    assert grant_gesture(by=cast.darek, wish=wish(policy=policy, told={"band": "personal"}), key="2")


def test_what_is_not_known_is_not_met(cast, wish, joanna, bought):
    policy = policy_with(cast, conditions=REGULARS)
    bought(joanna, "1", 10)
    bought(joanna, "2", 40)

    with pytest.raises(Refused, match="not_eligible") as refused:
        grant_gesture(by=cast.darek, wish=wish(policy=policy), key="1")
    assert refused.value.facts["conditions"] == 1


def test_what_the_company_knows_itself_is_not_taken_from_who_asks(cast, wish):
    policy = policy_with(cast, conditions={"field": "earlier_visits", "comparison": "at_least", "value": 2})

    with pytest.raises(Refused, match="not_eligible"):
        grant_gesture(by=cast.darek, wish=wish(policy=policy, told={"earlier_visits": 99}), key="1")


def test_a_condition_on_nothing_that_is_known_is_refused_with_the_nearest(cast):
    with pytest.raises(Refused, match="terms_wrong") as refused:
        policy_with(cast, conditions={"field": "earlier_visit", "comparison": "at_least", "value": 2})

    assert "earlier_visits" in refused.value.facts["problem"]


def is_refused(code, by, wish, key):
    try:
        grant_gesture(by=by, wish=wish, key=key)
    except Refused as refused:
        return refused.code == code
    return False


def test_who_is_held_out_stays_so_and_costs_nothing(cast, wish, rynek, budget):
    half = policy_with(cast, held_out_share=0.5, usual_minor=0)
    Policy.objects.filter(pk=half.pk).update(uid="half", salt="s" * 22)  # so that the draws are always these
    customers = [add_customer(by=cast.darek, details=Details()) for _ in range(40)]
    for number, customer in enumerate(customers):
        customer.key = f"customer-{number}"
        customer.save()

    held = [
        one
        for one in customers
        if is_refused("held_out", cast.darek, wish(policy=half, customer=one), one.key)
    ]
    given = [one for one in customers if one not in held]

    assert 10 <= len(held) <= 30
    assert Eligible.objects.filter(held_out=True).count() == len(held)
    assert Gesture.objects.count() == len(given)
    change_policy(by=cast.filip, policy=half, document=terms(usual_minor=0), version=1)
    assert is_refused("held_out", cast.darek, wish(policy=half, customer=held[0]), "again")
    assert grant_gesture(by=cast.darek, wish=wish(policy=half, customer=given[0]), key="more")


def test_a_joined_record_keeps_the_first_draw(cast, wish, joanna):
    policy = policy_with(cast, held_out_share=0.5, usual_minor=0)
    Eligible.objects.create(policy=policy, customer_key=joanna.key, held_out=True)
    other = add_customer(by=cast.darek, details=Details())
    merge_customers(by=cast.filip, kept=other, other=joanna)

    with pytest.raises(Refused, match="held_out"):
        grant_gesture(by=cast.darek, wish=wish(policy=policy, customer=other), key="1")


@pytest.mark.parametrize(
    ("cap", "fits"),
    [
        ({"of": "customer", "most": 2, "days": 30}, 2),
        ({"of": "employee", "most": 1, "days": 30}, 1),
        ({"of": "customer", "counts": "cost_minor", "most": 25_00, "days": 30}, 2),
        ({"of": "customer", "most": 1, "days": 30, "kinds": ["discount"]}, 4),
    ],
)
def test_a_cap_holds(cast, wish, cap, fits):
    policy = policy_with(cast, caps=[cap])

    refused = [is_refused("cap_reached", cast.darek, wish(policy=policy), str(number)) for number in range(4)]

    assert refused == [number >= fits for number in range(4)]
    assert Gesture.objects.count() == fits


def test_what_was_given_back_does_not_count_and_time_passes(cast, wish, budget):
    policy = policy_with(cast, caps=[{"of": "customer", "most": 1, "days": 7}])
    first = grant_gesture(by=cast.darek, wish=wish(policy=policy), key="1")
    with pytest.raises(Refused, match="cap_reached"):
        grant_gesture(by=cast.darek, wish=wish(policy=policy), key="2")

    release_gesture(by=cast.darek, gesture=first)
    grant_gesture(by=cast.darek, wish=wish(policy=policy), key="3")
    with stopped_at(NOON + timedelta(days=7, seconds=1)):
        grant_gesture(by=cast.darek, wish=wish(policy=policy), key="4")
    assert Gesture.objects.count() == 3


def test_standards_that_forbid_gestures_are_obeyed(cast, wish, published):
    published(gestures="forbidden")

    with pytest.raises(Refused, match="gesture_forbidden"):
        grant_gesture(by=cast.darek, wish=wish(), key="1")


def test_a_policy_of_another_service_is_not_forbidden(cast, wish, published):
    published(gestures="forbidden")
    shop = policy_with(cast, service="shop")

    assert grant_gesture(by=cast.darek, wish=wish(policy=shop), key="1")
