"""What somebody wrote of a customer loses every usual spelling of who they were."""

from __future__ import annotations

import pytest

from gracja.app.common.clock import now
from gracja.app.contacts.services.customers.erasing import names_of
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.recovery.models import Case
from gracja.app.gestures.recovery.services.cases import Happened, note_case
from gracja.app.operations.erasure import erase_customer
from gracja.app.organisation.services.naming import forms_of_names

pytestmark = pytest.mark.django_db


@pytest.fixture
def joanna(cast):
    return add_customer(by=cast.darek, details=Details("Joanna Kowalewska", "+48 601 234 567", "j@k.example"))


@pytest.mark.parametrize(
    "said",
    [
        "Joanna",
        "JOANNA",
        "Joannie",
        "Joanne",
        "Kowalewskiej",
        "kowalewska",
        "pani Kowalewskiej Joannie",
        "601234567",
        "601 234 567",
        "601-234-567",
        "+48 601 234 567",
        "0048601234567",
        "48 601.234.567",
        "(60) 123 45 67",
        "601\u00a0234\u00a0567",
    ],
)
def test_every_usual_spelling_is_masked_in_a_sentence(joanna, said):
    masked = names_of(joanna).masked_text(f"Dzwoni {said}, kolor zszedł.")

    assert masked.startswith("Dzwoni ")
    assert masked.endswith(", kolor zszedł.")
    assert joanna.key in masked
    rest = masked.replace(joanna.key, "").lower()
    assert not any(trace in rest for trace in ("joann", "kowalewsk", "234"))


@pytest.mark.parametrize("said", ["Jan", "Joan", "Kowal", "Joannici", "1601234567", "601234568", "60123456"])
def test_other_words_and_numbers_stay(joanna, said):
    assert names_of(joanna).masked_text(f"Dzwoni {said}.") == f"Dzwoni {said}."


def test_two_letters_are_no_part_of_a_name_and_an_unknown_name_has_one_form(cast):
    ho = add_customer(by=cast.darek, details=Details("Li Xquvorniak"))

    assert names_of(ho).masked_text("Li i Xquvorniak") == f"Li i {ho.key}"
    assert forms_of_names("Xquvorniak") == {"Xquvorniak"}
    assert forms_of_names("") == set()


def test_the_text_of_another_s_case_loses_the_name_however_it_was_inflected(cast, rynek, joanna):
    happened = Happened(rynek, "complaint", "Z Joanną spod 601-234-567 przyszedł brat.", now())
    case = note_case(by=cast.darek, happened=happened, own=True)

    erase_customer(by=cast.grazyna, customer=joanna)

    assert Case.objects.get().what == f"Z {joanna.key} spod {joanna.key} przyszedł brat."
    assert joanna.key in case.steps.get().text
