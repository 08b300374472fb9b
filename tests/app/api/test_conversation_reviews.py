"""Conversations drawn for review, for programs."""

from __future__ import annotations

import json

import pytest

from gracja.app.contacts.models import ExternalId
from gracja.app.observations.models import DrawnReview

pytestmark = pytest.mark.django_db

DRAW = {"period_start": "2026-09-01", "period_end": "2026-12-31", "contacts": 4, "per_employee": 0}


def send(client, address, given=None):
    body = json.dumps(given or {})
    return client.generic("POST", f"/api/v1/conversation-reviews{address}", body, "application/json")


@pytest.fixture
def drawn(archived, cast, rynek, edition, calling):
    ExternalId.objects.create(system="upload", value="salon_rynek", place=rynek)
    answer = send(calling(cast.filip), "", DRAW | {"edition": edition.uid})
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_they_are_drawn_listed_and_marked_by_whom_chance_gave_them_to(cast, calling, drawn, edition):
    assert (len(drawn["drawn"]), drawn["given_to_nobody"]) == (4, 0)
    assert drawn["population"] + drawn["nowhere"] == 200
    borys = calling(cast.borys)
    listed = borys.get("/api/v1/conversation-reviews").json()["items"]
    assert {one["uid"] for one in listed} == set(drawn["drawn"])
    one = listed[0]
    marks = {"marks": {seen_in(edition, one["channel"]): "yes"}}

    made, again = (send(borys, f"/{one['uid']}/marks", marks) for _ in range(2))

    assert made.status_code == 201, made.content
    assert made.json()["uid"] == again.json()["uid"]
    assert (made.json()["blind"], made.json()["inclusion"]) == (True, pytest.approx(one["inclusion"]))
    over = borys.get("/api/v1/conversation-reviews", {"show": "over"}).json()["items"]
    assert [each["made"] for each in over] == [made.json()["uid"]]


def test_they_are_given_on_and_called_off_by_who_orders_there(cast, calling, drawn):
    uid = drawn["drawn"][0]
    given = {"evaluator": cast.grazyna.person.uid}

    assert send(calling(cast.celina), f"/{uid}/giving", given).status_code == 404
    assert send(calling(cast.anna), f"/{uid}/giving", given).json()["evaluator"] == given["evaluator"]
    strange = send(calling(cast.anna), f"/{uid}/giving", {"evaluator": cast.celina.person.uid})
    assert (strange.status_code, strange.json()["code"]) == (409, "conversation_review_reader")
    off, again = (send(calling(cast.anna), f"/{uid}/calling-off") for _ in range(2))
    assert off.json()["called_off_at"] == again.json()["called_off_at"] is not None
    assert DrawnReview.objects.filter(called_off_at=None).count() == 3


def test_what_cannot_be_drawn_is_said_in_words(cast, calling, drawn, edition):
    answer = send(calling(cast.filip), "", DRAW | {"edition": edition.uid, "contacts": 900})

    assert (answer.status_code, answer.json()["code"]) == (409, "conversation_review_few")
    assert "neither reviewed nor waiting" in answer.json()["detail"]


def seen_in(edition, channel):
    """A standard of yes or no of this channel."""
    parts = edition.document["sequence"]
    standards = [one for part in parts for each in part["enhancers"] for one in each["standards"]]
    return next(
        one["standard"]
        for one in standards
        if channel in one["channels"] and one.get("measure", "yes_no") == "yes_no"
    )
