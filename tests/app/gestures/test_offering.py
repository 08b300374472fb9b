"""What is offered at the counter: nothing that is not open, and nothing that says who is held out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from app.gestures.conftest import NOON, terms

from gracja.app.common.clock import stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.services.customers.finding import MOST, find_customer
from gracja.app.contacts.services.customers.purchases import add_purchase
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    give_consent,
)
from gracja.app.gestures.club.models import Gift, Shelf
from gracja.app.gestures.models import Eligible, Entry
from gracja.app.gestures.selectors.given import gesture_for, own_gestures, waiting
from gracja.app.gestures.selectors.offers import offers
from gracja.app.gestures.services.granting import approve_gesture, grant_gesture
from gracja.app.gestures.services.handing import hand_over
from gracja.app.gestures.services.offering import grant_offer, offer_gestures
from gracja.app.gestures.services.policies import close_policy, write_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(cast, rynek, joanna, budget):
    def asked(customer=joanna, by=cast.darek, **told):
        return offer_gestures(by=by, place=rynek, customer=customer, told=told)

    return asked


def titles(found):
    return [one.terms.title["en"] for one in found.offers]


def test_what_is_open_is_offered_with_its_cost_and_what_is_left(policy, offered):
    found = offered()

    assert [(one.policy, one.cost, one.waits) for one in found.offers] == [
        (policy, Money(10_00, "PLN"), False)
    ]
    assert (found.left, found.nothing) == (Money(100_00, "PLN"), "")


def test_an_offer_notes_the_first_eligibility_and_reading_does_not(cast, rynek, joanna, policy, offered):
    assert offers(by=cast.darek, place=rynek, customer=joanna, told={}).offers
    assert not Eligible.objects.exists()

    offered()
    offered()

    assert [(one.customer_key, one.held_out) for one in Eligible.objects.all()] == [(joanna.key, False)]
    assert not Entry.objects.exists()


def test_who_is_held_out_is_offered_nothing_and_told_what_anybody_is_told(cast, offered, wish, budget):
    close_policy(by=cast.filip, policy=wish().policy)
    half = write_policy(by=cast.filip, document=terms(held_out_share=0.5, usual_minor=0))
    regulars = {"field": "earlier_visits", "comparison": "at_least", "value": 9}
    closed = write_policy(by=cast.filip, document=terms(conditions=regulars, usual_minor=0))
    customers = [add_customer(by=cast.darek, details=Details()) for _ in range(40)]

    shown = {one: offered(one) for one in customers}
    held = {row.customer_key for row in Eligible.objects.filter(policy=half, held_out=True)}

    assert {one.key for one in customers if not shown[one].offers} == held
    assert 5 < len(held) < 35
    assert {found.nothing for one, found in shown.items() if one.key in held} == {"nothing_open"}

    def refused(policy, customer):
        with pytest.raises(Refused) as said:
            grant_offer(
                by=cast.darek, wish=wish(policy=policy, customer=customer), key=f"{policy.pk}{customer.pk}"
            )
        return said.value

    out = next(one for one in customers if one.key in held)
    one, another = refused(half, out), refused(closed, out)
    assert (one.code, one.facts) == (another.code, another.facts) == ("not_open", {})


def test_reading_foretells_the_draw(cast, rynek, offered, budget):
    write_policy(by=cast.filip, document=terms(held_out_share=0.5, usual_minor=0))
    for _ in range(10):
        customer = add_customer(by=cast.darek, details=Details())
        before = offers(by=cast.darek, place=rynek, customer=customer, told={})

        assert before == offered(customer)


def test_what_does_not_fit_the_situation_is_not_offered(cast, policy, offered):
    write_policy(
        by=cast.filip, document=terms("discount", title={"pl": "Rabat", "en": "Discount"}, usual_minor=5_00)
    )

    assert titles(offered(band="attentive", cues=[])) == ["Hand cream", "Discount"]
    assert titles(offered(band="discreet", cues=["hurried"])) == ["Discount"]
    assert titles(offered(band="attentive", cues=["embittered"])) == []


def test_what_is_not_for_this_place_or_role_is_not_offered(cast, galeria, offered):
    write_policy(by=cast.filip, document=terms(places=[galeria.uid]))
    write_policy(by=cast.filip, document=terms(given_by=["place_lead"]))

    assert offered().offers == ()
    assert len(offered(by=cast.anna).offers) == 1
    with pytest.raises(Refused, match="not_permitted"):
        offered(by=cast.edyta)


def test_where_standards_forbid_gestures_that_is_the_reason(policy, published, offered):
    published(gestures="forbidden")

    assert (offered().offers, offered().nothing) == ((), "gesture_forbidden")
    assert not Eligible.objects.exists()


def test_beyond_the_budget_nothing_is_offered_and_why_is_said(cast, wish, policy, offered):
    grant_gesture(by=cast.darek, wish=wish(cost=Money(80_00, "PLN")), key="1")
    grant_gesture(by=cast.darek, wish=wish(cost=Money(15_00, "PLN")), key="2")

    found = offered()

    assert (found.offers, found.nothing, found.left) == ((), "over_budget", Money(5_00, "PLN"))


def test_without_a_budget_nothing_is_offered(offered, policy):
    with stopped_at(NOON + timedelta(days=30)):
        assert offered().nothing == "no_budget"


def test_a_reached_cap_closes_the_offer(cast, wish, offered):
    close_policy(by=cast.filip, policy=wish().policy)
    once = write_policy(by=cast.filip, document=terms(caps=[{"of": "customer", "most": 1, "days": 30}]))
    assert len(offered().offers) == 1

    grant_gesture(by=cast.darek, wish=wish(policy=once), key="1")

    assert offered().nothing == "nothing_open"


def test_conditions_are_read_of_what_is_known(cast, joanna, offered):
    write_policy(
        by=cast.filip,
        document=terms(conditions={"field": "earlier_visits", "comparison": "at_least", "value": 1}),
    )
    assert offered().offers == ()
    assert not Eligible.objects.exists()

    add_purchase(
        by=cast.filip, customer=joanna, place=None, system="till", number="1",
        at=NOON - timedelta(days=3), amount=Money(50_00, "PLN"),
    )  # fmt: skip

    assert len(offered().offers) == 1


def test_personal_contacts_stop_where_closeness_becomes_too_much(cast, wish, joanna, offered):
    close_policy(by=cast.filip, policy=wish().policy)
    card = write_policy(by=cast.filip, document=terms("personal_contact", usual_minor=1_00))
    give_consent(by=cast.darek, customer=joanna, purpose="card")
    for key in ("1", "2"):
        assert len(offered().offers) == 1
        grant_gesture(by=cast.darek, wish=wish(policy=card), key=key)

    assert offered().offers == ()
    with pytest.raises(Refused, match="contact_too_often"):
        grant_gesture(by=cast.darek, wish=wish(policy=card), key="3")
    with stopped_at(NOON + timedelta(days=30, minutes=1)), pytest.raises(Refused, match="no_budget"):
        grant_gesture(by=cast.darek, wish=wish(policy=card), key="4")  # closeness is no matter any more


def test_who_asked_not_to_be_contacted_is_not(cast, wish, joanna, offered):
    close_policy(by=cast.filip, policy=wish().policy)
    card = write_policy(by=cast.filip, document=terms("personal_contact", usual_minor=1_00))
    change_customer(by=cast.darek, customer=joanna, details=Details("Joanna Kruk", do_not_contact=True))
    joanna.refresh_from_db()

    assert offered(joanna).offers == ()
    with pytest.raises(Refused, match="customer_not_contacted"):
        grant_gesture(by=cast.darek, wish=wish(policy=card, customer=joanna), key="1")


def test_a_key_with_another_amount_is_another_gesture(cast, wish):
    grant_gesture(by=cast.darek, wish=wish(cost=Money(10_00, "PLN")), key="1")

    with pytest.raises(Refused, match="key_of_another"):
        grant_gesture(by=cast.darek, wish=wish(cost=Money(11_00, "PLN")), key="1")


def test_what_waits_is_seen_by_whoever_may_say_yes_and_not_by_who_asked(cast, wish, joanna):
    dear = write_policy(by=cast.filip, document=terms(approve_above_minor=0))
    asked = grant_gesture(by=cast.anna, wish=wish(policy=dear), key="1")

    def seen(by):
        return [(one.gesture, one.customer) for one in waiting(by=by)]

    assert seen(cast.filip) == [(asked, joanna)]
    for by in (cast.anna, cast.celina, cast.darek, cast.hubert):
        assert seen(by) == []
    assert [one.own for one in own_gestures(by=cast.anna)] == [True]

    approve_gesture(by=cast.filip, gesture=asked)
    assert seen(cast.filip) == []


def test_a_gesture_is_seen_by_who_gave_it_and_who_may_read_those_of_its_place(cast, wish):
    from django.http import Http404

    gesture = grant_gesture(by=cast.darek, wish=wish(), key="1")

    for by in (cast.darek, cast.anna, cast.hubert, cast.filip):
        assert gesture_for(by=by, uid=gesture.uid).gesture == gesture
    for by in (cast.edyta, cast.celina, cast.borys):
        with pytest.raises(Http404):
            gesture_for(by=by, uid=gesture.uid)


def test_who_looked_for_whom_is_written_down_without_what_was_typed(cast, joanna):
    assert find_customer(by=cast.darek, given="601 234 567") == joanna
    assert find_customer(by=cast.darek, given="700 700 700") is None

    rows = AuditEntry.objects.filter(action="customer.find").order_by("pk")
    assert [(one.subject_key, one.by_key) for one in rows] == [
        (joanna.key, cast.darek.person.key),
        ("", cast.darek.person.key),
    ]
    assert "601" not in str([one.after for one in rows])


def test_nobody_tries_numbers_one_after_another(cast, joanna):
    for number in range(MOST):
        find_customer(by=cast.darek, given=f"60123456{number}")

    with pytest.raises(Refused, match="customer_looked_for_too_often"):
        find_customer(by=cast.darek, given="601 234 567")
    assert find_customer(by=cast.anna, given="601 234 567") == joanna
    with stopped_at(NOON + timedelta(minutes=1, seconds=1)):
        assert find_customer(by=cast.darek, given="601 234 567") == joanna
    with pytest.raises(Refused, match="not_permitted"):
        find_customer(by=cast.borys, given="601 234 567")


def test_a_promised_gift_leaves_its_shelf_with_the_gesture(cast, rynek, wish, policy, budget):
    gift = Gift.objects.create(
        title_pl="Krem", title_en="Cream", policy=policy, value_minor=10_00, currency="PLN"
    )
    shelf = Shelf.objects.create(gift=gift, place=rynek, balance=1)
    first, second = (grant_gesture(by=cast.darek, wish=wish(), key=key) for key in "12")

    hand_over(by=cast.darek, gesture=first)
    hand_over(by=cast.darek, gesture=first)
    with pytest.raises(Refused, match="gift_none_left"):
        hand_over(by=cast.darek, gesture=second)

    shelf.refresh_from_db()
    second.refresh_from_db()
    assert (shelf.balance, second.state) == (0, "reserved")


def test_what_lies_on_no_shelf_is_given_all_the_same(cast, wish, policy, budget):
    gesture = grant_gesture(by=cast.darek, wish=wish(), key="1")

    assert hand_over(by=cast.darek, gesture=gesture).state == "committed"
