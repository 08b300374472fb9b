from __future__ import annotations

from datetime import date, timedelta

import pytest

from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import ExternalId
from gracja.app.measurement.services.runs import ask_for_run, carry_out
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


def test_what_happened_before_the_notice_is_left_out(cast, edition, told, visits):
    told.measured_from = date(2026, 10, 21)
    told.save()

    run = carry_out(asked(cast.filip, edition))

    darek = run.results.get(person=cast.darek.person, subject_kind="employee")
    assert darek.contacts == 10


def test_a_measurement_without_any_mark_says_so_and_fails(cast, edition, told):
    run = carry_out(asked(cast.filip, edition))

    assert (run.state, run.trouble["code"]) == ("failed", "observations_empty")


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


def test_a_run_that_broke_can_be_asked_for_again_and_says_so(cast, edition, told, visits, monkeypatch):
    run = asked(cast.filip, edition)

    def breaks(*args, **kwargs):
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr("gracja.app.measurement.services.runs._keep", breaks)
        with pytest.raises(RuntimeError):
            carry_out(run)
    run.refresh_from_db()
    assert (run.state, run.trouble["code"]) == ("failed", "job_broke")
    assert "serwer" in trouble(run.trouble) or "server" in trouble(run.trouble)

    again = carry_out(asked(cast.filip, edition))
    assert (again.state, again.trouble) == ("done", {})


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


def test_a_measurement_left_behind_by_a_killed_worker_stops_nobody_for_long(cast, edition, told, visits):
    stuck = asked(cast.filip, edition)
    stuck.state, stuck.asked_at = "running", stuck.asked_at - timedelta(hours=2)
    stuck.save()

    assert asked(cast.filip, edition).uid != stuck.uid
