"""The page of evaluators where a measurement has none: why, and what to do."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from gracja.app.common.clock import now
from gracja.app.measurement.models import Run
from gracja.app.measurement.selectors.newest import latest_evaluated
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Mark, Visit
from gracja.app.organisation.models import StaffNotice

pytestmark = pytest.mark.django_db

DECEMBER = date(2026, 12, 1)


@pytest.fixture
def of_conversations(edition):
    """A measurement of the autumn that rests on no visit."""
    return Run.objects.create(
        edition=edition,
        period_start=date(2026, 9, 1),
        period_end=date(2026, 11, 22),
        state="done",
        finished_at=now(),
        basis={"on": "automatic"},
    )


@pytest.fixture
def read(cast, signed_in):
    def page(run=None):
        asked = {"run": run.uid} if run else {}
        return signed_in(cast.filip).get(reverse("results_evaluators"), asked).content.decode()

    return page


def told_of_visits_from(day):
    StaffNotice.objects.create(
        text_pl="Mierzymy wizyty.",
        sources=["visit"],
        given_at=datetime(2026, 11, 16, tzinfo=UTC),
        measured_from=day,
    )


def test_visits_on_trial_are_counted_and_the_page_says_from_when_visits_count(read, of_conversations, visits):
    told_of_visits_from(DECEMBER)

    text = read()

    assert "40 visits of this period are on trial, and do not count." in text
    assert re.search(r"measured from 1.December.2026", text)
    assert reverse("visits") in text


def test_of_visits_that_staff_were_never_told_of_the_page_says_that_a_notice_is_missing(
    read, of_conversations, visits
):
    text = read()

    assert "40 visits of this period are on trial" in text
    assert "Staff were not told" in text
    assert reverse("notices") in text


def test_visits_that_came_after_the_measurement_ask_for_another(read, of_conversations, told, visits):
    text = read()

    assert "40 visits of this period came after the measurement." in text
    assert reverse("runs") in text


def test_a_visit_without_a_mark_is_nothing_to_count(read, of_conversations, told, visits):
    counted = Visit.objects.get(contact="visit-0")
    Mark.objects.exclude(visit=counted).update(status="not_seen", value=None)

    assert "1 visit of this period came after the measurement." in read()


def test_without_a_visit_the_page_says_so(read, of_conversations, told):
    text = read()

    assert "Nobody evaluated in this period." in text
    assert "No visits in this period" in text


def test_a_newer_measurement_of_conversations_does_not_hide_the_evaluators(
    cast, read, edition, told, visits, of_conversations
):
    run = carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))
    of_conversations.finished_at = now()
    of_conversations.save()

    assert latest_evaluated() == run
    text = read()
    assert "Borys Sowa" in text
    assert "this is the newest one that does" in text
    assert "Borys Sowa" not in read(of_conversations)


def test_whoever_looks_at_an_older_measurement_stays_with_it_from_page_to_page(
    cast, edition, told, visits, of_conversations, signed_in
):
    older = carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))
    client = signed_in(cast.filip)

    asked = client.get(reverse("results_places"), {"run": older.uid}).content.decode()
    assert f'{reverse("results_standards")}?run={older.uid}"' in asked
    assert f'{reverse("results_evaluators")}?run={older.uid}"' in asked
    assert "?run=" not in client.get(reverse("results_places")).content.decode().split("<main")[0]
