"""Does it work? Everybody who was eligible counts as the lot fell; who is not through their days does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from app.gestures.conftest import NOON, terms

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, Purchase
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Eligible
from gracja.app.gestures.selectors.effects import effect_of
from gracja.app.gestures.selectors.fairness import fairness
from gracja.app.gestures.selectors.forbidding import services_that_forbid
from gracja.app.gestures.selectors.policies import policies, policy
from gracja.app.gestures.selectors.reach import about_customer, reach_today
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.granting import give_gesture, grant_gesture
from gracja.app.gestures.services.policies import change_policy, close_policy, write_policy
from gracja.app.gestures.terms import check_terms
from gracja.app.gestures.wish import Wish
from gracja.engine.gesture.read import check_conditions

pytestmark = pytest.mark.django_db
START = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def studied(cast):
    """A policy that holds out 30 %, judged after 20 days."""
    with stopped_at(START - timedelta(days=1)):
        return write_policy(by=cast.filip, document=terms(held_out_share=0.3, return_days=20))


def _purchase(customer, at, *, number=""):
    return Purchase(
        customer=customer,
        system="till",
        number=number or customer.key,
        at=at,
        amount_minor=50_00,
        currency="PLN",
    )


def crowd(studied, place, *, open_returns, held_returns, n=600, seed=5):
    """Customers first eligible one after another over 60 days; so many of each group buy again."""
    dice = np.random.default_rng(seed)
    customers = Customer.objects.bulk_create(
        Customer(name=f"Klient {at}", key=f"crowd-{at:05}") for at in range(n)
    )
    drawn, bought = [], []
    for at, one in enumerate(customers):
        day, held = START + timedelta(days=60 * at / n), dice.random() < 0.3
        drawn.append(Eligible(policy=studied, customer_key=one.key, place=place, at=day, held_out=held))
        if dice.random() < (held_returns if held else open_returns):
            bought.append(_purchase(one, day + timedelta(days=5)))
    Eligible.objects.bulk_create(drawn)
    Purchase.objects.bulk_create(bought)
    return customers


def read(by, studied):
    return effect_of(by=by, written=policy(by=by, uid=studied.uid))


def test_a_gesture_that_brings_customers_back_is_seen_to_work(cast, studied, rynek):
    crowd(studied, rynek, open_returns=0.7, held_returns=0.3)
    found = read(cast.filip, studied)

    effect = found.conclusion.effect
    assert found.conclusion.verdict == "works"
    assert effect.low < 0.4 < effect.high
    assert effect.open_customers + effect.held_customers == found.eligible == 600
    assert found.looks[-1].effect == effect
    assert [one.day for one in found.looks] == sorted(one.day for one in found.looks)


def test_the_picture_ends_with_today_and_intervals_do_not_know_the_future(cast, studied, rynek):
    crowd(studied, rynek, open_returns=0.7, held_returns=0.3)
    first = read(cast.filip, studied).looks[3]

    with stopped_at(datetime.combine(first.day, NOON.time(), UTC)):
        then = read(cast.filip, studied)

    assert (then.conclusion.effect, then.looks[-1].day) == (first.effect, first.day)


def test_where_nobody_is_held_out_nothing_can_be_concluded(cast, rynek):
    made = write_policy(by=cast.filip, document=terms())
    found = read(cast.filip, made)

    assert (found.conclusion.verdict, found.conclusion.effect, found.more) == ("nobody_held_out", None, None)


def test_before_anybody_s_days_are_over_it_is_too_early(cast, studied, rynek):
    crowd(studied, rynek, open_returns=1.0, held_returns=0.0, n=40)
    with stopped_at(START + timedelta(days=10)):
        found = read(cast.filip, studied)

    assert (found.conclusion.verdict, found.waiting, found.looks) == ("too_early", 40, ())
    assert found.first_on == (START + timedelta(days=21)).date()


def test_without_an_effect_it_says_go_on_and_how_many_more_it_takes(cast, studied, rynek):
    crowd(studied, rynek, open_returns=0.4, held_returns=0.4, n=200)
    found = read(cast.filip, studied)

    assert found.conclusion.verdict == "go_on"
    assert found.more > 1000


def test_a_purchase_on_the_same_day_or_refunded_or_too_late_is_no_return(cast, studied, rynek):
    customers = crowd(studied, rynek, open_returns=0.0, held_returns=0.0, n=4)
    for one, days, refunded in zip(customers, (0, 5, 21, 20), (0, 50_00, 0, 0), strict=True):
        at = Eligible.objects.get(customer_key=one.key).at + timedelta(days=days)
        bought = _purchase(one, at)
        bought.refunded_minor = refunded
        bought.save()
    Eligible.objects.filter(customer_key=customers[0].key).update(held_out=True)
    Eligible.objects.exclude(customer_key=customers[0].key).update(held_out=False)
    effect = read(cast.filip, studied).conclusion.effect

    assert (effect.held_mean, round(3 * effect.open_mean)) == (0.0, 1)  # only the one on the last day


def test_who_was_held_out_stays_so_when_the_share_changes(cast, studied, rynek):
    crowd(studied, rynek, open_returns=0.7, held_returns=0.3)
    document = terms(held_out_share=0.0, return_days=20)
    change_policy(by=cast.filip, policy=studied, document=document, version=1)
    found = read(cast.filip, studied)

    assert found.conclusion.verdict == "works"


def test_who_changes_the_days_to_return_after_a_look_changes_nothing_of_what_was_seen(cast, studied, rynek):
    crowd(studied, rynek, open_returns=0.7, held_returns=0.3)
    before = read(cast.filip, studied)

    change_policy(by=cast.filip, policy=studied, document=terms(held_out_share=0.3, return_days=3), version=1)
    later = add_customer(by=cast.filip, details=Details("Później"))
    Eligible.objects.create(policy=studied, customer_key=later.key, place=rynek, at=NOON, held_out=False)
    found = read(cast.filip, studied)

    assert found.conclusion == before.conclusion
    assert (before.days_differ, found.days_differ, found.waiting) == (False, True, 1)


def test_what_was_spent_before_anybody_was_held_out_is_no_cost_of_the_study(cast, rynek):
    with stopped_at(START - timedelta(days=40)):
        made = write_policy(by=cast.filip, document=terms(return_days=20))
    early = add_customer(by=cast.filip, details=Details("Wcześniej"))
    with stopped_at(START - timedelta(days=39)):
        at = Eligible.objects.create(policy=made, customer_key=early.key, place=rynek, held_out=False).at
        open_budget(
            by=cast.filip, place=rynek, first_day=at.date(), last_day=at.date(), amount=Money(100_00, "PLN")
        )
        wish = Wish(made, rynek, early, "Czekała")
        give_gesture(by=cast.darek, gesture=grant_gesture(by=cast.darek, wish=wish, key="before the study"))
    with stopped_at(START - timedelta(days=1)):
        document = terms(held_out_share=0.3, return_days=20)
        change_policy(by=cast.filip, policy=made, document=document, version=1)
    crowd(made, rynek, open_returns=0.7, held_returns=0.3)

    found = read(cast.filip, made)

    assert (found.conclusion.verdict, found.spent_minor, found.conclusion.cost.each) == ("works", 0, 0)


def test_what_was_spent_counts_by_the_customer_and_a_merged_record_once(cast, studied, rynek, budget, wish):
    one = add_customer(by=cast.darek, details=Details("Jan Kot"))
    other = add_customer(by=cast.darek, details=Details("Jan Kot"))
    for customer in (one, other):
        Eligible.objects.create(
            policy=studied, customer_key=customer.key, place=rynek, at=START, held_out=False
        )
    given = grant_gesture(by=cast.darek, wish=wish(policy=studied, customer=other), key="given")
    give_gesture(by=cast.darek, gesture=given, spent=Money(4_20, "PLN"))
    merge_customers(by=cast.filip, kept=one, other=other)
    found = read(cast.filip, studied)

    assert (found.eligible, found.spent_minor) == (1, 4_20)


def test_an_erased_customer_is_left_out_and_said_to_be(cast, studied, rynek):
    crowd(studied, rynek, open_returns=0.7, held_returns=0.3, n=50)
    Customer.objects.filter(key="crowd-00001").update(erased_at=NOON)
    found = read(cast.filip, studied)

    assert (found.left_out, found.eligible) == (1, 50)


def test_a_lead_sees_the_effect_on_customers_of_their_own_places(cast, studied, rynek, galeria):
    crowd(studied, rynek, open_returns=0.7, held_returns=0.3, n=50)

    assert (read(cast.anna, studied).eligible, read(cast.celina, studied).eligible) == (50, 0)
    with pytest.raises(Refused, match="not_permitted"):
        read(cast.darek, studied)


# For whom it would be open


def test_customers_who_would_be_eligible_today_are_counted_and_shown_by_key(cast, joanna, rynek):
    for at, days in enumerate((40, 30, 20)):
        _purchase(joanna, NOON - timedelta(days=days), number=str(at)).save()
    add_customer(by=cast.darek, details=Details("Bez zakupów"))
    asked = {"field": "earlier_visits", "comparison": "at_least", "value": 3}
    found = reach_today(by=cast.filip, terms=check_terms(terms(conditions=asked)))

    assert (found.open, found.unknown, found.looked_at) == (1, 1, 2)
    assert [(one.key, one.visits, one.days_since) for one in found.examples] == [(joanna.key[:6], 3, 20)]


def test_conditions_about_the_contact_are_left_for_the_contact(cast, joanna):
    tree = {
        "all": [
            {"field": "club_member", "comparison": "is", "value": False},
            {"field": "purchase_minor", "comparison": "at_least", "value": 100_00},
        ]
    }
    found = reach_today(by=cast.filip, terms=check_terms(terms(conditions=tree)))

    assert (found.open, [one.field for one in found.contact]) == (1, ["purchase_minor"])


_BIRTHDAY = {"field": "birthday", "comparison": "is", "value": True}
_FAILURE = {"field": "after_failure", "comparison": "is", "value": True}


@pytest.mark.parametrize(
    ("tree", "left"),
    [
        (_FAILURE, None),
        ({"any": [_BIRTHDAY, _FAILURE]}, None),
        ({"not": {"all": [_BIRTHDAY, _FAILURE]}}, None),
        ({"not": {"any": [_BIRTHDAY, _FAILURE]}}, "birthday"),
        ({"all": [_BIRTHDAY, _FAILURE]}, "birthday"),
    ],
)
def test_what_the_contact_could_meet_is_taken_as_met(tree, left):
    kept = about_customer(check_conditions(tree))

    assert (left is None and kept is None) or left in str(kept)


def test_only_who_manages_gestures_counts_whom_a_policy_would_reach(cast):
    with pytest.raises(Refused, match="not_permitted"):
        reach_today(by=cast.anna, terms=check_terms(terms()))


# Policies as they are read


def test_open_policies_stand_before_closed_ones(cast, policy):
    newer = write_policy(by=cast.filip, document=terms())
    close_policy(by=cast.filip, policy=newer)

    assert [one.policy for one in policies(by=cast.anna)] == [policy, newer]
    with pytest.raises(Refused, match="not_permitted"):
        policies(by=cast.darek)


def test_standards_that_forbid_gestures_are_named(published):
    assert services_that_forbid() == set()

    published(gestures="forbidden")

    assert services_that_forbid() == {"salon"}


# Fairness


def test_without_known_contacts_nobody_is_asked_how_they_came_to_give(cast, wish, budget):
    grant_gesture(by=cast.darek, wish=wish(), key="1")
    found = fairness(by=cast.filip)

    assert (found.grants, found.contacts, found.asked) == (1, 0, ())


def test_an_employee_reads_no_questions_and_a_lead_none_of_other_places(cast, wish, budget):
    grant_gesture(by=cast.darek, wish=wish(), key="1")

    assert fairness(by=cast.celina).grants == 0
    with pytest.raises(Refused, match="not_permitted"):
        fairness(by=cast.darek)
