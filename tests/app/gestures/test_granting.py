"""Gestures: promised once, approved by a second person, given back, and never over the budget."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from app.gestures.conftest import NOON, terms
from django.db import connections

from gracja.app.common.clock import stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Budget, Entry, Gesture
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.budgets import change_budget
from gracja.app.gestures.services.expiring import expire_due
from gracja.app.gestures.services.granting import (
    approve_gesture,
    give_gesture,
    grant_gesture,
    release_gesture,
    return_gesture,
)
from gracja.app.gestures.services.policies import change_policy, close_policy, write_policy
from gracja.cli.serving.worker import keep_clear

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


def left(budget):
    budget.refresh_from_db()
    return budget.left.minor


def test_a_gesture_is_promised_and_its_cost_set_aside(cast, wish, budget):
    gesture = grant_gesture(by=cast.darek, wish=wish(), key="1")

    assert (gesture.state, gesture.cost) == ("reserved", Money(10_00, "PLN"))
    assert left(budget) == 90_00
    assert [entry.kind for entry in gesture.entries.all()] == ["reserve"]
    assert AuditEntry.objects.filter(action="gesture.grant", place_key=gesture.place.uid).exists()
    assert proof() == []


def test_repeating_the_key_returns_the_first(cast, wish, budget):
    first = grant_gesture(by=cast.darek, wish=wish(), key="1")

    assert grant_gesture(by=cast.darek, wish=wish(), key="1") == first
    assert left(budget) == 90_00


def test_a_key_is_good_for_one_gesture(cast, wish):
    grant_gesture(by=cast.darek, wish=wish(), key="1")

    with pytest.raises(Refused, match="key_of_another"):
        grant_gesture(by=cast.anna, wish=wish(), key="1")


def test_over_budget_is_refused_and_costs_nothing(cast, wish, budget):
    grant_gesture(by=cast.darek, wish=wish(cost=Money(60_00, "PLN")), key="1")

    with pytest.raises(Refused, match="over_budget") as refused:
        grant_gesture(by=cast.darek, wish=wish(cost=Money(40_01, "PLN")), key="2")

    assert refused.value.facts == {"left": "40.00 PLN", "cost": "40.01 PLN"}
    assert left(budget) == 40_00
    assert Gesture.objects.count() == Entry.objects.count() == 1


def test_another_place_is_not_ones_own(cast, wish, galeria):
    with pytest.raises(Refused, match="not_permitted"):
        grant_gesture(by=cast.edyta, wish=wish(), key="1")
    with pytest.raises(Refused, match="not_permitted"):
        grant_gesture(by=cast.borys, wish=wish(), key="2")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"cost": Money(80_01, "PLN")}, "over_the_most"),
        ({"cost": Money(-1, "PLN")}, "amount_out_of_range"),
        ({"cost": Money(1_00, "EUR")}, "currency_of_another_place"),
        ({"reason": "  "}, "reason_missing"),
    ],
)
def test_a_wish_outside_the_terms_is_refused(cast, wish, budget, given, code):
    with pytest.raises(Refused, match=code):
        grant_gesture(by=cast.darek, wish=wish(**given), key="1")

    assert left(budget) == 100_00


def test_who_may_give_stands_in_the_terms(cast, wish):
    leads_only = write_policy(by=cast.filip, document=terms(given_by=["place_lead"]))

    with pytest.raises(Refused, match="not_yours_to_give"):
        grant_gesture(by=cast.darek, wish=wish(policy=leads_only), key="1")
    assert grant_gesture(by=cast.anna, wish=wish(policy=leads_only), key="2").state == "reserved"


def test_a_policy_of_another_place_is_not_granted_here(cast, wish, galeria):
    there_only = write_policy(by=cast.filip, document=terms(places=[galeria.uid]))

    with pytest.raises(Refused, match="not_at_this_place"):
        grant_gesture(by=cast.darek, wish=wish(policy=there_only), key="1")


def test_above_the_limit_a_second_person_says_yes(cast, wish, budget):
    dear = write_policy(by=cast.filip, document=terms(approve_above_minor=20_00))
    asked = grant_gesture(by=cast.anna, wish=wish(policy=dear, cost=Money(50_00, "PLN")), key="1")

    assert (asked.state, left(budget)) == ("asked", 50_00)
    with pytest.raises(Refused, match="gesture_waits"):
        give_gesture(by=cast.anna, gesture=asked)
    with pytest.raises(Refused, match="approve_own"):
        approve_gesture(by=cast.anna, gesture=asked)
    with pytest.raises(Refused, match="not_permitted"):
        approve_gesture(by=cast.celina, gesture=asked)

    assert approve_gesture(by=cast.filip, gesture=asked).state == "reserved"
    assert approve_gesture(by=cast.filip, gesture=asked).approved_by == cast.filip.person
    assert give_gesture(by=cast.anna, gesture=asked).state == "committed"
    assert proof() == []


def test_who_asks_is_told_no_and_the_money_goes_back(cast, wish, budget):
    dear = write_policy(by=cast.filip, document=terms(approve_above_minor=0))
    asked = grant_gesture(by=cast.darek, wish=wish(policy=dear), key="1")

    release_gesture(by=cast.anna, gesture=asked)

    assert (asked.state, left(budget)) == ("released", 100_00)
    with pytest.raises(Refused, match="gesture_ended"):
        approve_gesture(by=cast.anna, gesture=asked)


def test_what_cost_less_gives_the_rest_back(cast, wish, budget):
    gesture = grant_gesture(by=cast.darek, wish=wish(cost=Money(30_00, "PLN")), key="1")

    give_gesture(by=cast.darek, gesture=gesture, spent=Money(18_00, "PLN"))
    give_gesture(by=cast.darek, gesture=gesture, spent=Money(18_00, "PLN"))

    assert (left(budget), budget.spent_minor, budget.reserved_minor) == (82_00, 18_00, 0)
    assert [entry.kind for entry in gesture.entries.all()] == ["reserve", "release", "commit"]
    assert proof() == []


def test_no_more_is_spent_than_was_promised(cast, wish):
    gesture = grant_gesture(by=cast.darek, wish=wish(), key="1")

    with pytest.raises(Refused, match="over_the_most"):
        give_gesture(by=cast.darek, gesture=gesture, spent=Money(10_01, "PLN"))
    with pytest.raises(Refused, match="currency_of_another_place"):
        give_gesture(by=cast.darek, gesture=gesture, spent=Money(1, "EUR"))


def test_a_refund_brings_back_what_was_spent_once(cast, wish, budget):
    gesture = grant_gesture(by=cast.darek, wish=wish(), key="1")
    give_gesture(by=cast.darek, gesture=gesture, spent=Money(8_00, "PLN"))

    return_gesture(by=cast.anna, gesture=gesture)
    return_gesture(by=cast.anna, gesture=gesture)

    assert (left(budget), gesture.state) == (100_00, "released")
    assert proof() == []


def test_ones_own_is_taken_back_anothers_needs_more(cast, wish):
    gesture = grant_gesture(by=cast.anna, wish=wish(), key="1")

    with pytest.raises(Refused, match="not_permitted"):
        release_gesture(by=cast.darek, gesture=gesture)
    assert release_gesture(by=cast.anna, gesture=gesture).state == "released"
    assert release_gesture(by=cast.anna, gesture=gesture).state == "released"


def test_what_nobody_used_expires_and_the_money_goes_back(cast, wish, budget):
    gesture = grant_gesture(by=cast.darek, wish=wish(), key="1")
    used = grant_gesture(by=cast.darek, wish=wish(), key="2")
    give_gesture(by=cast.darek, gesture=used)

    assert expire_due() == 0
    with stopped_at(NOON + timedelta(days=31)):
        assert (expire_due(), expire_due()) == (1, 0)

    gesture.refresh_from_db()
    assert (gesture.state, left(budget)) == ("expired", 90_00)
    assert proof() == []


def test_the_worker_lets_them_expire_every_day(cast, wish, budget, monkeypatch):
    gesture = grant_gesture(by=cast.darek, wish=wish(), key="1")
    monkeypatch.setattr(connections, "close_all", lambda: None)  # the test's own transaction
    ended = threading.Event()
    monkeypatch.setattr(ended, "wait", lambda seconds: ended.set() if seconds == DAY else None)

    with stopped_at(NOON + timedelta(days=31)):
        keep_clear(ended)

    gesture.refresh_from_db()
    assert (gesture.state, left(budget)) == ("expired", 100_00)


def test_a_budget_is_not_lowered_below_a_promise(cast, wish, budget):
    grant_gesture(by=cast.darek, wish=wish(cost=Money(60_00, "PLN")), key="1")

    with pytest.raises(Refused, match="budget_below_reserved"):
        change_budget(by=cast.filip, budget=budget, amount=Money(59_99, "PLN"))


def test_terms_change_for_the_next_gesture_only(cast, policy, wish):
    first = grant_gesture(by=cast.darek, wish=wish(), key="1")
    change_policy(by=cast.filip, policy=policy, document=terms(usual_minor=12_00), version=1)
    second = grant_gesture(by=cast.darek, wish=wish(), key="2")

    assert (first.terms.version, second.terms.version) == (1, 2)
    assert (first.cost.minor, second.cost.minor) == (10_00, 12_00)
    with pytest.raises(Refused, match="policy_changed_meanwhile"):
        change_policy(by=cast.filip, policy=policy, document=terms(usual_minor=1), version=1)
    with pytest.raises(Refused, match="policy_kind_stays"):
        change_policy(by=cast.filip, policy=policy, document=terms("personal_contact"), version=2)
    with pytest.raises(Refused, match="policy_currency_stays"):  # sums of what it cost would mix two
        change_policy(by=cast.filip, policy=policy, document=terms(currency="EUR"), version=2)


def test_by_a_closed_policy_nothing_is_granted(cast, policy, wish):
    close_policy(by=cast.filip, policy=policy)
    close_policy(by=cast.filip, policy=policy)

    with pytest.raises(Refused, match="policy_closed"):
        grant_gesture(by=cast.darek, wish=wish(), key="1")
    assert AuditEntry.objects.filter(action="policy.close").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"usual_minor": 90_00}, ""),
        ({"most_minor": -1}, "most_minor"),
        ({"currency": "zł"}, "currency"),
        ({"discount": {"percent": 10}}, ""),
        ({"held_out_share": 0.9}, "held_out_share"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_terms_that_cannot_hold_are_refused_with_the_field(cast, wrong, field):
    with pytest.raises(Refused, match="terms_wrong") as refused:
        write_policy(by=cast.filip, document=terms(**wrong))

    assert refused.value.facts["field"] == field


def test_only_who_manages_gestures_writes_policies(cast, policy):
    for act in (
        lambda: write_policy(by=cast.anna, document=terms()),
        lambda: change_policy(by=cast.anna, policy=policy, document=terms(), version=1),
        lambda: close_policy(by=cast.anna, policy=policy),
    ):
        with pytest.raises(Refused, match="not_permitted"):
            act()


@pytest.mark.parametrize(
    ("model", "changed"),
    [(Budget, {"spent_minor": 1}), (Gesture, {"state": "committed"}), (Gesture, {"cost_minor": 11_00})],
)
def test_the_proof_finds_what_does_not_agree(cast, wish, model, changed):
    grant_gesture(by=cast.darek, wish=wish(), key="1")

    model.objects.update(**changed)

    assert [(one.what, one.uid) for one in proof()] == [(model.__name__.lower(), model.objects.get().uid)]
