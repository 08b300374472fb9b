"""A colleague who is erased leaves what others wrote, as Polish inflects the name."""

from __future__ import annotations

import pytest

from gracja.app.common.clock import now
from gracja.app.gestures.recovery.models import Case
from gracja.app.gestures.recovery.services.cases import Happened, note_case
from gracja.app.operations.erasure import pseudonymise_person
from gracja.app.organisation.services.naming import forms_of_a_colleague
from gracja.app.organisation.services.people import names_of, pseudonym

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Dałam to Darkowi Lisowi.", "Dałam to {them}."),
        ("Prosi o Lisa Darka", "Prosi o {them}"),
        ("z panem Lisem, darkiem lisem", "z panem {them}, {them}"),
        ("Lisy", "{them}"),
        ("Darek z działu obok", "Darek z działu obok"),
        ("Lisiecki i lista", "Lisiecki i lista"),
    ],
)
def test_the_whole_name_and_the_surname_are_masked_and_a_first_name_alone_is_not(cast, said, kept):
    person = cast.darek.person

    assert names_of(person, cast.darek).masked_text(said) == kept.format(them=pseudonym(person))


def test_a_name_of_one_word_has_no_surname_and_one_of_many_words_no_endless_forms():
    assert forms_of_a_colleague("Darek") == set()
    many = forms_of_a_colleague("Anna Maria Zofia Teresa Kos")
    assert {"Kos", "Marii"} <= many
    assert len(many) < 200


def test_what_went_wrong_at_the_counter_names_nobody_who_was_erased(cast, rynek):
    happened = Happened(
        rynek, "failure", "Klientka czekała na Darka Lisa, a Lisowi nikt nie powiedział.", now()
    )
    note_case(by=cast.anna, happened=happened, own=True)

    pseudonymise_person(by=cast.grazyna, person=cast.darek.person)

    them = pseudonym(cast.darek.person)
    assert Case.objects.get().what == f"Klientka czekała na {them}, a {them} nikt nie powiedział."
