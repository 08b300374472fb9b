"""Gestures just under the limit of a second yes: shown as a question to who reads or approves gestures."""

from __future__ import annotations

import pytest
from app.gestures.conftest import terms
from django.urls import reverse

from gracja.app.common.money import Money
from gracja.app.gestures.selectors.fairness import fairness
from gracja.app.gestures.selectors.splitting import beside_approvals
from gracja.app.gestures.services.granting import approve_gesture, give_gesture, grant_gesture
from gracja.app.gestures.services.policies import write_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(cast):
    return write_policy(by=cast.filip, document=terms("covered_cost", approve_above_minor=30_00))


@pytest.fixture
def split(cast, wish, delivery):
    for key in ("1", "2"):
        cost = Money(20_00, "PLN")
        give_gesture(
            by=cast.darek,
            gesture=grant_gesture(by=cast.darek, wish=wish(policy=delivery, cost=cost), key=key),
        )


def asked(by):
    return [one.question.facts for one in fairness(by=by).asked if one.question.code == "split_customer"]


def test_two_for_one_customer_that_pass_the_limit_together_are_a_question(cast, split, joanna):
    (facts,) = asked(cast.anna)

    assert (facts["grants"], facts["total_minor"], facts["limit_minor"]) == (2, 40_00, 30_00)
    assert facts["customer"] == f"{joanna.key[:6]}…"
    assert asked(cast.celina) == []


def test_what_a_second_person_saw_is_no_question(cast, wish, delivery):
    one = grant_gesture(by=cast.darek, wish=wish(policy=delivery, cost=Money(40_00, "PLN")), key="1")
    approve_gesture(by=cast.anna, gesture=one)
    grant_gesture(by=cast.darek, wish=wish(policy=delivery, cost=Money(20_00, "PLN")), key="2")

    assert asked(cast.anna) == []


def test_a_policy_without_a_limit_asks_nothing(cast, wish):
    for key in ("1", "2"):
        grant_gesture(by=cast.darek, wish=wish(cost=Money(40_00, "PLN")), key=key)

    assert asked(cast.anna) == []


def test_whoever_approves_sees_the_question_beside_what_waits(cast, split, wish, delivery, signed_in):
    waits = grant_gesture(by=cast.darek, wish=wish(policy=delivery, cost=Money(35_00, "PLN")), key="3")

    (found,) = beside_approvals([waits], by=cast.anna)[waits.pk]
    page = signed_in(cast.anna).get(reverse("approvals")).content.decode()

    assert found.code == "split_customer"
    assert beside_approvals([waits], by=cast.celina)[waits.pk] == []
    assert "Was it one occasion? This customer was given" in page
    assert "PLN\xa040.00" in page
