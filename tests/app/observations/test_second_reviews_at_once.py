"""The same second review handed in twice in one moment: one is in, and the other is told so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from app.conftest import make_user

from gracja.app.common.clock import stopped_at
from gracja.app.observations.models import Mark, SecondReview, Visit, VisitImport
from gracja.app.observations.selectors.second import sheet_to_review
from gracja.app.observations.services import imports
from gracja.app.observations.services.imports import add_visits
from gracja.app.observations.services.recording import Seen, record_visit
from gracja.app.observations.services.second import (
    ask_second_review,
    call_off_second_review,
    make_second_review,
)

pytestmark = pytest.mark.django_db(transaction=True)

CALLED = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_november():
    with stopped_at(CALLED + timedelta(hours=3)):
        yield


@pytest.fixture
def irena(cast, roles):
    return make_user("Irena Lew", roles["evaluator"])


@pytest.fixture
def asked(cast, irena, rynek, shop):
    seen = Seen("R-1", rynek, CALLED, cast.darek.person, cast.borys.person, channel="phone")
    marks = {"greet": "tak", "answer": "nie"}
    visit = record_visit(by=cast.borys, edition_uid=shop.uid, seen=seen, marks=marks)
    return ask_second_review(by=cast.anna, visit=visit, evaluator=irena.person)


@pytest.fixture
def sheet(irena, asked, given):
    """`sheet("nie")`: a file with this mark of "greet" and no other column, looked at before."""

    def filled(greet):
        heading, row = sheet_to_review(asked, "pl").decode("utf-8-sig").splitlines()
        rows = [heading.split(";")[:9], [*row.split(";")[:8], greet]]
        return given(irena, "".join(f"{';'.join(cells)}\n" for cells in rows))

    return filled


def hand_in(irena, asked, greet):
    return make_second_review(by=irena, review=asked, marks={"greet": greet}).pk


def put_in(irena, file):
    outcome = add_visits(by=irena, uid=file.uid).outcome
    return {name: outcome[name] for name in ("new", "second", "same", "changed", "faults")}


def kept():
    """What stands there: of the second visits, whose they are and the marks; whether the review is made."""
    second = Visit.objects.filter(second_to__isnull=False)
    marks = Mark.objects.filter(visit__in=second).values_list("standard", "status", "value")
    return second.count(), sorted(marks), SecondReview.objects.filter(made__in=second).count()


NOTHING = {"new": 0, "second": 0, "same": 0, "changed": 0, "faults": 0}


def test_the_same_marks_handed_in_twice_at_once_are_one_second_review(at_once, irena, asked):
    first, again = at_once(*[partial(hand_in, irena, asked, "nie")] * 2)

    assert first == again
    assert at_once(kept) == [(1, [("greet", "marked", 0.0)], 1)]


def test_of_two_that_differ_one_is_in_and_the_other_refused(at_once, irena, asked):
    done = at_once(partial(hand_in, irena, asked, "tak"), partial(hand_in, irena, asked, "nie"))

    assert done.count("second_review_made") == 1
    value = 1.0 if done[1] == "second_review_made" else 0.0
    assert at_once(kept) == [(1, [("greet", "marked", value)], 1)]


def test_marks_that_come_in_a_file_and_over_the_page_at_once_are_one_second_review(
    at_once, irena, asked, sheet
):
    file = sheet("nie")
    assert file.outcome["second"] == 1

    page, outcome = at_once(partial(hand_in, irena, asked, "nie"), partial(put_in, irena, file))

    assert isinstance(page, int)
    assert outcome in (NOTHING | {"second": 1}, NOTHING | {"same": 1})
    assert at_once(kept) == [(1, [("greet", "marked", 0.0)], 1)]


def test_two_files_with_the_same_second_review_at_once_put_it_in_once(at_once, irena, asked, sheet):
    files = [sheet("nie"), sheet("nie")]

    done = at_once(*(partial(put_in, irena, file) for file in files))

    assert sorted(done, key=str) == sorted([NOTHING | {"second": 1}, NOTHING | {"same": 1}], key=str)
    assert at_once(kept) == [(1, [("greet", "marked", 0.0)], 1)]


def test_a_file_with_one_that_is_called_off_in_that_moment_adds_it_before_or_says_why_not(
    at_once, cast, irena, asked, sheet
):
    file = sheet("nie")

    off, outcome = at_once(
        lambda: call_off_second_review(by=cast.anna, review=asked), partial(put_in, irena, file)
    )

    if off == "second_review_made":
        assert outcome == NOTHING | {"second": 1}
        assert at_once(kept) == [(1, [("greet", "marked", 0.0)], 1)]
    else:
        assert outcome == NOTHING | {"faults": 1}
        [shown] = at_once(lambda: VisitImport.objects.get().outcome["shown"])
        assert [one[3] for one in shown] == ["visit_of_somebody_else"]
        assert at_once(kept) == [(0, [], 0)]


def test_two_files_that_saw_the_same_new_contacts_put_them_in_once(
    at_once, together_after, cast, given, monkeypatch
):
    rows = [f"{day:02}.11.2026;Rynek;Darek Lis;W-{day};tak" for day in range(1, 20)]
    heading = "Data;Placówka;Pracownik;Numer;Mówi: „Dzień dobry”"
    files = [given(cast.filip, "\n".join([heading, *some]) + "\n") for some in (rows, rows[::-1])]
    assert [file.outcome["new"] for file in files] == [19, 19]
    if imports.transaction.get_connection().vendor == "postgresql":  # SQLite lets one in at a time
        together_after(imports, "compared", 2)

    done = at_once(*(partial(put_in, cast.filip, file) for file in files))

    assert sorted(done, key=str) == sorted([NOTHING | {"new": 19}, NOTHING | {"same": 19}], key=str)
    assert at_once(Visit.objects.count) == [19]
