"""Cards sent while somebody ends the contact: on PostgreSQL neither waits for the other for ever."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial

import pytest
from app.gestures.conftest import terms

from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers import erasing
from gracja.app.contacts.services.customers.records import Details, add_customer, give_consent
from gracja.app.gestures.calls.models import Call
from gracja.app.gestures.calls.selectors.calls import customer_of
from gracja.app.gestures.calls.services import cards as sending
from gracja.app.gestures.calls.services import making, proposing
from gracja.app.gestures.calls.services.cards import make_batch, send_batch
from gracja.app.gestures.calls.services.making import note_outcome
from gracja.app.gestures.calls.services.proposing import end_call
from gracja.app.gestures.models import Budget, Gesture
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.policies import write_policy
from gracja.app.operations.erasure import erase_customer

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = 1.0  # seconds in which the other gets as far as it can


@pytest.fixture
def policy(cast):
    return write_policy(by=cast.filip, document=terms("personal_contact", usual_minor=6_00, most_minor=10_00))


@pytest.fixture
def customer(cast):
    made = add_customer(by=cast.darek, details=Details("Łucja Żak"))
    give_consent(by=cast.darek, customer=made, purpose="card")
    return made


@pytest.fixture
def contact(cast, rynek, customer):
    """`contact("1")`: a card for the customer that Darek is to write."""

    def make(cause):
        return Call.objects.create(
            cause=cause,
            customer_key=customer.key,
            place=rynek,
            owner=cast.darek.person,
            reason="other",
            way="card",
            due_on=date(2026, 11, 25),
        )

    return make


class Meeting:
    """Two who come here at once go on together; whom the other's lock keeps away is not waited for longer
    than a moment.
    """

    def __init__(self):
        self.there = [threading.Event(), threading.Event()]

    def before(self, who, work):
        def late(*given, **named):
            self.there[who].set()
            self.there[1 - who].wait(A_MOMENT)
            return work(*given, **named)

        return late

    def whoever_first(self, work):
        def late(*given, **named):
            return self.before(int(self.there[0].is_set()), work)(*given, **named)

        return late


def test_a_card_that_is_sent_and_ended_at_once_is_sent(cast, policy, budget, contact, at_once, monkeypatch):
    card = contact("1")
    batch, _ = make_batch(by=cast.darek, cards=[card], policy=policy)
    meeting, paid = Meeting(), threading.Event()
    give = sending.give_gesture

    def give_and_say(**given):
        give(**given)
        paid.set()
        meeting.before(0, lambda: None)()

    def end():
        assert paid.wait(10)  # the money is spent, the contact not yet ended
        return end_call(card, "withdrawn")

    monkeypatch.setattr(sending, "give_gesture", give_and_say)
    monkeypatch.setattr(proposing, "_give_back", meeting.before(1, proposing._give_back))

    assert at_once(lambda: send_batch(by=cast.darek, batch=batch), end) == [(1, []), False]

    [(states, spent, faults)] = at_once(
        lambda: (list(Gesture.objects.values_list("state")), Budget.objects.get().spent_minor, proof())
    )
    assert (states, spent, faults) == ([("committed",)], 6_00, [])


def test_who_asks_two_of_us_at_once_to_be_left_alone_is(cast, contact, customer, at_once, monkeypatch):
    calls = [contact("1"), contact("2")]
    monkeypatch.setattr(making, "_mark", Meeting().whoever_first(making._mark))

    def asked_not(call):
        return note_outcome(by=cast.darek, call=call, outcome="asked_not").outcome

    done = at_once(*(partial(asked_not, call) for call in calls))

    assert done == ["asked_not", "asked_not"]
    assert at_once(lambda: customer_of(calls[0]).do_not_contact) == [True]


def test_who_is_erased_while_they_ask_to_be_left_alone_is_gone(cast, contact, customer, at_once, monkeypatch):
    call, meeting = contact("1"), Meeting()
    monkeypatch.setattr(making, "_mark", meeting.before(0, making._mark))
    monkeypatch.setattr(erasing, "names_of", meeting.before(1, erasing.names_of))

    at_once(
        lambda: note_outcome(by=cast.darek, call=call, outcome="asked_not"),
        lambda: erase_customer(by=cast.grazyna, customer=customer),
    )

    [(state, note, gone)] = at_once(
        lambda: (*Call.objects.values_list("state", "note").get(), Customer.objects.get().erased_at)
    )
    assert (state, note, gone is None) == ("ended", "", False)
