from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django_tasks_db.models import DBTaskResult

from gracja.app.common import jobs
from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import ExternalId
from gracja.app.measurement.models import Run
from gracja.app.measurement.services.runs import ask_for_run, carry_out, carry_out_run
from gracja.app.organisation.models import StaffNotice
from gracja.app.web.templatetags.results import trouble

QUARTER = {"period_start": date(2026, 9, 1), "period_end": date(2026, 11, 30)}


def asked(by, edition, **more):
    return ask_for_run(by=by, edition_uid=edition.uid, **(QUARTER | more))


def test_visits_become_fair_results_of_those_who_were_visited(cast, edition, told, visits):
    run = carry_out(asked(cast.filip, edition))

    assert run.state == "done"
    results = {row.person: row for row in run.results.filter(subject_kind="employee")}
    darek, edyta = results[cast.darek.person], results[cast.edyta.person]
    assert darek.contacts == edyta.contacts == 20
    assert darek.row["base_low"] > edyta.row["base_high"]
    assert run.basis == {"on": "human", "rows": {"visit": 40 * len(list_of_standards(edition))}}


def list_of_standards(edition):
    return [
        standard
        for part in edition.document["sequence"]
        for enhancer in part.get("enhancers", [])
        for standard in enhancer.get("standards", [])
    ]


def test_automatic_marks_belong_to_whom_the_export_names_once_that_is_mapped(cast, edition, told, archived):
    ExternalId.objects.create(system="upload", value="Darek Wójcik", person=cast.darek.person)

    run = carry_out(asked(cast.filip, edition))

    (only,) = run.results.filter(subject_kind="employee")
    assert only.person == cast.darek.person
    assert "Darek Wójcik" not in run.unmapped["employee"]
    assert run.unmapped["employee"]["Celina Mazur"] > 0
    assert run.basis["on"] == "automatic"


def test_a_name_in_the_results_is_a_key_so_that_the_person_can_be_erased(cast, edition, told, visits):
    run = carry_out(asked(cast.filip, edition))

    assert {row.subject for row in run.results.filter(subject_kind="employee")} == {
        cast.darek.person.key,
        cast.edyta.person.key,
    }


def test_nothing_is_measured_before_staff_were_told(cast, edition, visits):
    with pytest.raises(Refused) as refused:
        asked(cast.filip, edition)

    assert refused.value.code == "staff_not_told"


def test_what_happened_before_the_notice_is_left_out(cast, edition, visits):
    StaffNotice.objects.create(
        text_pl="Od 21 października.",
        sources=["visit"],
        given_at=datetime(2026, 10, 1, tzinfo=UTC),
        measured_from=date(2026, 10, 21),
    )

    run = carry_out(asked(cast.filip, edition))

    darek = run.results.get(person=cast.darek.person, subject_kind="employee")
    assert darek.contacts == 10


def test_a_measurement_without_any_mark_says_so_and_fails(cast, edition, told):
    run = carry_out(asked(cast.filip, edition))

    assert (run.state, run.trouble["code"]) == ("failed", "nothing_in_period")


def test_the_same_measurement_is_not_queued_twice(cast, edition, told):
    asked(cast.filip, edition)

    with pytest.raises(Refused) as refused:
        asked(cast.filip, edition)
    assert refused.value.code == "run_waiting"


def test_a_run_that_is_done_is_not_done_again(cast, edition, told, visits):
    run = carry_out(asked(cast.filip, edition))
    before = list(run.results.values_list("pk", flat=True))

    assert list(carry_out(run).results.values_list("pk", flat=True)) == before


def test_an_employee_may_not_ask_for_a_measurement(cast, edition, told):
    with pytest.raises(Refused) as refused:
        asked(cast.darek, edition)
    assert refused.value.code == "not_permitted"


def test_a_period_that_ends_before_it_begins_is_refused(cast, edition, told):
    with pytest.raises(Refused) as refused:
        asked(cast.filip, edition, period_end=date(2026, 8, 1))
    assert refused.value.code == "period_backwards"


def test_asking_and_measuring_stand_in_the_log(cast, edition, told, visits):
    run = carry_out(asked(cast.filip, edition))

    entries = AuditEntry.objects.filter(subject_key=run.uid).order_by("pk")
    assert [(entry.action, entry.by_key) for entry in entries] == [
        ("measurement.ask", cast.filip.person.key),
        ("measurement.done", ""),
    ]


@pytest.fixture
def breaking(monkeypatch):
    """Nothing can be kept: with what it says."""

    def begin(error):
        def breaks(*args, **kwargs):
            raise error

        monkeypatch.setattr("gracja.app.measurement.services.runs._keep", breaks)
        return monkeypatch

    return begin


def test_a_run_whose_database_was_busy_is_tried_again_later(cast, edition, told, visits, breaking):
    run = asked(cast.filip, edition)
    patch = breaking(OperationalError("database is locked"))

    carry_out(run)

    run.refresh_from_db()
    assert (run.state, run.trouble["code"], run.attempts) == ("queued", "job_broke", 1)
    assert run.not_before > now()
    patch.undo()
    Run.objects.update(not_before=None)
    carry_out_run.call(run.uid)
    run.refresh_from_db()
    assert (run.state, run.trouble, run.attempts) == ("done", {}, 2)


def test_a_run_that_broke_three_times_says_so_and_can_be_asked_for_again(
    cast, edition, told, visits, breaking
):
    run = asked(cast.filip, edition)
    patch = breaking(RuntimeError("boom"))
    for _ in range(3):
        Run.objects.update(not_before=None)
        carry_out_run.call(run.uid)
    run.refresh_from_db()
    assert (run.state, run.trouble["code"]) == ("failed", "job_broke")
    assert "serwer" in trouble(run.trouble) or "server" in trouble(run.trouble)

    patch.undo()
    again = carry_out(asked(cast.filip, edition))
    assert (again.state, again.trouble) == ("done", {})


def killed(run, *, ago=jobs.DEAD_AFTER + timedelta(seconds=1), attempts=1):
    Run.objects.filter(pk=run.pk).update(state="running", attempts=attempts, beat_at=now() - ago)
    run.refresh_from_db()


def test_a_run_whose_worker_was_killed_is_gone_on_with_within_minutes(cast, edition, told, visits):
    run = asked(cast.filip, edition)
    killed(run)
    assert run.dead

    carry_out_run.call(run.uid)

    run.refresh_from_db()
    assert (run.state, run.attempts) == ("done", 2)
    assert timedelta(minutes=1) < jobs.DEAD_AFTER + jobs.LOOKED_AFTER < timedelta(minutes=4)


def test_a_run_that_somebody_works_at_is_left_to_them_and_looked_at_again(cast, edition, told, visits):
    run = asked(cast.filip, edition)
    killed(run, ago=timedelta(seconds=5))

    carry_out_run.call(run.uid)

    run.refresh_from_db()
    assert (run.state, run.attempts, run.results.count()) == ("running", 1, 0)
    looks = DBTaskResult.objects.filter(run_after__gt=now())
    assert [one.args_kwargs["args"] for one in looks] == [[run.uid]]


def test_what_killed_its_worker_three_times_is_given_up(cast, edition, told, visits):
    run = asked(cast.filip, edition)
    killed(run, attempts=3)

    carry_out_run.call(run.uid)

    run.refresh_from_db()
    assert (run.state, run.trouble["code"], run.results.count()) == ("failed", "job_broke", 0)


def closed():
    """End the thread's connection; one to a database in memory stays open otherwise."""
    connection.close()
    if connection.connection:
        connection.connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_run_measure_it_once(cast, edition, told, visits):
    run = asked(cast.filip, edition)
    did, measuring, looked = [], threading.Event(), threading.Event()

    def measured():
        measuring.set()
        assert looked.wait(60)

    def work():
        mine = Run.objects.get(pk=run.pk)
        did.append(jobs.carry_out(mine, measured, carry_out_run))
        closed()

    worker = threading.Thread(target=work)
    worker.start()
    assert measuring.wait(60)
    did.append(jobs.carry_out(Run.objects.get(pk=run.pk), measured, carry_out_run))
    looked.set()
    worker.join()

    assert did == [False, True]


@pytest.mark.django_db(transaction=True)
def test_a_long_calculation_that_tells_nothing_is_not_taken_for_dead(cast, edition, told, monkeypatch):
    run = asked(cast.filip, edition)
    say_alive = jobs.say_alive
    monkeypatch.setattr(jobs, "PULSE_SECONDS", 0.05)
    monkeypatch.setattr(jobs, "say_alive", lambda *given: (say_alive(*given), closed()))
    seen = []

    def work():
        Run.objects.filter(pk=run.pk).update(beat_at=now() - timedelta(hours=1))
        time.sleep(0.5)
        seen.append(Run.objects.get(pk=run.pk).dead)

    jobs.carry_out(run, work, carry_out_run)

    assert seen == [False]


def test_a_trainee_is_measured_but_compared_with_nobody(cast, edition, told, visits):
    cast.edyta.person.trainee_until = date(2026, 12, 31)
    cast.edyta.person.save()

    run = carry_out(asked(cast.filip, edition))

    rows = {row.person: row.row for row in run.results.filter(subject_kind="employee")}
    assert rows[cast.edyta.person]["base"] is not None
    assert rows[cast.edyta.person]["rank_high"] is None
    assert rows[cast.darek.person]["rank_high"] in (None, 1)


def test_a_person_s_code_does_not_make_somebody_elses_conversations_theirs(cast, edition, told, archived):
    cast.darek.person.code = "Celina Mazur"
    cast.darek.person.save()

    run = carry_out(asked(cast.filip, edition))

    assert not run.results.filter(subject_kind="employee").exists()
