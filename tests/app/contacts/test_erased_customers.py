"""Whoever was erased comes back by no file, and by their own wish whenever they like."""

from __future__ import annotations

import importlib
import json

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from gracja.app.common.kept_sheets import faults_of
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, CustomerNumber, ErasedMark, Purchase
from gracja.app.contacts.models.erased import PHONE, mark_of
from gracja.app.contacts.selectors.customers import find_customer
from gracja.app.contacts.selectors.customers_meant import customer_meant
from gracja.app.contacts.services.customers.erasing import erase_customer
from gracja.app.contacts.services.customers.files import imports, keeping
from gracja.app.contacts.services.customers.files.mapping import Columns
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    number_customer,
)

pytestmark = pytest.mark.django_db
JOANNA = Details("Joanna Kruk", "+48 601 234 567", "joanna@kruk.example")
HEADING = "Data;Paragon;Karta;Kwota"


@pytest.fixture
def joanna(cast):
    customer = add_customer(by=cast.darek, details=JOANNA)
    number_customer(by=cast.darek, customer=customer, system="till", value="K-17")
    return customer


@pytest.fixture
def gone(cast, joanna):
    erase(cast, joanna)
    return joanna


def erase(cast, customer):
    erase_customer(by=cast.grazyna, customer=customer, forget=lambda _keys, _names: None)


def tried(cast, rows, **columns):
    given = imports.give_file(by=cast.filip, file_name="a.csv", content=f"{HEADING}\n{rows}".encode())
    changed = {**given.mapping, "unknown": "make", **columns}
    return imports.map_columns(by=cast.filip, uid=given.uid, columns=Columns.from_json(changed))


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("number", "K-17"),
        ("phone", "601-234-567"),
        ("phone", "0048601234567"),
        ("email", "Joanna@KRUK.example"),
    ],
)
def test_a_file_leaves_out_who_was_erased_and_says_only_how_many_rows(cast, gone, by, said):
    rows = f"2.11.2026;P-1;{said};10\n3.11.2026;Z-1;{said};-5\n"
    file = tried(cast, f"{rows}3.11.2026;P-2;{said};10\n", customer_by=by)

    assert {name: file.outcome[name] for name in ("new", "refunds", "made", "faults", "erased")} == {
        "new": 0,
        "refunds": 0,
        "made": 0,
        "faults": 0,
        "erased": 3,
    }
    assert said not in json.dumps(file.outcome)
    assert list(faults_of(file)) == []
    with pytest.raises(Refused, match="purchase_nothing_to_add"):
        imports.add_purchases(by=cast.filip, uid=file.uid)


def test_the_rest_of_such_a_file_is_put_in(cast, gone):
    file = tried(cast, "2.11.2026;P-1;K-17;10\n2.11.2026;P-2;K-18;10\n")

    done = imports.add_purchases(by=cast.filip, uid=file.uid)

    assert (done.state, done.outcome["erased"], done.outcome["made"]) == ("done", 1, 1)
    assert Purchase.objects.get().number == "P-2"
    assert not CustomerNumber.objects.filter(value="K-17").exists()


def test_the_same_number_of_another_till_is_somebody_else(cast, gone):
    assert tried(cast, "2.11.2026;P-1;K-17;10\n", system="shop").outcome["made"] == 1


def test_marks_say_nothing_and_belong_to_this_installation(cast, gone, settings):
    kept = set(ErasedMark.objects.values_list("mark", flat=True))

    assert len(kept) == 3
    assert not any(said in mark for mark in kept for said in ("601234567", "K-17", "joanna", gone.key))
    settings.SECRET_KEY = "of another installation, as long as a secret has to be"
    assert mark_of(PHONE, "601234567") not in kept


def test_nobody_writes_them_down_again_without_saying_why(cast, gone):
    for details in (JOANNA, Details("Jan", "601234567"), Details("Jan", email="JOANNA@kruk.example")):
        with pytest.raises(Refused, match="customer_erased_before"):
            add_customer(by=cast.darek, details=details)
    jan = add_customer(by=cast.darek, details=Details("Jan"))
    with pytest.raises(Refused, match="customer_erased_before"):
        change_customer(by=cast.darek, customer=jan, details=Details("Jan", "601 234 567"))
    with pytest.raises(Refused, match="customer_erased_before"):
        number_customer(by=cast.darek, customer=jan, system="till", value="K-17", back_because="no reason")

    assert ErasedMark.objects.count() == 3


def test_who_comes_back_by_their_own_wish_is_a_new_customer_and_the_log_says_why(cast, gone):
    again = add_customer(by=cast.darek, details=JOANNA, numbers=[("till", "K-17")], back_because="own_wish")

    assert again.key != gone.key
    assert not ErasedMark.objects.exists()
    entries = AuditEntry.objects.filter(action="customer.admit", subject_key=again.key)
    assert [one.after["reason"] for one in entries] == ["own_wish", "own_wish"]
    assert tried(cast, "2.11.2026;P-1;K-17;10\n").outcome["new"] == 1


def test_what_another_customer_is_called_too_stays_theirs(cast, joanna):
    jan = add_customer(by=cast.darek, details=Details("Jan", "601 234 567"), although_known=True)
    erase(cast, joanna)

    file = tried(cast, "2.11.2026;P-1;601234567;10\n", customer_by="phone")

    assert (file.outcome["new"], file.outcome["erased"]) == (1, 0)
    changed = change_customer(by=cast.darek, customer=jan, details=Details("Jan Kruk", "601 234 567"))
    assert changed.name == "Jan Kruk"


def test_erasing_twice_with_the_same_numbers_keeps_one_mark(cast, gone):
    again = add_customer(by=cast.darek, details=Details("J", "601234567"), back_because="mistake")
    assert ErasedMark.objects.count() == 2
    erase(cast, again)

    assert ErasedMark.objects.count() == 3


def test_the_database_gives_one_telephone_and_one_address_to_one_customer(cast, joanna):
    for theirs in ({"phone_digits": "601234567"}, {"email": "joanna@kruk.example"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Customer.objects.create(name="At the same moment", **theirs)
    assert Customer.objects.create(phone_digits="601234567", phone_shared=True)


def test_who_saves_a_moment_later_is_told_that_the_customer_is_known(cast, joanna, monkeypatch):
    monkeypatch.setattr(
        "gracja.app.contacts.services.customers.records._shared_with_another", lambda *_a, **_k: {}
    )
    jan = add_customer(by=cast.darek, details=Details("Jan"))

    for details in (Details("Jan", "601234567"), Details("Jan", email="joanna@kruk.example")):
        with pytest.raises(Refused, match="customer_known"):
            add_customer(by=cast.darek, details=details)
        with pytest.raises(Refused, match="customer_known"):
            change_customer(by=cast.darek, customer=jan, details=details)


def test_joining_two_who_share_a_telephone_leaves_it_to_one(cast, joanna):
    twin = add_customer(by=cast.darek, details=Details("J.", "601234567"), although_known=True)
    silent = add_customer(by=cast.darek, details=Details("Ktoś"))

    merge_customers(by=cast.filip, kept=twin, other=joanna)
    merge_customers(by=cast.filip, kept=silent, other=twin)

    assert find_customer(by=cast.darek, given="601234567") == silent
    assert find_customer(by=cast.darek, given="joanna@kruk.example") == silent


def test_a_number_of_two_customers_in_two_systems_finds_nobody_and_of_one_in_both_finds_them(cast, joanna):
    for system in ("card", "shop"):
        number_customer(by=cast.darek, customer=joanna, system=system, value="K-17")
    assert find_customer(by=cast.darek, given="K-17") == joanna
    assert customer_meant("K-17") == joanna
    jan = add_customer(by=cast.darek, details=Details("Jan"))
    number_customer(by=cast.darek, customer=jan, system="old till", value="K-17")

    assert find_customer(by=cast.darek, given="K-17") is None
    assert customer_meant("K-17") is None


@pytest.mark.django_db(transaction=True)
def test_records_that_share_a_telephone_before_the_rule_stay_and_are_marked(cast):
    rule = importlib.import_module("gracja.app.contacts.migrations.0008_one_telephone_once")
    marking = importlib.import_module("gracja.app.contacts.migrations.0007_erased_stay_away")
    rules = [step.constraint for step in rule.Migration.operations]
    with connection.schema_editor() as editor:
        for one in rules:
            editor.remove_constraint(Customer, one)
    try:
        for name in "abc":
            Customer.objects.create(name=name, phone_digits="700700700")
        marking.keep_those_shared(apps, None)
    finally:
        with connection.schema_editor() as editor:
            for one in rules:
                editor.add_constraint(Customer, one)

    shared = dict(Customer.objects.values_list("name", "phone_shared"))
    assert shared == {"a": False, "b": True, "c": True}
    assert find_customer(by=cast.darek, given="700700700") is None


def test_a_customer_written_down_a_moment_before_a_file_does_is_met_and_not_doubled(cast, monkeypatch):
    file = tried(cast, "2.11.2026;P-1;700700700;10\n", customer_by="phone")
    making = keeping.make_customers
    calls = []

    def overtaken_once(said, columns):
        made = making(said, columns)
        calls.append(made)
        if len(calls) == 1:
            Customer.objects.create(phone_digits="700700700")  # the database refuses the second
        return made

    monkeypatch.setattr(keeping, "make_customers", overtaken_once)
    imports.add_purchases(by=cast.filip, uid=file.uid)

    assert len(calls) == 2
    assert Purchase.objects.get().customer.phone_digits == "700700700"
    assert Customer.objects.filter(phone_digits="700700700").count() == 1
