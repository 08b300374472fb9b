"""Gifts on shelves: every movement kept, never below none, taken with the gesture or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from app.gestures.conftest import terms
from django.db import DatabaseError, transaction

from gracja.app.common.clock import stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.club.models import Movement, Shelf
from gracja.app.gestures.club.selectors.stock import promised, proof, shelves
from gracja.app.gestures.club.selectors.values import rows, yearly_values
from gracja.app.gestures.club.services.handing import HandOver, hand_over_gift, hand_over_promised
from gracja.app.gestures.club.services.limits import set_limit
from gracja.app.gestures.club.services.stock import (
    Named,
    close_gift,
    count_gifts,
    receive_gifts,
    save_gift,
    write_off_gifts,
)
from gracja.app.gestures.models import Eligible, Gesture
from gracja.app.gestures.services.granting import approve_gesture, give_gesture
from gracja.app.gestures.services.policies import change_policy, close_policy, write_policy

pytestmark = pytest.mark.django_db


def balance():
    return Shelf.objects.get().balance


@pytest.fixture
def wanted(cream, rynek, joanna, budget):
    def made(**given):
        return HandOver(
            **({"gift": cream, "place": rynek, "customer": joanna, "reason": "Podziękowanie"} | given)
        )

    return made


def test_what_came_was_damaged_and_counted_adds_up(cast, rynek, cream, on_shelf):
    on_shelf(10)
    write_off_gifts(by=cast.anna, gift=cream, place=rynek, count=2, key="b")
    last = count_gifts(by=cast.anna, gift=cream, place=rynek, count=7, key="c")

    assert [(one.kind, one.change, one.after) for one in Movement.objects.order_by("pk")] == [
        ("received", 10, 10),
        ("damaged", -2, 8),
        ("counted", -1, 7),
    ]
    assert (last.by_key, balance(), proof()) == (cast.anna.person.key, 7, [])
    noted = AuditEntry.objects.get(action="stock.counted")
    assert (noted.before, noted.after, noted.place_key) == ({"balance": 8}, {"balance": 7}, rynek.uid)


def test_the_same_entry_sent_twice_is_one(cast, rynek, cream, on_shelf):
    on_shelf(10, "k")
    on_shelf(10, "k")

    assert balance() == 10
    with pytest.raises(Refused, match="key_of_another"):
        write_off_gifts(by=cast.anna, gift=cream, place=rynek, count=1, key="k")


def test_no_more_is_written_off_than_there_is(cast, rynek, cream, on_shelf):
    on_shelf(1)

    with pytest.raises(Refused, match="gift_none_left") as refused:
        write_off_gifts(by=cast.anna, gift=cream, place=rynek, count=2, key="b")
    assert refused.value.facts == {"place": "Rynek", "left": 1}
    for count in (0, -5):
        with pytest.raises(Refused, match="stock_count_wrong"):
            on_shelf(count, f"n{count}")


def test_movements_stay_as_they_were_written(on_shelf):
    made = on_shelf(3)

    for change in (made.delete, lambda: Movement.objects.update(change=5)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Movement.objects.get().change == 3


def test_shelves_belong_to_their_place_and_to_who_may_count(cast, rynek, galeria, cream):
    for by, place in ((cast.darek, rynek), (cast.anna, galeria), (cast.celina, rynek), (cast.borys, rynek)):
        with pytest.raises(Refused, match="not_permitted"):
            receive_gifts(by=by, gift=cream, place=place, count=1, key="x")
    with pytest.raises(Refused, match="not_permitted"):
        save_gift(by=cast.anna, named=Named("A", "A", Money(1, "PLN"), cream.policy.uid))


def test_a_gift_fits_its_policy(cast, policy, cream):
    discount = write_policy(by=cast.filip, document=terms("discount"))
    for named, code in (
        (Named("A", "", Money(1, "EUR"), policy.uid), "currency_of_another_place"),
        (Named("A", "", Money(80_01, "PLN"), policy.uid), "over_the_most"),
        (Named("A", "", Money(1, "PLN"), discount.uid), "gift_policy_unknown"),
        (Named(" ", "", Money(1, "PLN"), policy.uid), "gift_untitled"),
    ):
        with pytest.raises(Refused, match=code):
            save_gift(by=cast.filip, named=named)
    close_policy(by=cast.filip, policy=policy)
    with pytest.raises(Refused, match="gift_policy_unknown"):
        save_gift(by=cast.filip, named=Named("A", "", Money(1, "PLN"), policy.uid), gift=cream)


def test_a_gift_handed_over_is_spent_and_leaves_the_shelf(cast, wanted, on_shelf, budget):
    on_shelf(2)

    handed = hand_over_gift(by=cast.darek, wanted=wanted(), key="1")
    again = hand_over_gift(by=cast.darek, wanted=wanted(), key="1")

    budget.refresh_from_db()
    assert (handed.gesture, again.gesture, handed.over) == (again.gesture, handed.gesture, None)
    assert (handed.gesture.state, handed.gesture.spent_minor) == ("committed", 12_00)
    assert (balance(), budget.left, proof()) == (1, Money(88_00, "PLN"), [])
    assert Movement.objects.get(kind="given").gesture == handed.gesture


def test_from_an_empty_shelf_nothing_is_given_and_nothing_spent(cast, wanted, on_shelf, budget):
    with pytest.raises(Refused, match="gift_none_left"):
        hand_over_gift(by=cast.darek, wanted=wanted(), key="1")

    assert (Gesture.objects.count(), proof()) == (0, [])


def test_a_refused_gesture_leaves_the_gift_on_the_shelf(cast, wanted, on_shelf, budget):
    on_shelf(20)
    for n in range(8):
        hand_over_gift(by=cast.darek, wanted=wanted(), key=str(n))

    with pytest.raises(Refused, match="over_budget"):
        hand_over_gift(by=cast.darek, wanted=wanted(), key="9")

    assert balance() == 12


def test_who_is_held_out_gets_none_and_is_remembered(cast, wanted, on_shelf, policy):
    on_shelf(2)
    change_policy(by=cast.filip, policy=policy, document=terms(held_out_share=0.5), version=1)
    for n in range(12):
        someone = add_customer(by=cast.darek, details=Details(f"Osoba {n}"))
        try:
            hand_over_gift(by=cast.darek, wanted=wanted(customer=someone), key=str(n))
        except Refused as refused:
            if refused.code == "not_open":
                break
            count_gifts(by=cast.anna, gift=wanted().gift, place=wanted().place, count=2, key=f"c{n}")

    assert Eligible.objects.filter(customer_key=someone.key, held_out=True).exists()
    assert not Gesture.objects.filter(customer_key=someone.key).exists()


def test_what_waits_for_a_second_person_stays_on_the_shelf_until_then(cast, rynek, wanted, on_shelf, policy):
    on_shelf(1)
    change_policy(by=cast.filip, policy=policy, document=terms(approve_above_minor=5_00), version=1)
    asked = hand_over_gift(by=cast.darek, wanted=wanted(), key="1")
    assert (asked.waits, balance(), [one.waits for one in promised(rynek)]) == (True, 1, [True])

    approve_gesture(by=cast.anna, gesture=asked.gesture)
    [one] = promised(rynek)
    given = {"by": cast.darek, "gesture": one.gesture, "gift": one.gift, "customer": wanted().customer}
    hand_over_promised(**given)
    hand_over_promised(**given)

    assert (one.waits, balance(), promised(rynek)) == (False, 0, [])


def test_a_promise_outlives_an_empty_shelf(cast, rynek, wanted, on_shelf, policy):
    on_shelf(1)
    change_policy(by=cast.filip, policy=policy, document=terms(approve_above_minor=5_00), version=1)
    asked = hand_over_gift(by=cast.darek, wanted=wanted(), key="1").gesture
    approve_gesture(by=cast.anna, gesture=asked)
    write_off_gifts(by=cast.anna, gift=wanted().gift, place=rynek, count=1, key="b")

    asked.refresh_from_db()
    with pytest.raises(Refused, match="gift_none_left"):
        hand_over_promised(by=cast.darek, gesture=asked, gift=wanted().gift, customer=wanted().customer)

    asked.refresh_from_db()
    assert asked.state == "reserved"


def test_a_gift_given_on_a_page_without_shelves_is_taken_off_later(cast, rynek, wanted, on_shelf, policy):
    on_shelf(1)
    change_policy(by=cast.filip, policy=policy, document=terms(approve_above_minor=5_00), version=1)
    asked = hand_over_gift(by=cast.darek, wanted=wanted(), key="1").gesture
    give_gesture(by=cast.darek, gesture=approve_gesture(by=cast.anna, gesture=asked))
    [one] = promised(rynek)
    assert (one.given, balance()) == (True, 1)

    hand_over_promised(by=cast.darek, gesture=one.gesture, gift=one.gift, customer=wanted().customer)

    assert (balance(), promised(rynek)) == (0, [])


def test_a_closed_gift_is_neither_given_nor_received(cast, rynek, cream, wanted, on_shelf):
    on_shelf(4)
    close_gift(by=cast.filip, gift=cream)
    cream.refresh_from_db()

    with pytest.raises(Refused, match="gift_closed"):
        hand_over_gift(by=cast.darek, wanted=wanted(), key="1")
    with pytest.raises(Refused, match="gift_closed"):
        on_shelf(1, "more")
    assert [(one.balance, one.low) for one in shelves(rynek)] == [(4, False)]


def test_few_are_said_to_be_few(rynek, on_shelf):
    on_shelf(4)
    assert [one.low for one in shelves(rynek)] == [False]
    Shelf.objects.update(balance=3)
    assert [one.low for one in shelves(rynek)] == [True]


def test_the_value_of_a_year_is_a_customers_own_and_told_when_over_the_limit(cast, wanted, joanna, on_shelf):
    on_shelf(9)
    set_limit(by=cast.filip, amount=Money(24_00, "PLN"))
    other = add_customer(by=cast.darek, details=Details("J. Kruk"))
    hand_over_gift(by=cast.darek, wanted=wanted(), key="1")
    second = hand_over_gift(by=cast.darek, wanted=wanted(customer=other), key="2")
    merge_customers(by=cast.filip, kept=joanna, other=other)
    with stopped_at(datetime(2026, 11, 30, 22, 59, tzinfo=UTC)):
        third = hand_over_gift(by=cast.darek, wanted=wanted(), key="3")

    [row] = rows(list(yearly_values(by=cast.hubert, year=2026)))

    assert second.over is None
    assert (third.over.total, third.over.limit) == (Money(36_00, "PLN"), Money(24_00, "PLN"))
    assert (row.customer_key, row.gifts, row.value, row.state) == (joanna.key, 3, Money(36_00, "PLN"), "over")
    assert list(yearly_values(by=cast.filip, year=2025)) == []
    for by in (cast.anna, cast.darek):  # of a place, of nothing
        with pytest.raises(Refused, match="not_permitted"):
            yearly_values(by=by, year=2026)


@pytest.mark.parametrize(("limit", "state"), [(None, ""), (15_01, "below"), (15_00, "near"), (11_99, "over")])
def test_a_value_stands_beside_the_limit(cast, wanted, on_shelf, limit, state):
    on_shelf(1)
    if limit:
        set_limit(by=cast.filip, amount=Money(limit, "PLN"))
    hand_over_gift(by=cast.darek, wanted=wanted(), key="1")

    assert [row.state for row in rows(list(yearly_values(by=cast.filip, year=2026)))] == [state]


def test_only_who_manages_gestures_sets_the_limit(cast):
    set_limit(by=cast.filip, amount=Money(1, "PLN"))
    set_limit(by=cast.filip, amount=Money(1, "PLN"))

    assert AuditEntry.objects.filter(action="gift_limit.set").count() == 1
    with pytest.raises(Refused, match="not_permitted"):
        set_limit(by=cast.hubert, amount=Money(2, "PLN"))
