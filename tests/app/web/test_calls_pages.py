"""Whom to contact, on pages: who sees it, what came of it, the manager's rules, cards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from gracja.app.contacts.services.customers.records import Details, add_customer, give_consent
from gracja.app.gestures.calls.models import Batch, Call, Reason
from gracja.app.gestures.recovery.selectors import today_here


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
