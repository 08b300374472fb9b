"""The same drawn review handed in twice in one moment, in a file at the same time, or called off in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from gracja.app.common.clock import stopped_at
from gracja.app.observations.models import DrawnReview, Mark, Visit
from gracja.app.observations.services.drawn import call_off_review, make_review
from gracja.app.observations.services.imports import add_visits

pytestmark = pytest.mark.django_db(transaction=True)

CALLED = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_november():
    with stopped_at(CALLED + timedelta(hours=3)):
        yield


@pytest.fixture
def review(cast, rynek, shop):
    return DrawnReview.objects.create(
        contact="R-1",
        edition=shop,
        place=rynek,
        employee=cast.darek.person,
        occurred_at=CALLED,
        channel="phone",
        evaluator=cast.borys.person,
        stratum="random",
        inclusion=0.25,
        drawn_by=cast.filip.person,
    )


def hand_in(cast, review, greet):
    return make_review(by=cast.borys, review=review, marks={"greet": greet}).pk


def kept():
    visits = Visit.objects.values_list("inclusion", "blind")
    marks = Mark.objects.values_list("standard", "value")
    return sorted(visits), sorted(marks), DrawnReview.objects.filter(made__isnull=False).count()


def test_the_same_marks_handed_in_twice_at_once_are_one_visit(at_once, cast, review):
    first, again = at_once(*[partial(hand_in, cast, review, "nie")] * 2)

    assert first == again
    assert at_once(kept) == [([(0.25, True)], [("greet", 0.0)], 1)]


def test_of_two_that_differ_one_is_in_and_the_other_refused(at_once, cast, review):
    done = at_once(partial(hand_in, cast, review, "tak"), partial(hand_in, cast, review, "nie"))

    assert done.count("conversation_review_made") == 1
    value = 1.0 if done[1] == "conversation_review_made" else 0.0
    assert at_once(kept) == [([(0.25, True)], [("greet", value)], 1)]


def test_one_that_is_called_off_in_that_moment_is_made_or_called_off_and_never_both(at_once, cast, review):
    made, off = at_once(
        partial(hand_in, cast, review, "tak"), partial(call_off_review, by=cast.anna, review=review)
    )

    assert (made == "conversation_review_called_off") != (off == "conversation_review_made")
    [(visits, _, done)] = at_once(kept)
    assert len(visits) == done == (off == "conversation_review_made")


def test_marks_that_come_in_a_file_and_over_the_page_at_once_are_one_visit(at_once, cast, review, given):
    text = (
        "Data;Placówka;Pracownik;Oceniający;Kanał;Numer wizyty;Mówi: „Dzień dobry”\n"
        "20.11.2026 16:00;Rynek;Darek Lis;Borys Sowa;telefon;R-1;nie\n"
    )
    file = given(cast.borys, text)
    assert (file.outcome["new"], file.outcome["faults"]) == (1, 0)

    page, _ = at_once(
        partial(hand_in, cast, review, "nie"), lambda: add_visits(by=cast.borys, uid=file.uid).outcome
    )

    assert isinstance(page, int)
    [(visits, marks, done)] = at_once(kept)
    assert (marks, done, [chance for chance, _ in visits]) == ([("greet", 0.0)], 1, [0.25])
