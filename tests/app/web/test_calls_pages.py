"""Whom to contact, on pages: who sees it, what came of it, the manager's rules, cards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    give_consent,
    withdraw_consent,
)
from gracja.app.gestures.calls.models import Batch, Call, Reason
from gracja.app.organisation.selectors.company import today_here


@pytest.fixture
def contact(cast, rynek):
    """A contact with a new customer, proposed to Darek."""

    def made(way="call", name="Joanna Kruk", **given):
        customer = add_customer(by=cast.darek, details=Details(name, "601 234 567"), although_known=True)
        give_consent(by=cast.darek, customer=customer, purpose=way)
        values = {
            "cause": f"thanks_visits:{customer.key}",
            "customer_key": customer.key,
            "place": rynek,
            "owner": cast.darek.person,
            "reason": "thanks_visits",
            "way": way,
            "why": {"visits": 7},
            "due_on": today_here(),
        }
        return Call.objects.create(**(values | given))

    return made


@pytest.fixture
def words(db):
    return Reason.objects.create(
        name="thanks_visits", on=True, text_pl="Dziękujemy, że Pani do nas wraca.", text_en="Thank you."
    )


def test_the_list_says_who_why_and_by_when(signed_in, cast, contact, words):
    contact()
    contact(name="Stary Klient", due_on=today_here() - timedelta(days=3))
    contact(name="Później Ktoś", due_on=today_here() + timedelta(days=3))

    page = signed_in(cast.darek).get(reverse("calls")).content.decode()

    assert "2 customers to contact today." in page
    assert "7 visits so far" in page
    assert page.index("Stary Klient") < page.index("Joanna Kruk")
    assert "was due on" in page
    assert "Później Ktoś" not in page
    assert "Później Ktoś" in signed_in(cast.darek).get(reverse("calls") + "?show=later").content.decode()
    assert "Joanna" not in signed_in(cast.celina).get(reverse("calls")).content.decode()
    assert signed_in(cast.borys).get(reverse("calls")).status_code == 404


def test_what_to_say_is_in_the_customer_s_language(signed_in, cast, contact, words):
    one = contact()

    page = signed_in(cast.darek).get(reverse("call", args=[one.uid])).content.decode()

    assert "Dziękujemy, że Pani do nas wraca." in page  # the company's, since the customer has none
    assert 'href="tel:601234567"' in page


@pytest.mark.parametrize("value", ["reached", "wrong_number", "not_needed", "asked_not"])
def test_an_outcome_ends_it(signed_in, cast, contact, value):
    one = contact()
    address = reverse("call_outcome", args=[one.uid])

    for _ in range(2):
        answer = signed_in(cast.darek).post(address, {"outcome": value, "note": "tak"})
        assert (answer.status_code, answer.url) == (302, reverse("calls"))
    one.refresh_from_db()
    assert (one.outcome, one.note) == (value, "tak")


def test_others_find_nothing(signed_in, cast, contact):
    one = contact()

    for by in (cast.celina, cast.edyta, cast.borys, cast.hubert):
        client = signed_in(by)
        assert client.get(reverse("call", args=[one.uid])).status_code == 404
        for name in ("outcome", "postpone", "owner"):
            assert client.post(reverse(f"call_{name}", args=[one.uid])).status_code == 404


def test_an_outcome_that_is_none_keeps_the_note(signed_in, cast, contact):
    one = contact()

    answer = signed_in(cast.darek).post(
        reverse("call_outcome", args=[one.uid]), {"outcome": "sent", "note": "Moja notatka"}
    )

    assert answer.status_code == 422
    assert "Moja notatka" in answer.content.decode()


def test_postponing(signed_in, cast, contact):
    one = contact()
    address, darek = reverse("call_postpone", args=[one.uid]), signed_in(cast.darek)

    assert darek.post(address, {"until": "2020-01-01"}).status_code == 422
    assert darek.post(address, {"until": (today_here() + timedelta(days=5)).isoformat()}).status_code == 302
    one.refresh_from_db()
    assert one.due_on == today_here() + timedelta(days=5)
    assert darek.get(address).status_code == 405


def test_the_lead_gives_a_contact_to_a_colleague(signed_in, cast, contact):
    one = contact(owner=None)
    address = reverse("call_owner", args=[one.uid])

    signed_in(cast.anna).post(address, {"owner": cast.edyta.person.uid})
    one.refresh_from_db()
    assert one.owner is None
    signed_in(cast.anna).post(address, {"owner": cast.darek.person.uid})
    one.refresh_from_db()
    assert one.owner == cast.darek.person


def test_the_manager_writes_a_rule_and_what_is_wrong_stays_typed(signed_in, cast):
    address, filip = reverse("call_rules"), signed_in(cast.filip)
    sent = {
        "name": "thanks_purchase",
        "thanks_purchase-on": "on",
        "thanks_purchase-way": "card",
        "thanks_purchase-days": "3",
        "thanks_purchase-least": "dużo",
        "thanks_purchase-currency": "pln",
        "thanks_purchase-text_pl": "Dziękujemy!",
    }

    wrong = filip.post(address, sent)
    assert wrong.status_code == 422
    assert "“dużo” is no amount" in wrong.content.decode()
    assert "Dziękujemy!" in wrong.content.decode()
    assert filip.post(address, sent | {"thanks_purchase-least": "250,00"}).status_code == 302
    rule = Reason.objects.get()
    assert (rule.on, rule.way, rule.least, rule.currency) == (True, "card", 250_00, "PLN")
    assert signed_in(cast.anna).get(address).status_code == 404
    assert signed_in(cast.anna).post(address, sent).status_code == 404


def test_from_cards_to_print_to_sent(signed_in, cast, contact, words):
    one, other = contact("card"), contact("card", "Łucja Żak")
    darek = signed_in(cast.darek)
    page = darek.get(reverse("calls") + "?show=cards").content.decode()
    assert page.count('name="card"') == 2

    made = darek.post(reverse("cards_make"), {"card": [one.uid, other.uid]})
    batch = Batch.objects.get()
    assert made.url == reverse("cards_batch", args=[batch.uid])
    assert "2 cards wait to be printed and sent." in darek.get(made.url).content.decode()
    for sheet in ("a6", "a4"):
        assert darek.get(reverse("cards_pdf", args=[batch.uid, sheet])).content.startswith(b"%PDF")
    assert darek.get(reverse("card_picture", args=[one.uid])).content.startswith(b"\x89PNG")
    assert darek.get(reverse("cards_pdf", args=[batch.uid, "a0"])).status_code == 404

    darek.post(reverse("cards_sent", args=[batch.uid]))
    darek.post(reverse("cards_sent", args=[batch.uid]))
    assert set(Call.objects.values_list("outcome", flat=True)) == {"sent"}
    assert "sent on" in darek.get(reverse("cards")).content.decode()
    for by in (cast.celina, cast.edyta, cast.hubert):
        assert signed_in(by).get(made.url).status_code == 404
        assert signed_in(by).post(reverse("cards_sent", args=[batch.uid])).status_code == 404


def test_no_card_chosen_is_said(signed_in, cast, contact):
    contact("card")

    answer = signed_in(cast.darek).post(reverse("cards_make"), follow=True)

    assert "Choose at least one card." in answer.content.decode()
    assert not Batch.objects.exists()


def test_cards_are_taken_apart_after_a_question(signed_in, cast, contact, words):
    one, darek = contact("card"), signed_in(cast.darek)
    darek.post(reverse("cards_make"), {"card": [one.uid]})
    address = reverse("cards_drop", args=[Batch.objects.get().uid])

    assert "Take these cards apart?" in darek.get(address).content.decode()
    assert darek.post(address).status_code == 302
    assert not Batch.objects.exists()
    one.refresh_from_db()
    assert (one.state, one.batch) == ("proposed", None)


def test_the_page_warns_before_one_contact_too_many(signed_in, cast, contact, words):
    one = contact()
    for number in range(2):
        Call.objects.create(
            cause=f"before:{number}",
            customer_key=one.customer_key,
            place=one.place,
            reason="thanks_visits",
            way="call",
            due_on=one.due_on,
        )

    page = signed_in(cast.darek).get(reverse("call", args=[one.uid])).content.decode()
    answer = signed_in(cast.darek).post(reverse("call_outcome", args=[one.uid]), {"outcome": "reached"})

    assert "This customer was contacted often enough." in page
    assert answer.status_code == 422
    one.refresh_from_db()
    assert one.state == "proposed"


def planned(**given):
    usual = {
        "key": "k" * 22,
        "reason": "promised",
        "way": "call",
        "text": "Farba już jest.",
        "due_on": (today_here() + timedelta(days=2)).isoformat(),
        "place": "",
        "owner": "me",
        "note": "",
    }
    return usual | given


def test_a_contact_is_planned_from_the_customer_s_page(signed_in, cast, contact, rynek):
    customer = add_customer(by=cast.darek, details=Details("Łucja Żak", "602 345 678"))
    give_consent(by=cast.darek, customer=customer, purpose="call")
    address, darek = (
        reverse("contact_new") + f"?customer={customer.uid}&reason=after_failure",
        signed_in(cast.darek),
    )

    page = darek.get(address).content.decode()
    assert "Plan a contact with Łucja Żak" in page
    assert '<option value="after_failure" selected>' in page
    for _ in range(2):
        answer = darek.post(address, planned(place=rynek.uid))
        assert answer.status_code == 302
    one = Call.objects.get()
    assert answer.url == reverse("call", args=[one.uid])
    assert "Farba już jest." in darek.get(answer.url).content.decode()
    assert "1 contact with this customer waits already" in darek.get(address).content.decode()


def test_no_reason_is_chosen_for_whoever_plans_a_contact(signed_in, cast, contact):
    contact()
    address, darek = reverse("contact_new"), signed_in(cast.darek)

    page = darek.get(address).content.decode()
    answer = darek.post(address, planned(reason="", customer="601 234 567"))

    assert '<option value="" selected>Choose the reason</option>' in page
    assert answer.status_code == 422
    assert Call.objects.count() == 1


def test_who_agreed_to_no_contact_is_shown_before_anything_is_typed(signed_in, cast):
    customer = add_customer(by=cast.darek, details=Details("", "602 345 678"))
    address, darek = reverse("contact_new") + f"?customer={customer.uid}", signed_in(cast.darek)

    before = darek.get(address).content.decode()
    give_consent(by=cast.darek, customer=customer, purpose="card")
    after = darek.get(address).content.decode()

    assert "agreed neither to calls nor to cards" in before
    assert f"without a name ({customer.key[:6]})" in before
    assert reverse("customer", args=[customer.uid]) in before
    assert "agreed neither" not in after
    assert re.search(r'value="card"[^>]* checked', after)


def test_a_contact_is_planned_for_a_customer_found_by_telephone(signed_in, cast, contact):
    known = contact()
    Call.objects.all().delete()
    address, darek = reverse("contact_new"), signed_in(cast.darek)

    wrong = darek.post(address, planned(customer="000", note="Moja notatka"))
    assert wrong.status_code == 422
    assert "Moja notatka" in wrong.content.decode()
    assert darek.post(address, planned(customer="601 234 567")).status_code == 302
    assert Call.objects.get().customer_key == known.customer_key


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"way": "card"}, "This customer did not agree to it"),
        ({"text": ""}, "Write what to say"),
        ({"due_on": "2020-01-01"}, "Choose a day from today"),
        ({"owner": ""}, "A contact without a place needs somebody"),
    ],
)
def test_what_cannot_be_planned_is_said_and_stays_typed(signed_in, cast, contact, given, said):
    contact()
    Call.objects.all().delete()

    answer = signed_in(cast.darek).post(
        reverse("contact_new"), planned(customer="601 234 567", note="Moja notatka") | given
    )

    page = answer.content.decode()
    assert (answer.status_code, said in page, "Moja notatka" in page) == (422, True, True)
    assert not Call.objects.exists()


def test_who_gives_nothing_plans_nothing(signed_in, cast, contact):
    for by in (cast.borys, cast.hubert):
        for send in (signed_in(by).get, signed_in(by).post):
            assert send(reverse("contact_new")).status_code == 404
    assert signed_in(cast.darek).get(reverse("contact_new") + "?customer=nobody").status_code == 404


def test_the_lead_chooses_among_their_own_people(signed_in, cast, rynek, contact):
    page = signed_in(cast.anna).get(reverse("contact_new")).content.decode()

    assert cast.darek.person.name in page
    assert cast.edyta.person.name not in page
    contact()
    Call.objects.all().delete()
    sent = planned(customer="601 234 567", place=rynek.uid, owner=cast.darek.person.uid)
    assert signed_in(cast.anna).post(reverse("contact_new"), sent).status_code == 302
    assert Call.objects.get().owner == cast.darek.person


def test_a_wish_to_be_left_alone_is_noted_although_the_contact_is_hidden(signed_in, cast, contact):
    one = contact()
    customer = Customer.objects.get(key=one.customer_key)
    withdraw_consent(by=cast.darek, customer=customer, purpose="call")

    answer = signed_in(cast.darek).post(reverse("call_outcome", args=[one.uid]), {"outcome": "asked_not"})

    customer.refresh_from_db()
    assert (answer.status_code, customer.do_not_contact) == (302, True)


def test_who_is_left_out_of_a_batch_is_named_when_it_is_sent(signed_in, cast, contact, words):
    one, other = contact("card"), contact("card", "Łucja Żak")
    darek = signed_in(cast.darek)
    darek.post(reverse("cards_make"), {"card": [one.uid, other.uid]})
    alone = Customer.objects.get(key=other.customer_key)
    withdraw_consent(by=cast.darek, customer=alone, purpose="card")

    page = darek.post(reverse("cards_sent", args=[Batch.objects.get().uid]), follow=True).content.decode()

    assert "1 card is marked as sent." in page
    assert "Łucja Żak: This customer did not agree to it" in page


def test_a_consent_taken_back_on_the_customer_s_page_ends_the_contact_at_once(signed_in, cast, contact):
    one, other = contact(), contact("card", "Łucja Żak")
    customer = Customer.objects.get(key=one.customer_key)
    darek = signed_in(cast.darek)

    darek.post(reverse("customer_consent", args=[customer.uid]), {"purpose": "call", "given": "no"})

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.outcome, other.outcome) == ("withdrawn", "")
