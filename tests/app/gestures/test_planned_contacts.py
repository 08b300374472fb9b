"""Contacts that somebody plans by hand: once, with consent, never too many, and only where one may."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    give_consent,
    withdraw_consent,
)
from gracja.app.gestures.calls.models import Call
from gracja.app.gestures.calls.selectors.calls import calls, makers, planned_for
from gracja.app.gestures.calls.selectors.printed import card_as_png
from gracja.app.gestures.calls.services.making import give_call, note_outcome
from gracja.app.gestures.calls.services.planning import Planned, plan_contact
from gracja.app.operations.erasure import erase_customer, pseudonymise_person
from gracja.app.operations.export import export_customer

TOMORROW = date(2026, 11, 21)
KEY = "k" * 22


@pytest.fixture
def agreed(cast, joanna):
    for way in ("call", "card"):
        give_consent(by=cast.darek, customer=joanna, purpose=way)
    return joanna


@pytest.fixture
def plan(cast, agreed, rynek):
    def planned(by=None, **given):
        by = by or cast.darek
        usual = {
            "customer": agreed,
            "reason": "promised",
            "way": "call",
            "due_on": TOMORROW,
            "owner": by.person,
            "place": rynek,
            "text": "Farba już jest.",
        }
        return plan_contact(by=by, planned=Planned(**usual | given))

    return planned


def test_a_contact_is_planned_by_hand_and_made_like_any_other(cast, plan, rynek):
    call = plan(note="Prosiła po 16")

    assert (call.reason, call.owner, call.place, call.due_on) == (
        "promised", cast.darek.person, rynek, TOMORROW,
    )  # fmt: skip
    assert list(calls(by=cast.darek, show="later")) == [call]
    assert list(calls(by=cast.anna, show="later")) == [call]
    assert not calls(by=cast.celina, show="later").exists()
    assert note_outcome(by=cast.darek, call=call, outcome="reached").state == "ended"


def test_the_same_form_sent_twice_plans_once(plan, cast):
    assert plan(key=KEY) == plan(key=KEY)
    assert Call.objects.count() == 1
    other = add_customer(by=cast.darek, details=Details("Jan", "602 345 678"))
    with pytest.raises(Refused, match="contact_key_of_another"):
        plan(key=KEY, customer=other)


def test_a_customer_without_a_place_is_contacted_by_whoever_plans_it(cast, plan):
    call = plan(place=None)

    assert list(calls(by=cast.darek, show="later")) == [call]
    assert list(calls(by=cast.filip, show="later")) == [call]
    assert not calls(by=cast.anna, show="later").exists()
    with pytest.raises(Refused, match="contact_owner_missing"):
        plan(place=None, owner=None)


def test_the_manager_gives_a_contact_without_a_place_to_anybody_who_serves(cast, plan):
    call = plan(place=None)

    assert give_call(by=cast.filip, call=call, owner=cast.edyta.person).owner == cast.edyta.person
    with pytest.raises(Refused, match="contact_owner_elsewhere"):
        give_call(by=cast.filip, call=call, owner=cast.hubert.person)
    with pytest.raises(Refused, match="not_permitted"):
        give_call(by=cast.anna, call=call, owner=cast.darek.person)


def test_the_lead_says_who_makes_it_and_an_employee_leaves_that_to_them(cast, plan):
    assert plan(by=cast.anna, owner=cast.darek.person).owner == cast.darek.person
    assert plan(owner=None).owner is None
    with pytest.raises(Refused, match="contact_owner_elsewhere"):
        plan(owner=cast.anna.person)
    with pytest.raises(Refused, match="contact_owner_elsewhere"):
        plan(by=cast.anna, owner=cast.edyta.person)


def test_an_employee_has_nobody_to_give_contacts_to_and_a_lead_their_own(cast, rynek):
    assert not makers(by=cast.darek, place=rynek).exists()
    assert not makers(by=cast.darek, place=None).exists()
    assert set(makers(by=cast.anna, place=None)) >= {cast.anna.person, cast.darek.person}
    assert not makers(by=cast.anna, place=None).filter(pk=cast.edyta.person.pk).exists()
    assert makers(by=cast.filip, place=None).filter(pk=cast.edyta.person.pk).exists()


def test_others_plan_nothing(cast, plan):
    for by in (cast.edyta, cast.celina, cast.borys, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            plan(by=by)
    with pytest.raises(Refused, match="not_permitted"):
        plan(by=cast.hubert, place=None)
    assert not Call.objects.exists()


def test_no_contact_is_planned_against_a_wish_without_consent_or_without_a_number(cast, plan, agreed):
    withdraw_consent(by=cast.darek, customer=agreed, purpose="call")
    with pytest.raises(Refused, match="contact_not_wanted"):
        plan()
    assert plan(way="card").way == "card"
    give_consent(by=cast.darek, customer=agreed, purpose="call")
    change_customer(by=cast.darek, customer=agreed, details=Details("Joanna"))
    with pytest.raises(Refused, match="contact_no_number"):
        plan()
    change_customer(by=cast.darek, customer=agreed, details=Details("", "601 234 567"))
    Customer.objects.update(phone_wrong=True)
    with pytest.raises(Refused, match="contact_wrong_number"):
        plan()
    with pytest.raises(Refused, match="contact_no_name"):
        plan(way="card")
    change_customer(by=cast.darek, customer=agreed, details=Details("J", "601 234 567", do_not_contact=True))
    with pytest.raises(Refused, match="contact_not_wanted"):
        plan()


def test_never_more_are_planned_than_the_customer_bears(plan):
    plan()
    plan(way="card", due_on=TOMORROW + timedelta(days=3))

    with pytest.raises(Refused, match="too_close") as refused:
        plan(due_on=TOMORROW + timedelta(days=5))

    assert refused.value.facts["day"] == "2026-12-21"
    assert plan(due_on=date(2026, 12, 25)).state == "proposed"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"due_on": date(2026, 11, 19)}, "day_out_of_range"),
        ({"due_on": date(2027, 2, 19)}, "day_out_of_range"),
        ({"way": "visit"}, "way_unknown"),
        ({"reason": "boredom"}, "reason_unknown"),
        ({"text": " "}, "contact_words_missing"),
    ],
)
def test_what_makes_no_sense_is_refused(plan, given, code):
    with pytest.raises(Refused, match=code):
        plan(**given)
    assert not Call.objects.exists()


def test_a_closed_place_and_an_erased_customer_are_refused(cast, plan, rynek, agreed):
    rynek.active = False
    rynek.save()
    with pytest.raises(Refused, match="place_closed"):
        plan()
    rynek.active = True
    rynek.save()
    erase_customer(by=cast.grazyna, customer=agreed)
    with pytest.raises(Refused, match="customer_gone"):
        plan()


def test_a_planned_card_bears_its_own_words(cast, plan):
    card = plan(way="card", text="Wszystkiego dobrego!")

    assert card_as_png(by=cast.darek, uid=card.uid).startswith(b"\x89PNG")


def test_what_waits_for_a_customer_is_shown_to_who_may_see_it(cast, plan, agreed):
    call = plan()

    assert planned_for(agreed, by=cast.anna) == [call]
    assert planned_for(agreed, by=cast.celina) == []
    note_outcome(by=cast.darek, call=call, outcome="reached")
    assert planned_for(agreed, by=cast.anna) == []


def test_what_was_to_be_said_goes_with_the_customer_and_stands_in_their_export(cast, plan, agreed):
    call = plan(text="Pani Joanno, farba już jest. Pozdrawia Edyta Kos")
    row = export_customer(by=cast.filip, customer=agreed)["records"]["calls.call"][0]
    assert row["text"].startswith("Pani Joanno")

    pseudonymise_person(by=cast.grazyna, person=cast.edyta.person)
    call.refresh_from_db()
    assert "Edyta" not in call.text

    erase_customer(by=cast.grazyna, customer=agreed)
    call.refresh_from_db()
    assert (call.text, call.outcome, call.ended_at) == ("", "withdrawn", now())
