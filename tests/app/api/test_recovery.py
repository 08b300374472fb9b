"""Failures and complaints through the interface."""

from __future__ import annotations

import pytest

from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.recovery.models import Case

AT = "/api/v1/recovery-cases"


@pytest.fixture
def joanna(cast):
    return add_customer(by=cast.darek, details=Details("Joanna Kruk", "601 234 567"))


def given(rynek, **changed):
    body = {"kind": "complaint", "place": rynek.uid, "what": "Kolor zszedł", "own": True}
    return body | {"happened_at": "2026-10-01T10:00:00Z", "customer": "601 234 567"} | changed


def sent(client, body):
    return client.post(AT, body, content_type="application/json")


def test_a_case_is_noted_and_read_back(calling, cast, rynek, joanna):
    darek = calling(cast.darek)

    made = sent(darek, given(rynek))

    assert made.status_code == 201, made.content
    row = darek.get(f"{AT}/{made.json()['uid']}").json()
    assert (row["customer"], row["owner"], row["state"]) == (joanna.uid, cast.darek.person.uid, "open")
    assert (row["cost_minor"], row["told"]) == (None, "")
    listed = darek.get(AT).json()["items"]
    assert [one["uid"] for one in listed] == [row["uid"]]
    assert "customer" not in listed[0]


def test_a_customer_whom_nobody_finds_is_refused(calling, cast, rynek, joanna):
    answer = sent(calling(cast.darek), given(rynek, customer="nobody"))

    assert (answer.status_code, answer.json()["code"]) == (409, "case_customer_unknown")
    assert not Case.objects.exists()


def test_places_and_cases_of_others_are_not_there(calling, cast, rynek, galeria, joanna):
    made = sent(calling(cast.darek), given(rynek)).json()

    assert sent(calling(cast.darek), given(galeria)).status_code == 404
    for by in (cast.celina, cast.edyta, cast.hubert):
        assert calling(by).get(f"{AT}/{made['uid']}").status_code in (403, 404)
    assert calling(cast.anna).get(f"{AT}/{made['uid']}").status_code == 200


def test_a_token_without_the_scope_to_approve_reads_only_its_person_s_own(calling, cast, rynek, joanna):
    made = sent(calling(cast.darek), given(rynek)).json()

    narrow = calling(cast.anna, scopes=("advice.ask",))
    assert narrow.get(AT).json()["items"] == []
    assert narrow.get(f"{AT}/{made['uid']}").status_code == 404
    assert calling(cast.anna, scopes=("own",)).get(AT).status_code == 403


def test_a_program_says_when_a_complaint_came(calling, cast, rynek, joanna):
    darek = calling(cast.darek)

    made = sent(darek, given(rynek, received_on="2026-10-02")).json()
    assert (made["received_on"], made["due_on"]) == ("2026-10-02", "2026-10-16")
    ahead = sent(darek, given(rynek, received_on="2199-10-02"))
    assert (ahead.status_code, ahead.json()["code"]) == (409, "case_received_ahead")
