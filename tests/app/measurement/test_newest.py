"""Which measurement a page opens on, where a night measured several editions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from gracja.app.common.clock import now, today
from gracja.app.measurement.models import Result, Run
from gracja.app.measurement.selectors.newest import (
    latest_evaluated,
    latest_run,
    latest_run_of,
    latest_runs,
)
from gracja.app.standards.models import Edition


@pytest.fixture
def published(edition):
    """`published("counter", days_ago=3)`: another edition, published so long ago, in force since."""

    def make(name, *, version=1, days_ago, effective_from=None):
        moment = now() - timedelta(days=days_ago)
        return Edition.objects.create(
            edition_id=name,
            version=version,
            document=edition.document | {"id": name, "version": version},
            digest=f"{name}@{version}",
            effective_from=effective_from or moment.date(),
            published_at=moment,
        )

    return make


def measured(edition, minutes_ago):
    return Run.objects.create(
        edition=edition,
        state="done",
        period_start=edition.effective_from,
        period_end=today(),
        finished_at=now() - timedelta(minutes=minutes_ago),
    )


def test_of_several_editions_the_one_published_last_opens_whichever_ended_last(published):
    newer = measured(published("counter", days_ago=3), minutes_ago=9)
    older = measured(published("phone", days_ago=40), minutes_ago=1)

    assert latest_run() == newer
    assert latest_runs() == [newer, older]


def test_an_older_version_measured_again_does_not_push_the_one_in_force_aside(published):
    old = published("counter", days_ago=40)
    first = measured(published("counter", version=2, days_ago=3), minutes_ago=60)
    measured(old, minutes_ago=1)

    assert (latest_run(), latest_runs()) == (first, [first])


def test_an_edition_that_is_still_to_come_does_not_open_yet(published):
    current = measured(published("counter", days_ago=3), minutes_ago=9)
    coming = published("counter", version=2, days_ago=1, effective_from=today() + timedelta(days=9))
    Run.objects.create(
        edition=coming, state="done", period_start=today(), period_end=today(), finished_at=now()
    )

    assert latest_run() == current


def test_until_the_newest_edition_is_measured_the_one_before_opens(published):
    before = measured(published("counter", days_ago=40), minutes_ago=9)
    published("counter", version=2, days_ago=1)

    assert latest_run() == before


def test_of_one_edition_the_newest_measurement_opens(published):
    edition = published("counter", days_ago=3)
    measured(edition, minutes_ago=60)

    assert measured(edition, minutes_ago=1) == latest_run()


def test_somebody_opens_on_the_measurement_in_which_they_stand(published, cast):
    newer = measured(published("counter", days_ago=3), minutes_ago=9)
    older = measured(published("phone", days_ago=40), minutes_ago=1)
    for run, user in ((older, cast.darek), (older, cast.edyta), (newer, cast.edyta)):
        person = user.person
        Result.objects.create(run=run, subject_kind="employee", subject=person.key, person=person, row={})

    found = [latest_run_of(user.person.uid) for user in (cast.darek, cast.edyta, cast.anna)]
    assert found == [older, newer, newer]


def test_evaluators_are_those_of_the_edition_in_force_that_has_any(published, cast):
    older = measured(published("phone", days_ago=40), minutes_ago=1)
    newer = measured(published("counter", days_ago=3), minutes_ago=9)
    borys = {"subject_kind": "evaluator", "subject": cast.borys.person.key, "row": {}}
    Result.objects.create(run=older, **borys)
    assert latest_evaluated() == older

    Result.objects.create(run=newer, **borys)
    assert latest_evaluated() == newer


def test_the_pages_of_results_open_on_it(published, cast, signed_in):
    measured(published("counter", days_ago=3), minutes_ago=9)
    measured(published("phone", days_ago=40), minutes_ago=1)
    client = signed_in(cast.filip, language="en")

    for name in (
        "home",
        "results",
        "results_places",
        "results_standards",
        "fit",
        "over_time",
        "results_plan",
    ):
        page = client.get(reverse(name))
        assert page.context["run"].edition.name == "counter@1", name
