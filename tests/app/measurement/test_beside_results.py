"""What a measurement keeps beside its results: agreement, misfit, courses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Mark, Visit

pytestmark = pytest.mark.django_db


def say(edition, place, number, at, values, **who):
    visit = Visit.objects.create(contact=f"c{number}", edition=edition, place=place, occurred_at=at, **who)
    Mark.objects.bulk_create(
        Mark(visit=visit, standard=name, status="marked", value=float(value))
        for name, value in values.items()
    )


@pytest.fixture
def run(cast, edition, told):
    return lambda: carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))


def test_a_place_of_one_person_keeps_no_course(run, visits):
    assert not run().courses.exists()


@pytest.fixture
def three(cast, edition, rynek):
    """Ten weeks of visits at Rynek to three people, who greet better from the sixth week on."""
    random = np.random.default_rng(4)
    people = [cast.darek.person, cast.edyta.person, cast.anna.person]
    for number in range(300):
        week = number // 30
        at = datetime(2026, 9, 7, 9, tzinfo=UTC) + timedelta(weeks=week, days=number % 5)
        met = random.random(2) < (0.5 if week < 5 else 0.95, 0.8)
        say(edition, rynek, number, at, dict(zip(("greet", "reads_time_back"), met, strict=True)),
            employee=people[number % 3], evaluator=cast.borys.person)  # fmt: skip


def test_a_place_of_three_keeps_its_course_and_what_changed(run, three, rynek):
    found = {(one.place, one.standard): one for one in run().courses.all()}

    greet = found[rynek, "greet"]
    assert greet.grain == "week"
    assert greet.begins[0] == "2026-09-07"
    assert sum(greet.judged) == 300
    assert abs(greet.change["period"] - 5) <= 1
    assert set(found) == {
        (rynek, ""),
        (None, "greet"),
        (None, "reads_time_back"),
        (rynek, "greet"),
        (rynek, "reads_time_back"),
    }


def test_each_result_keeps_how_well_its_marks_follow_the_model(cast, run, three):
    done = run()

    fits = {row.subject: row.model_fit for row in done.results.all()}
    darek = fits[cast.darek.person.key]
    assert darek["marks"] == 200
    assert darek["infit_low"] < 1 < darek["infit_high"]
    assert "subject" not in darek
    assert darek["slope"] is None
    assert fits["greet"]["slope_low"] < fits["greet"]["slope_high"]
    assert (done.agreement["rows"], done.agreement["anchoring"]["blind"]) == ([], 0)
