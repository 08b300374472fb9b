"""What pages and programs tell of contacts since the measurement, and of nights."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from gracja.app.common.clock import now
from gracja.app.measurement.models import Footing, Nights, Run
from gracja.app.measurement.services.refreshing import refresh_estimates
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Mark, Visit
from gracja.engine.edition.read import edition_from_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast, edition, told, visits, rynek):
    """A measurement, and three visits since in which Darek met nothing."""
    run = carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))
    for number in range(3):
        visit = Visit.objects.create(
            contact=f"since-{number}",
            edition=edition,
            place=rynek,
            employee=cast.darek.person,
            evaluator=cast.borys.person,
            occurred_at=now() - timedelta(hours=1),
        )
        Mark.objects.bulk_create(
            Mark(visit=visit, standard=one.standard, status="marked", value=0.0)
            for _, _, one in edition_from_json(edition.document).standards()
        )
    refresh_estimates()
    return run


def page_of(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode().replace("\u00a0", " ")


def test_ones_own_page_tells_of_the_new_visits_as_provisional_and_what_stays(cast, run, signed_in):
    text = page_of(signed_in(cast.darek), "my_results")

    moved = Footing.objects.get(result__person=cast.darek.person)
    assert "With 3 new visits" in text
    assert "Provisional" in text
    assert "The grade and the place stay those of the measurement" in text
    assert f"{round(100 * moved.base)}%" in text


def test_whose_result_did_not_move_is_told_nothing(cast, run, signed_in):
    assert "Provisional" not in page_of(signed_in(cast.edyta), "my_results")


def test_the_list_says_it_under_the_name_and_only_of_whom_the_reader_may_read(cast, run, signed_in):
    assert "With 3 new visits" in page_of(signed_in(cast.anna), "results")
    celina = page_of(signed_in(cast.celina), "results")
    assert "new visits" not in celina
    assert "as provisional" not in celina


def test_an_older_measurement_stays_as_it_was(cast, edition, run, signed_in):
    carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))
    text = signed_in(cast.filip).get(reverse("results") + f"?run={run.uid}").content.decode()

    assert "new visits" not in text.replace("\u00a0", " ")


def test_programs_read_the_same(cast, run, calling):
    people = calling(cast.filip).get(f"/api/v1/runs/{run.uid}/people").json()["items"]
    since = {one["subject"]: one["since"] for one in people}
    mine = calling(cast.darek, scopes=["own"]).get("/api/v1/me/result").json()["since"]

    assert mine == since[cast.darek.person.uid]
    assert mine["contacts"] == 3
    assert mine["base"]["low"] < mine["base"]["value"] < mine["base"]["high"]
    assert since[cast.edyta.person.uid] is None


def test_the_hour_of_the_night_is_chosen_on_the_page_of_measurements(cast, company, signed_in):
    client = signed_in(cast.filip)
    assert "Every night" in page_of(client, "runs")
    client.post(reverse("run_by_night"), {"hour": "5"})
    assert Nights.objects.get().hour == 5
    client.post(reverse("run_by_night"), {"hour": "never"})
    assert Nights.objects.get().hour is None
    assert "Nothing is measured by itself" in page_of(client, "runs")


@pytest.mark.parametrize("given", ["", "24", "-1", "3.5", "99999999999", "²"])
def test_an_hour_that_is_none_changes_nothing(cast, company, signed_in, given):
    client = signed_in(cast.filip)
    answer = client.post(reverse("run_by_night"), {"hour": given}, follow=True)

    assert "full hour" in answer.content.decode()
    assert not Nights.objects.exclude(hour=3).exists()


def test_a_night_that_failed_is_said_until_one_succeeds(cast, edition, company, signed_in):
    days = {"edition": edition, "period_start": date(2026, 9, 1), "period_end": date(2026, 11, 22)}
    Run.objects.create(
        **days, nightly=True, state="failed", trouble={"code": "job_broke", "facts": {}}, finished_at=now()
    )
    client = signed_in(cast.filip)
    text = page_of(client, "runs")
    assert "failed.</b>" in text
    assert "It is tried again the next night" in text
    assert "by night" in text

    Run.objects.create(**days, nightly=True, state="done", finished_at=now())
    assert "failed.</b>" not in page_of(client, "runs")


def test_nights_push_nothing_that_somebody_asked_for_off_the_list(cast, edition, company, signed_in):
    days = {"edition": edition, "period_start": date(2026, 9, 1), "state": "done", "finished_at": now()}
    for number in range(60):
        Run.objects.create(**days, period_end=date(2026, 9, 2), asked_at=now() - timedelta(days=90 + number))
    for number in range(40):
        asked_at = now() - timedelta(hours=number)
        Run.objects.create(**days, period_end=date(2026, 11, 22), nightly=True, asked_at=asked_at)
    client = signed_in(cast.filip)
    pages = [client.get(reverse("runs"), {"page": page}).content.decode() for page in (1, 2)]
    rows = [re.findall(r"/results/\?run=[\w-]+", text) for text in pages]

    assert [len(set(page)) for page in rows] == [50, 40]
    assert sum(text.count("by night") for text in pages) == 30


def test_a_failed_night_is_said_however_much_was_measured_since(cast, edition, company, signed_in):
    other = type(edition).objects.get(pk=edition.pk)
    other.pk, other.uid, other.edition_id, other.digest = None, "other", "other", "another"
    other.save(force_insert=True)
    days = {"period_start": date(2026, 9, 1), "period_end": date(2026, 11, 22), "nightly": True}
    Run.objects.create(
        **days,
        edition=other,
        state="failed",
        trouble={"code": "job_broke", "facts": {}},
        asked_at=now() - timedelta(days=3),
    )
    for _ in range(40):
        Run.objects.create(**days, edition=edition, state="done", finished_at=now())

    assert "failed.</b>" in page_of(signed_in(cast.filip), "runs")


def test_programs_choose_the_hour(cast, company, calling):
    client = calling(cast.filip)
    answer = client.put("/api/v1/nights", {"hour": 4}, content_type="application/json")
    assert (answer.status_code, answer.json()["hour"]) == (200, 4)
    assert client.get("/api/v1/nights").json()["next_at"] is not None
    client.put("/api/v1/nights", {"hour": None}, content_type="application/json")
    assert client.get("/api/v1/nights").json() == {"hour": None, "next_at": None, "last_night": None}
    wrong = client.put("/api/v1/nights", {"hour": 24}, content_type="application/json")
    assert wrong.status_code == 422
    anna = calling(cast.anna).put("/api/v1/nights", {"hour": 4}, content_type="application/json")
    assert anna.status_code == 403


def test_what_is_new_costs_a_page_few_queries(cast, run, signed_in, django_assert_max_num_queries):
    for user, name in ((cast.filip, "results"), (cast.darek, "my_results"), (cast.filip, "runs")):
        client = signed_in(user)
        client.get("/me/")  # what a server asks once in its life
        with django_assert_max_num_queries(15):
            assert client.get(reverse(name)).status_code == 200
