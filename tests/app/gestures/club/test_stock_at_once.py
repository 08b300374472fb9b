"""Many at one shelf at once, with transactions of their own: never below none, one for each gesture."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from app.gestures.conftest import terms

from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.club.models import Card, Member, Movement, Shelf
from gracja.app.gestures.club.selectors.stock import proof
from gracja.app.gestures.club.services.handing import HandOver, hand_over_gift
from gracja.app.gestures.club.services.members import Agreed, join_club, replace_card
from gracja.app.gestures.club.services.stock import count_gifts, receive_gifts, write_off_gifts
from gracja.app.gestures.models import Budget, Gesture
from gracja.app.gestures.selectors.ledger import proof as ledger_proof
from gracja.app.gestures.services.policies import change_policy

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def account():
    assert (proof(), ledger_proof()) == ([], [])
    shelf, budget = Shelf.objects.get(), Budget.objects.get()
    given = Movement.objects.filter(kind="given").count()
    committed = Gesture.objects.filter(state="committed").count()
    assert budget.reserved_minor == 0
    return shelf.balance, given, committed, budget.spent_minor


@pytest.fixture
def hand_over(cast, policy, cream, rynek, joanna, budget):
    change_policy(by=cast.filip, policy=policy, document=terms(usual_minor=1_00), version=1)

    def do(key, customer=joanna):
        wanted = HandOver(cream, rynek, customer, "Podziękowanie")
        return hand_over_gift(by=cast.darek, wanted=wanted, key=key).gesture.state

    return do


def test_the_last_ones_go_to_as_many_as_there_are(hand_over, on_shelf, at_once):
    on_shelf(2)

    done = at_once(*(partial(hand_over, str(n)) for n in range(MANY)))

    assert Counter(done) == {"committed": 2, "gift_none_left": MANY - 2}
    [(left, given, committed, spent)] = at_once(account)
    assert (left, given, committed, spent) == (0, 2, 2, 24_00)


def test_one_key_sent_many_times_takes_one(hand_over, on_shelf, at_once):
    on_shelf(1)

    at_once(*[partial(hand_over, "one")] * MANY)

    [(left, given, committed, _)] = at_once(account)
    assert (left, given, committed) == (0, 1, 1)


def test_whatever_goes_before_what_the_shelf_adds_up(cast, rynek, cream, hand_over, on_shelf, at_once):
    on_shelf(3)
    others = [add_customer(by=cast.darek, details=Details(f"Klient {n}")) for n in range(4)]

    at_once(
        *(partial(hand_over, str(n), one) for n, one in enumerate(others)),
        partial(receive_gifts, by=cast.anna, gift=cream, place=rynek, count=2, key="r"),
        partial(receive_gifts, by=cast.anna, gift=cream, place=rynek, count=2, key="r"),
        partial(write_off_gifts, by=cast.anna, gift=cream, place=rynek, count=1, key="d"),
        partial(count_gifts, by=cast.anna, gift=cream, place=rynek, count=4, key="c"),
    )

    [(left, given, committed, spent)] = at_once(account)
    assert left >= 0
    assert (given, spent) == (committed, committed * 12_00)


def test_one_customer_joins_once_and_a_lost_card_is_replaced_once(cast, club, joanna, at_once):
    def join():
        return join_club(by=cast.darek, customer=joanna, agreed=Agreed(1, "pl")).uid

    done = set(at_once(*[join] * MANY)) - {"club_joined_meanwhile"}
    assert len(done) == 1

    def replace():
        member = Member.objects.get()
        return replace_card(by=cast.darek, member=member, lost=lost).number

    [lost] = at_once(lambda: Card.objects.get(stopped_at=None).number)
    numbers = set(at_once(*[replace] * MANY))
    [cards] = at_once(Card.objects.count)
    assert (len(numbers), cards, lost in numbers) == (1, 2, False)
