"""Cards: chosen, paid for by a policy where they cost something, printed, and marked as sent."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from app.gestures.conftest import terms
from pdf_text import text_of

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    give_consent,
    withdraw_consent,
)
from gracja.app.gestures.calls.models import Batch, Call
from gracja.app.gestures.calls.printing.press import Card, card_as_picture, cards_as_pdf
from gracja.app.gestures.calls.selectors.calls import customer_of
from gracja.app.gestures.calls.selectors.printed import batch_as_pdf
from gracja.app.gestures.calls.services.cards import drop_batch, make_batch, send_batch
from gracja.app.gestures.calls.services.proposing import end_call, end_unwanted
from gracja.app.gestures.models import Eligible, Gesture
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.expiring import expire_due
from gracja.app.gestures.services.policies import write_policy

POLISH = "Zażółć gęślą jaźń. Pchnąć w tę łódź jeża."


@pytest.fixture
def cards(cast, rynek):
    """Three customers with a card to be printed."""
    made = []
    for name in ("Joanna Kruk", "Łucja Żak", "John Smith"):
        customer = add_customer(by=cast.darek, details=Details(name))
        give_consent(by=cast.darek, customer=customer, purpose="card")
        made.append(
            Call.objects.create(
                cause=f"anniversary_first:{customer.key}:2026",
                customer_key=customer.key,
                place=rynek,
                owner=cast.darek.person,
                reason="anniversary_first",
                way="card",
                due_on=date(2026, 11, 25),
            )
        )
    return made


@pytest.fixture
def policy(cast):
    return write_policy(by=cast.filip, document=terms("personal_contact", usual_minor=6_00, most_minor=10_00))


def test_cards_without_a_cost_are_noted_all_the_same(cast, cards):
    batch, left = make_batch(by=cast.darek, cards=cards, policy=None)

    assert left == []
    assert send_batch(by=cast.darek, batch=batch) == (3, [])
    assert send_batch(by=cast.darek, batch=batch) == (0, [])
    assert set(Call.objects.values_list("outcome", "tries")) == {("sent", 1)}
    assert (Gesture.objects.count(), Batch.objects.get().sent_at is None) == (0, False)


def test_what_cards_cost_is_set_aside_when_they_are_made_and_spent_when_they_are_sent(
    cast, cards, policy, budget
):
    batch, _ = make_batch(by=cast.darek, cards=cards, policy=policy)
    budget.refresh_from_db()
    assert (budget.reserved_minor, budget.spent_minor) == (18_00, 0)

    send_batch(by=cast.darek, batch=batch)
    send_batch(by=cast.darek, batch=batch)

    budget.refresh_from_db()
    assert (budget.reserved_minor, budget.spent_minor) == (0, 18_00)
    assert set(Gesture.objects.values_list("terms__policy__kind", "state")) == {
        ("personal_contact", "committed")
    }
    assert proof() == []


def test_cards_beyond_the_budget_are_left_out_and_the_others_are_made(cast, cards, policy, budget):
    batch, left = make_batch(by=cast.darek, cards=cards, policy=policy, cost=Money(10_00, "PLN"))
    assert left == []
    drop_batch(by=cast.darek, batch=batch)
    budget.refresh_from_db()
    budget.amount_minor = 25_00
    budget.save()

    batch, left = make_batch(by=cast.darek, cards=cards, policy=policy, cost=Money(10_00, "PLN"))

    assert [refused.code for _, refused in left] == ["over_budget"]
    assert batch.calls.count() == 2
    assert proof() == []


def test_cards_that_were_not_sent_give_their_money_back_and_wait_again(cast, cards, policy, budget):
    batch, _ = make_batch(by=cast.darek, cards=cards, policy=policy)

    drop_batch(by=cast.darek, batch=batch)

    budget.refresh_from_db()
    assert budget.left == Money(100_00, "PLN")
    assert set(Call.objects.values_list("state", "batch", "gesture")) == {("proposed", None, None)}
    again, left = make_batch(by=cast.darek, cards=cards, policy=policy)
    assert (left, again.calls.count()) == ([], 3)


def test_sent_cards_cannot_be_taken_back(cast, cards):
    batch, _ = make_batch(by=cast.darek, cards=cards, policy=None)
    send_batch(by=cast.darek, batch=batch)

    with pytest.raises(Refused, match="cards_sent"):
        drop_batch(by=cast.darek, batch=batch)


def test_who_wants_no_card_any_more_gets_none(cast, cards):
    withdraw_consent(by=cast.darek, customer=customer_of(cards[0]), purpose="card")

    batch, left = make_batch(by=cast.darek, cards=cards, policy=None)

    assert [refused.code for _, refused in left] == ["contact_not_wanted"]
    assert batch.calls.count() == 2
    with pytest.raises(Refused, match="contact_ended"):
        make_batch(by=cast.darek, cards=[cards[1]], policy=None)
    with pytest.raises(Refused, match="no_cards"):
        make_batch(by=cast.darek, cards=cards, policy=None)


def test_who_takes_consent_back_stands_on_no_card_that_is_printed_later(cast, cards):
    batch, _ = make_batch(by=cast.darek, cards=cards, policy=None)
    withdraw_consent(by=cast.darek, customer=customer_of(cards[1]), purpose="card")

    text = text_of(batch_as_pdf(by=cast.darek, uid=batch.uid, sheet="a6"))

    assert ("Joanna" in text, "ucja" in text) == (True, False)


def test_a_card_that_is_not_wanted_any_more_gives_its_money_back_at_once(cast, cards, policy, budget):
    make_batch(by=cast.darek, cards=cards, policy=policy)
    withdraw_consent(by=cast.darek, customer=customer_of(cards[1]), purpose="card")

    for _ in range(2):
        end_unwanted(of=customer_of(cards[1]))

    budget.refresh_from_db()
    assert (budget.reserved_minor, budget.spent_minor) == (12_00, 0)
    assert Gesture.objects.get(customer_key=cards[1].customer_key).state == "released"
    assert proof() == []


def test_ending_the_unwanted_of_one_customer_leaves_those_of_others(cast, cards):
    for card in cards[:2]:
        withdraw_consent(by=cast.darek, customer=customer_of(card), purpose="card")

    end_unwanted(of=customer_of(cards[0]))

    assert [Call.objects.get(pk=card.pk).outcome for card in cards] == ["withdrawn", "", ""]


@pytest.mark.parametrize("noticed", [False, True])
def test_who_wants_no_card_leaves_the_others_in_the_batch_and_is_named(cast, cards, policy, budget, noticed):
    batch, _ = make_batch(by=cast.darek, cards=cards, policy=policy)
    alone = customer_of(cards[0])
    change_customer(by=cast.darek, customer=alone, details=Details(alone.name, do_not_contact=True))
    if noticed:
        end_unwanted()

    sent, left = send_batch(by=cast.darek, batch=batch)

    budget.refresh_from_db()
    assert (sent, [(card.pk, why.code) for card, why in left]) == (2, [(cards[0].pk, "contact_not_wanted")])
    assert (budget.reserved_minor, budget.spent_minor) == (0, 12_00)
    assert Call.objects.get(pk=cards[0].pk).outcome == "withdrawn"
    assert proof() == []


def test_a_card_whose_time_is_over_waits_to_be_printed_again_and_the_others_are_sent(
    cast, cards, policy, budget
):
    batch, _ = make_batch(by=cast.darek, cards=cards, policy=policy)
    Gesture.objects.filter(customer_key=cards[0].customer_key).update(expires_at=now() - timedelta(days=1))

    sent, left = send_batch(by=cast.darek, batch=batch)

    late = Call.objects.get(pk=cards[0].pk)
    assert (sent, [why.code for _, why in left]) == (2, ["gesture_ended"])
    assert (late.state, late.batch, late.gesture) == ("proposed", None, None)
    assert expire_due() == 1
    assert proof() == []


def test_who_puts_cards_together_is_not_told_who_is_held_out(cast, cards, rynek, budget):
    studied = write_policy(by=cast.filip, document=terms("personal_contact", held_out_share=0.5))
    for one in cards:
        held = one is cards[0]
        Eligible.objects.create(policy=studied, customer_key=one.customer_key, place=rynek, held_out=held)

    _, left = make_batch(by=cast.darek, cards=cards, policy=studied)

    assert [(card.pk, refused.code) for card, refused in left] == [(cards[0].pk, "not_open")]


def test_others_neither_print_nor_send(cast, cards):
    for by in (cast.edyta, cast.celina, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            make_batch(by=by, cards=cards, policy=None)
    batch, _ = make_batch(by=cast.darek, cards=cards, policy=None)
    for by in (cast.anna, cast.celina):
        with pytest.raises(Refused, match="not_permitted"):
            send_batch(by=by, batch=batch)
    assert send_batch(by=cast.filip, batch=batch) == (3, [])


def pages(pdf):
    return len(re.findall(rb"/Type ?/Page\b", pdf))


def test_each_card_is_a_page_of_a6_with_bleed_and_crop_marks():
    cards = [Card("Łucja Żak", POLISH, "pl"), Card("John Smith", "Thank you!", "en")]

    pdf = cards_as_pdf(cards, company="Salony Gracja", sheet="a6")

    # 148 x 105 mm, and 10 mm around for bleed and marks
    width, height = (round(mm * 72 / 25.4, 1) for mm in (168, 125))
    box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box is not None
    assert [round(float(one), 1) for one in box.groups()] == [width, height]
    assert pages(pdf) == 2
    text = text_of(pdf)
    for said in ("ŁucjaŻak", "Zażółćgęśląjaźń", "JohnSmith", "SalonyGracja"):
        assert said in text.replace("\xa0", "").replace(" ", "")


def test_fonts_are_embedded():
    pdf = cards_as_pdf([Card("Łucja Żak", POLISH, "pl")], company="Gracja", sheet="a6")

    assert b"Brygada1918" in pdf
    assert b"/FontFile" in pdf


def test_four_cards_stand_on_a_sheet_of_a4():
    cards = [Card(f"Klient {n}", POLISH, "pl") for n in range(5)]

    pdf = cards_as_pdf(cards, company="Gracja", sheet="a4")

    box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box is not None
    assert [round(float(one)) for one in box.groups()] == [842, 595]
    assert pages(pdf) == 2


def test_what_somebody_is_called_never_becomes_markup():
    text = text_of(cards_as_pdf([Card("#panic() *A* $x$", "[#sys]", "pl")], company="G", sheet="a6"))

    assert "#panic()*A*$x$" in text.replace(" ", "")


def test_the_picture_is_one():
    assert card_as_picture(Card("Łucja", POLISH, "pl"), company="G").startswith(b"\x89PNG")


def test_a_card_printed_while_it_was_being_ended_gives_its_money_back(cast, cards, policy, budget):
    read_before = Call.objects.get(pk=cards[0].pk)
    make_batch(by=cast.darek, cards=cards, policy=policy)

    assert end_call(read_before, "withdrawn")

    budget.refresh_from_db()
    assert budget.reserved_minor == 12_00
    assert proof() == []
