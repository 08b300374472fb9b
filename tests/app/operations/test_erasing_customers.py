"""A customer who is erased leaves nothing open, and no restore brings them back."""

from __future__ import annotations

from datetime import date

import pytest

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, Upload
from gracja.app.contacts.services.customers.records import Details, add_customer, number_customer
from gracja.app.gestures.models import Gesture, Policy, Terms
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.ledger import move, note_reserved, set_aside
from gracja.app.operations.erasure import erase_again, erase_customer, pseudonymise_person
from gracja.app.service_mode.models import Advised

pytestmark = pytest.mark.django_db


@pytest.fixture
def joanna(cast):
    customer = add_customer(by=cast.darek, details=Details("Joanna Kruk", "601 234 567"))
    number_customer(by=cast.darek, customer=customer, system="till", value="K-17")
    return customer


@pytest.fixture
def budget(cast, rynek):
    return open_budget(
        by=cast.filip,
        place=rynek,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        amount=Money(100_00, "PLN"),
    )


def given(customer, budget, key, cost=20_00):
    policy = Policy.objects.create(kind="gift")
    terms = Terms.objects.create(policy=policy, version=1, document={})
    set_aside(budget, cost)
    gesture = Gesture.objects.create(
        key=key,
        terms=terms,
        budget=budget,
        place=budget.place,
        customer_key=customer.key,
        cost_minor=cost,
        currency="PLN",
        reason="Joanna waited an hour",
        state="reserved",
    )
    note_reserved(gesture, by_key="")
    return gesture


def test_open_gestures_give_their_money_back_and_spent_ones_stay_as_amounts(cast, joanna, budget):
    waiting, spent = given(joanna, budget, "a"), given(joanna, budget, "b", 5_00)
    move(spent, "commit")

    erase_customer(by=cast.grazyna, customer=joanna)

    budget.refresh_from_db()
    assert {row.key: row.state for row in Gesture.objects.all()} == {"a": "released", "b": "committed"}
    assert budget.left == Money(95_00, "PLN")
    assert not Gesture.objects.filter(reason__contains="Joanna").exists()
    assert proof() == []
    assert waiting.entries.count() == 2


def test_what_was_advised_leads_to_nobody(cast, joanna):
    Advised.objects.create(
        uid="a" * 16,
        at=now(),
        customer_key=joanna.key,
        contact="call of Joanna",
        kind="encounter",
        dial=30,
        band="discreet",
        rules="bundled@1",
        source="program",
        person=cast.darek.person,
    )

    erase_customer(by=cast.grazyna, customer=joanna)
    pseudonymise_person(by=cast.grazyna, person=cast.darek.person)

    kept = Advised.objects.get()
    assert (kept.customer_key, kept.contact, kept.person) == ("", "", None)


def test_a_restored_customer_is_erased_again(cast, joanna, budget):
    given(joanna, budget, "a")

    assert erase_again([joanna.key, "nobody"]) == 1

    kept = Customer.objects.get(pk=joanna.pk)
    budget.refresh_from_db()
    assert (kept.name, kept.phone, kept.numbers.count()) == ("", "", 0)
    assert budget.left == Money(100_00, "PLN")
    assert erase_again([joanna.key]) == 0


def test_while_files_come_in_nobody_is_erased(cast, joanna):
    Upload.objects.create(file_name="export.csv", size_bytes=1, state="running")

    with pytest.raises(Refused, match="erasure_waits"):
        erase_customer(by=cast.grazyna, customer=joanna)

    assert Customer.objects.get().name == "Joanna Kruk"
