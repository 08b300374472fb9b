"""A customer who is erased leaves nothing open, and no restore brings them back."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from app.gestures.club.conftest import document as club_document
from django.apps import apps

from gracja.app.common.clock import now
from gracja.app.common.erasures import Erasures
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.archive import company_archive
from gracja.app.contacts.models import Customer, Forgetting, Upload
from gracja.app.contacts.services.customers.files.imports import give_file
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.records import Details, add_customer, number_customer
from gracja.app.contacts.services.forgetting import carry_out_forgetting
from gracja.app.gestures.calls.models import Call
from gracja.app.gestures.club.services.members import Agreed, join_club
from gracja.app.gestures.club.services.settings import write_club
from gracja.app.gestures.models import Gesture, Policy, Terms
from gracja.app.gestures.recovery.services.cases import Happened, Remedy, note_case, promise_remedy
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.ledger import move, note_reserved, set_aside
from gracja.app.operations.erasure import erase_again, erase_customer, pseudonymise_person
from gracja.app.service_mode.models import Advised
from gracja.archive.imports import import_conversations
from gracja.engine.tables import CONVERSATIONS

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

    assert erase_again(Erasures({joanna.key: "", "nobody": ""})) == (1, 0)

    kept = Customer.objects.get(pk=joanna.pk)
    budget.refresh_from_db()
    assert (kept.name, kept.phone, kept.numbers.count()) == ("", "", 0)
    assert budget.left == Money(100_00, "PLN")
    assert erase_again(Erasures({joanna.key: ""})) == (0, 0)


def test_while_files_come_in_nobody_is_erased(cast, joanna):
    Upload.objects.create(file_name="export.csv", size_bytes=1, state="running")

    with pytest.raises(Refused, match="erasure_waits"):
        erase_customer(by=cast.grazyna, customer=joanna)

    assert Customer.objects.get().name == "Joanna Kruk"


@pytest.fixture
def forgotten(cast, settings):
    """What the archive is told to forget, at each erasure."""
    company_archive()

    def of(customer):
        erase_customer(by=cast.grazyna, customer=customer)
        found = Forgetting.objects.filter(key=customer.key).first()
        return set(found.names) if found else set()

    return of


def test_the_archive_forgets_whatever_files_may_have_called_them(cast, forgotten):
    details = Details("Ada", "+48 601 234 567", "ada@lis.example")
    ada = add_customer(by=cast.darek, details=details)
    twin = add_customer(by=cast.darek, details=Details("A."))
    number_customer(by=cast.darek, customer=twin, system="card", value="C-9")
    merge_customers(by=cast.filip, kept=ada, other=twin)

    phones = {"+48 601 234 567", "48601234567", "+48601234567", "601234567"}
    assert forgotten(ada) == {"ada@lis.example", "C-9", ada.uid, twin.uid} | phones


def test_what_another_customer_is_called_too_stays_in_the_archive_until_they_leave(cast, forgotten, joanna):
    ada, ewa = (add_customer(by=cast.darek, details=Details(name)) for name in ("Ada", "Ewa"))
    for customer, system in ((ada, "till"), (ewa, "helpdesk")):
        number_customer(by=cast.darek, customer=customer, system=system, value="1017")
    number_customer(by=cast.darek, customer=ada, system="helpdesk", value="+48 601 234 567")  # Joanna's line

    assert forgotten(ada) == {ada.uid}
    assert forgotten(ewa) == {ewa.uid, "1017"}


def test_only_their_conversations_leave_the_archive(cast, joanna, forgotten):
    other = add_customer(by=cast.darek, details=Details("Jan"))
    number_customer(by=cast.darek, customer=joanna, system="shop", value="1017")
    number_customer(by=cast.darek, customer=other, system="helpdesk", value="1017")
    turn = {"speaker": "customer", "employee": None, "text": "Halo", "event": None, "at": None}
    whole = {"employee": None, "place": None, "channel": "chat", "language": "pl", "complete": True}
    rows = [
        whole | {"contact": contact, "customer": customer, "started_at": now(), "turns": [turn]}
        for contact, customer in (("jan", "1017"), ("joanna", "601234567"))
    ]
    import_conversations(
        company_archive(), [pa.Table.from_pylist(rows, schema=CONVERSATIONS)], on_changed=lambda _: None
    )

    forgotten(joanna)
    carry_out_forgetting.call(Forgetting.objects.get().uid)

    kept = [name for some in company_archive().conversations() for name in some["contact"].to_pylist()]
    assert kept == ["jan"]


def test_what_a_program_said_of_them_leads_to_nobody_by_whatever_name(cast, joanna):
    sent = (joanna.uid, "K-17", "601 234 567", joanna.key, "of-another")
    for n, customer_key in enumerate(sent):
        Advised.objects.create(
            uid=f"sent-by-a-program-{n}",
            at=now(),
            customer_key=customer_key,
            contact=f"call {n} with Joanna Kruk",
            kind="encounter",
            dial=30,
            band="discreet",
            rules="bundled@1",
            source="program",
        )

    erase_customer(by=cast.grazyna, customer=joanna)

    kept = dict(Advised.objects.values_list("customer_key", "contact"))
    assert kept == {"": "", "of-another": f"call 4 with {joanna.key}"}


def test_a_name_in_the_reason_of_another_s_gesture_is_masked(cast, joanna, budget):
    other = add_customer(by=cast.darek, details=Details("Jan"))
    row = given(other, budget, "a")
    row.reason = f"Joanna Kruk came with him, {cast.darek.name} forgot both"
    row.save()

    erase_customer(by=cast.grazyna, customer=joanna)
    pseudonymise_person(by=cast.grazyna, person=cast.darek.person)

    row.refresh_from_db()
    cast.darek.person.refresh_from_db()
    assert row.reason == f"{joanna.key} came with him, {cast.darek.person.name} forgot both"


def test_no_table_names_an_erased_customer_any_more(cast, calling, rynek, budget):
    told = {"name": "Joanna Kruk", "phone": "601 234 567", "email": "joanna@kruk.example"}
    sent = {**told, "numbers": [{"system": "till", "value": "K-17-4711"}]}
    made = calling(cast.darek).post(
        "/api/v1/customers", sent, content_type="application/json", headers={"Idempotency-Key": "joanna"}
    )
    one = Customer.objects.get(uid=made.json()["uid"])
    club = write_club(by=cast.filip, document=club_document(), version=0)
    join_club(by=cast.darek, customer=one, agreed=Agreed(club.version, "pl", (11, 22)))
    given(one, budget, "a")
    Gesture.objects.update(reason="Joanna Kruk czekała")
    case = note_case(
        by=cast.darek, happened=Happened(rynek, "complaint", "Joanna Kruk: zimna woda", now(), one), own=True
    )
    promise_remedy(by=cast.darek, case=case, remedy=Remedy("Zwrot dla: Joanna Kruk", None, "Joanna Kruk"))
    Call.objects.create(
        cause="x", customer_key=one.key, reason="after_failure", way="call", due_on=now(), note="K-17-4711"
    )
    sheet = "Data;Paragon;Karta;Kwota\n2026-10-03;P-1;K-17-4711;12,50\n"
    give_file(by=cast.filip, file_name="Joanna Kruk.csv", content=sheet.encode())

    assert len(naming(told, "K-17-4711")) >= 8

    erase_customer(by=cast.grazyna, customer=one)

    assert naming(told, "K-17-4711") == set()


def naming(told, number):
    """The tables in which something leads to them."""
    said = [*told.values(), "601234567", number]
    return {
        model._meta.label
        for model in apps.get_models()
        for row in model._base_manager.values()
        if any(one in str(row) for one in said)
    }
