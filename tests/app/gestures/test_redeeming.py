"""Codes at the till: unguessable, good once, and only for what they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from app.gestures.conftest import NOON, terms

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Code
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.granting import (
    approve_gesture,
    give_gesture,
    grant_gesture,
    release_gesture,
)
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.services.redeeming import check_code, redeem_code

pytestmark = pytest.mark.django_db
PURCHASE = Money(200_00, "PLN")


@pytest.fixture
def discount(cast):
    return write_policy(by=cast.filip, document=terms("discount"))


@pytest.fixture
def code(cast, wish, discount):
    return grant_gesture(
        by=cast.darek, wish=wish(policy=discount, cost=Money(15_00, "PLN")), key="1"
    ).code.code


def test_ten_percent_is_taken_off_and_the_rest_goes_back(cast, rynek, budget, code):
    redeemed = redeem_code(by=cast.darek, place=rynek, given=code, purchase=Money(120_00, "PLN"))

    budget.refresh_from_db()
    assert redeemed.off == Money(12_00, "PLN")
    assert (budget.spent_minor, budget.reserved_minor) == (12_00, 0)
    assert proof() == []


def test_it_never_takes_off_more_than_was_set_aside(cast, rynek, code):
    assert (
        check_code(by=cast.darek, place=rynek, given=code, purchase=Money(900_00, "PLN")).off.minor == 15_00
    )


def test_it_is_read_however_it_is_typed(cast, rynek, code):
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]} "

    assert check_code(by=cast.darek, place=rynek, given=typed).off is None


def test_it_works_in_another_shop_and_only_once(cast, rynek, galeria, code):
    redeem_code(by=cast.edyta, place=galeria, given=code, purchase=PURCHASE)

    with pytest.raises(Refused, match="code_used"):
        redeem_code(by=cast.darek, place=rynek, given=code, purchase=PURCHASE)
    assert Code.objects.get().redeemed_in == galeria


@pytest.mark.parametrize(
    ("purchase", "refusal"),
    [
        (Money(49_99, "PLN"), "purchase_too_small"),
        (Money(200_00, "EUR"), "currency_of_another_place"),
    ],
)
def test_a_purchase_that_does_not_fit_leaves_the_code_good(cast, rynek, code, purchase, refusal):
    with pytest.raises(Refused, match=refusal):
        redeem_code(by=cast.darek, place=rynek, given=code, purchase=purchase)

    assert redeem_code(by=cast.darek, place=rynek, given=code, purchase=PURCHASE)


def test_what_is_no_code_is_said(cast, rynek, code):
    with pytest.raises(Refused, match="code_unknown"):
        check_code(by=cast.darek, place=rynek, given="AAAA-BBBB-CCCC")
    with pytest.raises(Refused, match="not_permitted"):
        check_code(by=cast.borys, place=rynek, given=code)


def test_a_code_ends_with_its_time(cast, rynek, code):
    with stopped_at(NOON + timedelta(days=31)), pytest.raises(Refused, match="code_expired"):
        redeem_code(by=cast.darek, place=rynek, given=code, purchase=PURCHASE)


def test_a_code_taken_back_is_worth_nothing(cast, rynek, code):
    release_gesture(by=cast.darek, gesture=Code.objects.get().gesture)

    with pytest.raises(Refused, match="code_withdrawn"):
        redeem_code(by=cast.darek, place=rynek, given=code, purchase=PURCHASE)


def test_a_discount_that_waits_has_no_code_yet(cast, wish):
    dear = write_policy(by=cast.filip, document=terms("discount", approve_above_minor=0))
    asked = grant_gesture(by=cast.darek, wish=wish(policy=dear), key="1")

    assert not Code.objects.exists()
    approve_gesture(by=cast.anna, gesture=asked)
    assert len(Code.objects.get().code) == 12


def test_a_discount_is_not_given_by_hand(cast, wish, discount):
    gesture = grant_gesture(by=cast.darek, wish=wish(policy=discount), key="1")

    with pytest.raises(Refused, match="discount_by_code"):
        give_gesture(by=cast.darek, gesture=gesture)


def test_codes_differ(cast, wish, discount):
    codes = {
        grant_gesture(by=cast.darek, wish=wish(policy=discount, cost=Money(1, "PLN")), key=str(n)).code.code
        for n in range(50)
    }

    assert len(codes) == 50


def test_a_till_that_did_not_hear_the_answer_is_answered_again(cast, rynek, galeria, budget, code):
    first = redeem_code(by=cast.darek, place=rynek, given=code, purchase=PURCHASE, key="sale-1")
    again = redeem_code(by=cast.darek, place=rynek, given=code, purchase=PURCHASE, key="sale-1")

    budget.refresh_from_db()
    assert (again.off, again.code) == (first.off, first.code)
    assert budget.spent_minor == first.off.minor
    for other in (
        {"key": "sale-2"},
        {"key": ""},
        {"key": "sale-1", "purchase": Money(201_00, "PLN")},
    ):
        with pytest.raises(Refused, match="code_used"):
            redeem_code(**{"by": cast.darek, "place": rynek, "given": code, "purchase": PURCHASE} | other)
    with pytest.raises(Refused, match="code_used"):
        redeem_code(by=cast.edyta, place=galeria, given=code, purchase=PURCHASE, key="sale-1")
