"""Spreadsheets in which two people marked the same contact: both are kept, and nobody's marks go."""

from __future__ import annotations

import pytest
from app.conftest import make_user

from gracja.app.observations.models import Mark, Visit
from gracja.app.observations.services.imports import add_visits
from gracja.app.observations.services.second import ask_second_review

HEAD = "id;data;placówka;pracownik;oceniający;kanał;greet;answer\n"
BORYS = "R1;2026-10-05 10:00;Rynek;darek;Borys Sowa;telefon;tak;nie\n"
IRENA = "R1;2026-10-05 10:00;Rynek;darek;Irena Lew;telefon;nie;nie\n"
JAN = "R1;2026-10-05 10:00;Rynek;darek;Jan z agencji;telefon;tak;tak\n"


@pytest.fixture
def irena(cast, roles):
    return make_user("Irena Lew", roles["evaluator"])


@pytest.fixture
def added(cast, given):
    def add(*rows, by=cast.filip):
        file = given(by, HEAD + "".join(rows))
        add_visits(by=by, uid=file.uid)
        return file

    return add


def greeted():
    """Who marked -> what they said of the greeting."""
    marks = Mark.objects.filter(standard="greet").select_related("visit__evaluator")
    return {
        mark.visit.evaluator.name if mark.visit.evaluator else mark.visit.evaluator_name: mark.value
        for mark in marks
    }


def codes(file):
    return [code for *_, code, _ in file.outcome["shown"]]


def test_rows_of_several_people_in_one_file_are_one_contact(irena, added):
    file = added(BORYS, IRENA, JAN)

    assert {name: file.outcome[name] for name in ("new", "second", "faults")} == {
        "new": 1, "second": 2, "faults": 0,
    }  # fmt: skip
    assert greeted() == {"Borys Sowa": 1.0, "Irena Lew": 0.0, "Jan z agencji": 1.0}
    first = Visit.objects.get(second_to=None)
    assert first.evaluator.name == "Borys Sowa"
    assert set(Visit.objects.exclude(pk=first.pk).values_list("second_to", "contact")) == {(first.pk, "R1")}


def test_the_same_file_again_changes_nothing_and_a_row_more_is_added(irena, cast, added, given):
    added(BORYS)
    added(BORYS, IRENA)
    again = given(cast.filip, HEAD + BORYS + IRENA)

    assert (again.outcome["same"], again.outcome["second"], again.outcome["changed"]) == (2, 0, 0)
    assert len(greeted()) == 2


def test_another_person_s_row_alone_writes_over_nobody_s_marks(irena, cast, added, given):
    added(BORYS)

    alone = given(cast.filip, HEAD + IRENA)

    assert (codes(alone), alone.outcome["changed"]) == (["visit_of_another_evaluator"], 0)
    assert greeted() == {"Borys Sowa": 1.0}


def test_rows_of_others_do_not_open_marks_that_are_neither_theirs_nor_put_in_by_them(
    irena, cast, added, given
):
    added(BORYS)

    for others in (IRENA + JAN, JAN + IRENA):
        file = given(irena, HEAD + others)
        assert (codes(file), file.outcome["second"]) == (["visit_of_somebody_else"] * 2, 0)
    guessed = given(irena, HEAD + IRENA + BORYS.replace("tak", "nie"))
    assert (codes(guessed), guessed.outcome["second"]) == (["visit_of_somebody_else"] * 2, 0)
    guessed_right = given(irena, HEAD + IRENA + BORYS)
    assert (codes(guessed_right), guessed_right.outcome["second"]) == (["visit_of_somebody_else"], 0)
    assert greeted() == {"Borys Sowa": 1.0}


def test_who_marked_first_adds_another_person_s_row_beside_their_own(irena, cast, added):
    added(BORYS)
    file = added(IRENA, BORYS, by=cast.borys)  # in whatever order

    assert (file.outcome["same"], file.outcome["second"]) == (1, 1)
    assert greeted() == {"Borys Sowa": 1.0, "Irena Lew": 0.0}


def test_a_first_row_that_is_refused_does_not_move_the_contact_for_those_who_mark_it_again(
    irena, cast, added, given
):
    added(BORYS)
    ask_second_review(by=cast.anna, visit=Visit.objects.get(), evaluator=irena.person)
    later = [row.replace("10:00", "11:00").replace("darek", "edyta") for row in (BORYS, IRENA)]

    for rows in (later, later[::-1]):
        file = given(irena, HEAD + "".join(rows))
        assert sorted(codes(file)) == ["second_review_differs", "visit_of_somebody_else"]
        assert (file.outcome["second"], file.outcome["changed"]) == (0, 0)


def test_nor_does_it_move_a_second_visit_that_is_there(irena, cast, added, given):
    added(BORYS, IRENA)
    later = [row.replace("10:00", "11:00").replace("darek", "edyta") for row in (BORYS, IRENA)]

    file = given(irena, HEAD + "".join(later))

    assert sorted(codes(file)) == ["second_review_differs", "visit_of_somebody_else"]
    assert file.outcome["changed"] == 0


def test_the_same_marks_under_another_name_correct_the_name(irena, added):
    added(BORYS)
    added(BORYS.replace("Borys Sowa", "Irena Lew"))

    assert greeted() == {"Irena Lew": 1.0}


def test_who_was_asked_for_a_second_review_gives_it_as_a_row_alone(irena, cast, added):
    added(BORYS)
    review = ask_second_review(by=cast.anna, visit=Visit.objects.get(), evaluator=irena.person)

    file = added(IRENA, by=irena)

    assert file.outcome["second"] == 1
    review.refresh_from_db()
    assert review.made.evaluator == irena.person
    assert greeted() == {"Borys Sowa": 1.0, "Irena Lew": 0.0}


@pytest.mark.parametrize(
    ("before", "after"), [("10:00", "11:00"), ("darek", ""), ("telefon", "osobiście"), ("Irena Lew", "")]
)
def test_a_second_row_of_another_moment_person_or_channel_or_of_nobody_is_no_second_review(
    irena, cast, given, before, after
):
    wrong = IRENA.replace(before, after).replace(";nie;nie", ";nie;")
    file = given(cast.filip, HEAD + BORYS + wrong)

    assert (codes(file), file.outcome["second"]) == (["visit_differs"], 0)


def test_nor_is_it_one_of_a_visit_that_is_there(irena, cast, added, given):
    added(BORYS)
    ask_second_review(by=cast.anna, visit=Visit.objects.get(), evaluator=irena.person)

    file = given(irena, HEAD + IRENA.replace("10:00", "11:00"))

    assert codes(file) == ["second_review_differs"]


def test_who_served_is_not_their_own_second_evaluator(cast, added, given):
    added(BORYS)

    file = given(cast.filip, HEAD + BORYS + IRENA.replace("Irena Lew", "Darek Lis"))

    assert codes(file) == ["second_review_own"]


def test_marks_of_a_contact_that_two_people_marked_stay(irena, cast, added, given):
    added(BORYS, IRENA)

    borys = given(cast.borys, HEAD + BORYS.replace("tak", "nie"))
    assert codes(borys) == ["visit_marked_twice"]
    added(BORYS.replace("tak", "nie"))  # who answers for the whole company corrects it
    assert greeted() == {"Borys Sowa": 0.0, "Irena Lew": 0.0}


def test_a_corrected_moment_or_employee_is_that_of_all_who_marked_the_contact(irena, cast, added):
    added(BORYS, IRENA)
    added(BORYS.replace("10:00", "11:00").replace("darek", "edyta"))

    for visit in Visit.objects.all():
        assert (visit.occurred_at.hour, visit.employee) == (9, cast.edyta.person)
    assert greeted() == {"Borys Sowa": 1.0, "Irena Lew": 0.0}


def test_a_row_a_mark_of_two_people_is_read_as_both_of_them(irena, cast, given):
    head = "id;data;placówka;pracownik;oceniający;kanał;standard;wartość\n"
    rows = [
        f"R1;2026-10-05 10:00;Rynek;darek;{who};telefon;{standard};{value}\n"
        for standard in ("greet", "answer")
        for who, value in (("Borys Sowa", "tak"), ("Irena Lew", "nie"))
    ]

    file = given(cast.filip, head + "".join(rows))
    add_visits(by=cast.filip, uid=file.uid)

    assert (file.outcome["new"], file.outcome["second"], file.outcome["marks"]) == (1, 1, 4)
    assert greeted() == {"Borys Sowa": 1.0, "Irena Lew": 0.0}
