"""What every operation has: who comes in, problems, pages of lists, and writes that are done once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from gracja.app.api.document import document
from gracja.app.measurement.models import Run
from gracja.app.tokens.models import KeptAnswer

KEPT = Path(__file__).parents[3] / "docs" / "openapi.json"


@pytest.fixture
def runs(edition):
    return [
        Run.objects.create(
            edition=edition, period_start=date(2026, 9, day), period_end=date(2026, 9, day), state="done"
        )
        for day in range(1, 6)
    ]


def problem(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.json()


def test_the_committed_document_is_that_of_the_code():
    said = "docs/openapi.json is out of date. Renew it: .venv/bin/python scripts/openapi.py"
    assert json.loads(KEPT.read_text(encoding="utf-8")) == document(), said


def test_the_document_is_served_to_everybody(client, db):
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == document()


def test_every_operation_says_what_it_does_and_what_it_needs():
    for ways in document()["paths"].values():
        for operation in ways.values():
            assert len(operation["description"].split("\n\nScope:")[0]) > 20
            assert operation["security"][0]["Token"]
            assert {"401", "403"} <= operation["responses"].keys()


def test_without_a_token_nothing_is_said(client, db):
    answer = client.get("/api/v1/me", headers={"accept-language": "en"})

    said = problem(answer)
    assert answer.status_code == 401
    assert said["code"] == "not_signed_in"
    assert said["instance"] == "/api/v1/me"
    assert "Bearer" in said["detail"]


@pytest.mark.parametrize("header", ["Bearer guessed", "Basic QTpC", "Bearer ", "gracja_"])
def test_what_is_no_token_is_none(client, db, header):
    assert client.get("/api/v1/me", headers={"authorization": header}).status_code == 401


def test_a_token_says_who_one_is(cast, calling):
    said = calling(cast.anna).get("/api/v1/me").json()

    assert said["uid"] == cast.anna.person.uid
    assert "roster.manage" in said["permissions"]


def test_a_browser_that_is_signed_in_reads_and_cannot_write(cast, signed_in, edition, told):
    browser = signed_in(cast.grazyna)

    assert browser.get("/api/v1/me").status_code == 200
    answer = browser.post("/api/v1/runs", {"edition": edition.uid}, content_type="application/json")
    assert problem(answer)["code"] == "not_signed_in"
    assert not Run.objects.exists()


def test_a_token_without_the_scope_is_told_which_one(cast, calling):
    answer = calling(cast.grazyna, scopes=["own"], language="pl").get("/api/v1/runs")

    assert answer.status_code == 403
    assert problem(answer)["facts"] == {"scope": "result.read"}
    assert "nie ma zakresu" in answer.json()["detail"]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_refusal_of_a_service_is_a_problem_in_the_caller_s_language(cast, calling, edition, language):
    answer = calling(cast.filip, language=language).post(
        "/api/v1/runs", {"edition": edition.uid}, content_type="application/json"
    )

    said = problem(answer)
    assert (answer.status_code, said["code"]) == (409, "staff_not_told")
    assert said["title"] == {"pl": "Odmowa zgodnie z regułą", "en": "Refused by a rule"}[language]


def test_what_a_role_does_not_permit_is_forbidden(cast, calling, edition, told):
    answer = calling(cast.anna).post(
        "/api/v1/runs", {"edition": edition.uid}, content_type="application/json"
    )

    assert (answer.status_code, problem(answer)["code"]) == (403, "not_permitted")


def test_every_value_that_does_not_fit_is_named(cast, calling):
    answer = calling(cast.filip).post(
        "/api/v1/runs",
        {"edition": "a\x00", "period_start": "soon", "colour": 1},
        content_type="application/json",
    )

    found = {one["field"]: one["code"] for one in problem(answer)["errors"]}
    assert answer.status_code == 422
    assert found == {
        "body.edition": "field_pattern",
        "body.period_start": "field_day",
        "body.colour": "field_unknown",
    }


@pytest.mark.parametrize("body", ["{", "\xff", "[" * 100_000, '{"edition": NaN}', "null", ""])
def test_a_body_that_is_no_json_is_no_accident(cast, calling, body):
    answer = calling(cast.filip).post("/api/v1/runs", body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert problem(answer)["detail"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(cast, calling, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    answer = calling(cast.filip).post("/api/v1/runs", "x" * (2**20 + 1), content_type="application/json")

    assert (answer.status_code, problem(answer)["facts"]) == (413, {"megabytes": 1})


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/nothing", "/api/v1/runs/", "/api/v2"])
def test_where_there_is_nothing_a_problem_or_a_page_says_so(cast, calling, address):
    answer = calling(cast.filip).get(address)

    assert answer.status_code == 404
    assert address == "/api/v2" or problem(answer)["code"] == "nothing_here"


def test_a_method_that_is_not_possible_names_those_that_are(cast, calling):
    answer = calling(cast.filip).delete("/api/v1/runs")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
    assert problem(answer)["facts"]["method"] == "DELETE"


def test_what_breaks_is_told_as_a_problem_too(cast, calling, monkeypatch, caplog):
    monkeypatch.setattr("gracja.app.measurement.selectors.results.readable_runs", lambda **_: 1 / 0)

    answer = calling(cast.filip).get("/api/v1/runs")

    assert (answer.status_code, problem(answer)["code"]) == (500, "server_broken")
    assert "division" not in answer.content.decode()


def test_a_list_comes_a_page_at_a_time_and_rows_that_come_meanwhile_change_nothing(cast, calling, runs):
    client = calling(cast.filip)
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/runs?limit=2{cursor and '&cursor=' + cursor}").json()
        seen += [one["uid"] for one in page["items"]]
        cursor = page["next"]
        Run.objects.create(
            edition=runs[0].edition, period_start=date(2026, 10, 1), period_end=date(2026, 10, 1)
        )

    assert seen == [run.uid for run in reversed(runs)]


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "IjEi", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ", "ą"])
def test_a_cursor_that_was_not_given_out_is_refused(cast, calling, cursor):
    answer = calling(cast.filip).get("/api/v1/runs", {"cursor": cursor})

    assert (answer.status_code, problem(answer)["code"]) == (422, "cursor_unknown")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many"])
def test_a_limit_out_of_range_is_refused(cast, calling, limit):
    assert calling(cast.filip).get("/api/v1/runs", {"limit": limit}).status_code == 422


def start(client, edition, key, **more):
    return client.post(
        "/api/v1/runs",
        {"edition": edition.uid} | more,
        content_type="application/json",
        headers={"idempotency-key": key},
    )


def test_a_write_sent_again_under_its_key_is_answered_again_and_not_done_again(cast, calling, edition, told):
    client = calling(cast.filip)

    first, second = (start(client, edition, "abc") for _ in range(2))

    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Run.objects.count() == 1


def test_a_key_with_another_request_is_refused(cast, calling, edition, told):
    client = calling(cast.filip)
    start(client, edition, "abc")

    answer = start(client, edition, "abc", period_start="2026-09-02")

    assert (answer.status_code, problem(answer)["code"]) == (422, "key_reused")
    assert Run.objects.count() == 1


def test_another_person_may_use_the_same_key(cast, calling, edition, told):
    start(calling(cast.filip), edition, "abc")

    answer = start(calling(cast.grazyna), edition, "abc", period_start="2026-09-02")

    assert answer.status_code == 202


def test_what_was_refused_is_done_under_the_same_key_once_it_can_be(cast, calling, edition, request):
    client = calling(cast.filip)
    assert start(client, edition, "abc").status_code == 409
    request.getfixturevalue("told")

    assert start(client, edition, "abc").status_code == 202


def test_a_kept_answer_goes_after_a_day(cast, calling, edition, told):
    client = calling(cast.filip)
    start(client, edition, "abc")
    kept = KeptAnswer.objects.get()
    KeptAnswer.objects.update(made_at=kept.made_at.replace(year=2025))

    start(client, edition, "new", period_start="2026-09-02")

    assert KeptAnswer.objects.get().key_hash != kept.key_hash


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "ż"])
def test_a_key_of_another_form_is_refused(cast, calling, edition, told, key):
    assert start(calling(cast.filip), edition, key).status_code == 422


def test_answers_are_not_kept_by_anybody_on_the_way(cast, calling):
    answer = calling(cast.anna).get("/api/v1/me")

    assert "no-store" in answer.headers["Cache-Control"]
    assert "Authorization" in answer.headers["Vary"]
