"""Second reviews for programs."""

from __future__ import annotations

import json

import pytest

from gracja.app.observations.models import SecondReviewShare, Visit

pytestmark = pytest.mark.django_db


def send(client, method, address, given=None):
    body = json.dumps(given or {})
    return client.generic(method, f"/api/v1{address}", body, content_type="application/json")


@pytest.fixture
def visit(visits, cast):
    return Visit.objects.filter(employee=cast.darek.person).first()


@pytest.fixture
def asked(calling, cast, visit):
    given = {"visit": visit.uid, "evaluator": cast.anna.person.uid}
    answer = send(calling(cast.filip), "POST", "/second-reviews", given)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_it_is_asked_for_made_blind_and_then_both_visits_can_be_read(cast, calling, visit, asked):
    anna = calling(cast.anna)
    first = anna.get(f"/api/v1/visits/{visit.uid}")
    listed = anna.get("/api/v1/second-reviews").json()["items"]
    assert (first.status_code, [one["uid"] for one in listed]) == (404, [asked["uid"]])
    assert (asked["contact"], asked["chance"], asked["made"]) == (visit.contact, None, None)

    marks = {"marks": {yes_or_no(visit): "no"}, "blind": True}
    made, again = (send(anna, "POST", f"/second-reviews/{asked['uid']}/marks", marks) for _ in range(2))

    assert made.status_code == 201, made.content
    assert made.json()["uid"] == again.json()["uid"]
    assert (made.json()["second_to"], made.json()["blind"]) == (visit.uid, True)
    assert anna.get(f"/api/v1/visits/{visit.uid}").json()["second_to"] is None
    over = anna.get("/api/v1/second-reviews", {"show": "over"}).json()["items"]
    assert [one["made"] for one in over] == [made.json()["uid"]]
    other = send(anna, "POST", f"/second-reviews/{asked['uid']}/marks", marks | {"blind": None})
    assert (other.status_code, other.json()["code"]) == (409, "second_review_made")


def test_it_is_given_on_and_called_off_by_who_orders_there(cast, calling, asked):
    address = f"/second-reviews/{asked['uid']}"
    given = {"evaluator": cast.grazyna.person.uid}

    assert send(calling(cast.celina), "POST", f"{address}/giving", given).status_code == 404
    to_her = send(calling(cast.filip), "POST", f"{address}/giving", given)
    assert to_her.json()["evaluator"] == cast.grazyna.person.uid
    off = [send(calling(cast.filip), "POST", f"{address}/calling-off").json() for _ in range(2)]
    assert off[0]["called_off_at"] == off[1]["called_off_at"] is not None


def test_the_share_is_set_by_who_orders_visits_of_the_whole_company(cast, calling, company):
    assert send(calling(cast.anna), "PUT", "/second-review-share", {"share": 0.05}).status_code == 403
    assert send(calling(cast.filip), "PUT", "/second-review-share", {"share": 1.5}).status_code == 422
    assert send(calling(cast.filip), "PUT", "/second-review-share", {"share": 0.05}).json() == {"share": 0.05}
    assert calling(cast.filip).get("/api/v1/second-review-share").json() == {"share": 0.05}
    assert SecondReviewShare.objects.count() == 1


def yes_or_no(visit):
    """A standard of yes or no that can be seen on the spot."""
    parts = visit.edition.document["sequence"]
    standards = [one for part in parts for each in part["enhancers"] for one in each["standards"]]
    return next(
        one["standard"]
        for one in standards
        if "in_person" in one["channels"] and one.get("measure", "yes_no") == "yes_no"
    )
