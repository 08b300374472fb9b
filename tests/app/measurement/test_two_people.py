"""Two people's marks of one contact in a measurement: agreement is found from them, and the contact counts
once.
"""

from __future__ import annotations

from datetime import date

import pytest

from gracja.app.measurement.models import ResultSeen
from gracja.app.measurement.selectors.agreement import agreement
from gracja.app.measurement.services.gather import Beyond, Period, gather
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Mark, Visit
from gracja.app.observations.services.second import second_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured(told, visits, edition, cast):
    return lambda: carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))


@pytest.fixture
def reviewed_by_filip(cast):
    """Filip marks fifteen contacts again: as Borys did, but for the first mark of every third."""

    def review():
        for number, first in enumerate(Visit.objects.filter(second_to=None).order_by("pk")[:15]):
            second = second_visit(first, by=cast.filip, evaluator=cast.filip.person_id)
            second.save()
            for place, mark in enumerate(first.marks.filter(status="marked").order_by("pk")):
                differ = number % 3 == 0 and place == 0
                value = 1 - mark.value if differ else mark.value
                Mark.objects.create(visit=second, standard=mark.standard, status="marked", value=value)

    return review


def test_agreement_between_people_is_found_from_the_application(cast, measured, reviewed_by_filip):
    assert agreement(by=cast.filip, run=measured()).people == []

    reviewed_by_filip()
    together = agreement(by=cast.filip, run=measured()).people[0]

    assert (together.standard, together.contacts) == (None, 15)
    assert together.same.value == pytest.approx(1 - 5 / together.marks)
    assert together.same.low < together.same.value < together.same.high
    assert together.beyond.value is not None


def test_what_was_seen_of_somebody_counts_each_contact_once(measured, reviewed_by_filip, cast):
    def seen(run):
        kept = ResultSeen.objects.get(result__run=run, result__subject=cast.darek.person.key)
        return [one["marks"] for one in kept.standards]

    before = seen(measured())
    reviewed_by_filip()

    assert seen(measured()) == before


def test_a_second_review_is_no_new_contact_between_two_measurements(visits, edition, reviewed_by_filip):
    autumn = Period(date(2026, 9, 1), date(2026, 12, 31))
    before = list(Visit.objects.order_by("-pk")[:2])
    beyond = Beyond(before[1].pk, frozenset(), frozenset())
    reviewed_by_filip()

    found = gather(edition, autumn, {"visit": date(2026, 9, 1)}, beyond).observations

    assert set(found["contact"].to_pylist()) == {before[0].contact}
