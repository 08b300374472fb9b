"""Planned visits for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gracja.app.common.clock import now
from gracja.app.contacts.models import Wanted
from gracja.app.observations.models import PlannedVisit
from gracja.app.organisation.selectors.company import today_here

pytestmark = pytest.mark.django_db


def send(client, address, given=None):
    return client.post(f"/api/v1{address}", given or {}, content_type="application/json")


@pytest.fixture
def order(cast, rynek, edition):
    return {
        "place": rynek.uid,
        "evaluator": cast.borys.person.uid,
        "due_on": today_here().isoformat(),
        "edition": edition.uid,
        "scenario": "Szuka prezentu",
        "wanted": "discreet",
    }


def test_a_visit_is_ordered_made_and_takes_what_its_plan_wanted(cast, calling, order, rynek, edition):
    plan = send(calling(cast.anna), "/planned-visits", order)
    assert (plan.status_code, plan.json()["wanted"]) == (201, "discreet")
    # planned yesterday
    PlannedVisit.objects.update(planned_at=now() - timedelta(days=1))
    Wanted.objects.update(recorded_at=now() - timedelta(days=1))
    listed = calling(cast.borys).get("/api/v1/planned-visits").json()["items"]
    assert [one["number"] for one in listed] == [plan.json()["number"]]

    visit = {
        "contact": plan.json()["number"],
        "edition": edition.uid,
        "place": rynek.uid,
        "occurred_at": now().isoformat(),
        "marks": {},
    }
    first = edition.document["sequence"][0]["enhancers"][0]["standards"][0]["standard"]
    visit["marks"] = {first: "?"}
    for _ in range(2):
        made = send(calling(cast.borys), "/visits", visit)
        assert made.status_code == 201, made.content

    assert Wanted.objects.get().high == 34
    over = calling(cast.anna).get("/api/v1/planned-visits", {"show": "over"}).json()["items"]
    assert [one["number"] for one in over] == [visit["contact"]]


def test_an_evaluator_from_elsewhere_and_a_token_without_the_scope_are_refused(cast, calling, order):
    elsewhere = send(calling(cast.anna), "/planned-visits", order | {"evaluator": cast.celina.person.uid})
    assert elsewhere.json()["code"] == "evaluator_elsewhere"
    without = calling(cast.anna, scopes=("visit.import",))
    assert send(without, "/planned-visits", order).status_code == 403
    assert not PlannedVisit.objects.exists()


def test_a_planned_visit_is_called_off_once(cast, calling, order):
    uid = send(calling(cast.anna), "/planned-visits", order).json()["uid"]

    first, second = (send(calling(cast.anna), f"/planned-visits/{uid}/calling-off") for _ in range(2))

    assert first.json()["called_off_at"] == second.json()["called_off_at"] is not None
    assert send(calling(cast.celina), f"/planned-visits/{uid}/calling-off").status_code == 404
