"""Second reviews for programs."""

from __future__ import annotations

import json
from functools import partial

import pytest

from gracja.app.api import second_reviews
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


@pytest.mark.django_db(transaction=True)
def test_of_two_programs_that_hand_it_in_at_once_one_is_told_that_it_is_in(
    cast, calling, visit, asked, at_once, together_after
):
    programs = [calling(cast.anna) for _ in range(2)]
    together_after(second_reviews, "second_review_for", 2)

    def hand_in(program, mark):
        marks = {"marks": {yes_or_no(visit): mark}}
        return send(program, "POST", f"/second-reviews/{asked['uid']}/marks", marks)

    given = zip(programs, ("yes", "no"), strict=True)
    done = at_once(*(partial(hand_in, *one) for one in given))

    assert sorted(one.status_code for one in done) == [201, 409]
    assert {one.json().get("code") for one in done} == {None, "second_review_made"}
    assert at_once(Visit.objects.filter(second_to=visit).count) == [1]


@pytest.mark.django_db(transaction=True)
def test_the_same_marks_of_two_programs_at_once_are_one_second_review(
    cast, calling, visit, asked, at_once, together_after
):
    programs = [calling(cast.anna) for _ in range(2)]
    together_after(second_reviews, "second_review_for", 2)
    marks = {"marks": {yes_or_no(visit): "yes"}}

    done = at_once(
        *(partial(send, one, "POST", f"/second-reviews/{asked['uid']}/marks", marks) for one in programs)
    )

    assert [one.status_code for one in done] == [201, 201]
    assert len({one.json()["uid"] for one in done}) == 1
