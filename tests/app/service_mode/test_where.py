"""Where somebody serves who works at several places."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Membership, Shift
from gracja.app.service_mode.models import Advised, Keeping
from gracja.app.service_mode.selectors.where import place_at, place_told, works_at
from gracja.app.service_mode.services.incoming import take_records


@pytest.fixture
def darek(cast, roles, galeria):
    """Works at Rynek and at Galeria."""
    Membership.objects.create(person=cast.darek.person, role=roles["employee"], place=galeria)
    return cast.darek


@pytest.fixture(autouse=True)
def _kept(db):
    Keeping.objects.create(keep="without_person")


def shift(user, place):
    hour = timedelta(hours=1)
    Shift.objects.create(person=user.person, place=place, starts_at=now() - hour, ends_at=now() + hour)


def test_the_only_place_is_known(cast, rynek):
    assert place_told(cast.darek, now(), "") == rynek


def test_of_several_the_roster_s_is_meant_and_else_it_has_to_be_told(darek, rynek, galeria):
    assert works_at(darek) == [galeria, rynek]
    assert place_at(darek, now()) is None
    with pytest.raises(Refused) as refused:
        place_told(darek, now(), "")
    assert refused.value.code == "place_not_told"
    assert rynek.name in refused.value.facts["places"]
    assert galeria.uid in refused.value.facts["places"]
    assert place_told(darek, now(), galeria.uid) == galeria

    shift(darek, rynek)

    assert place_told(darek, now(), "") == rynek
    assert place_told(darek, now(), galeria.uid) == galeria


def test_no_place_at_which_one_may_not_ask(cast, galeria):
    for unknown in (galeria.uid, "nowhere"):
        with pytest.raises(Http404):
            place_told(cast.darek, now(), unknown)


def test_whoever_works_in_the_whole_company_need_not_tell_it(cast, galeria):
    assert place_told(cast.filip, now(), "") is None
    assert place_told(cast.filip, now(), galeria.uid) == galeria


def test_a_program_is_told_what_to_send(darek, calling, rynek, galeria):
    till = calling(darek)
    given = {"service": "encounter", "cues": ["hurried"], "record": True}

    refused = till.post("/api/v1/advice", given, content_type="application/json")
    told = till.post("/api/v1/advice", given | {"place": galeria.uid}, content_type="application/json")
    wrong = till.post("/api/v1/advice", given | {"place": galeria.uid[::-1]}, content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (409, "place_not_told")
    assert rynek.name in refused.json()["detail"]
    assert (told.status_code, wrong.status_code) == (200, 404)
    assert Advised.objects.get().place == galeria
    unrecorded = till.post("/api/v1/advice", given | {"record": False}, content_type="application/json")
    assert unrecorded.status_code == 200


def test_a_device_says_where_it_was_and_loses_nothing_where_it_does_not(darek, galeria):
    rows = [
        {"uid": "made-by-the-device-1", "kind": "encounter", "place": galeria.uid, "reader": "m"},
        {"uid": "made-by-the-device-2", "kind": "encounter", "place": "elsewhere", "reader": "m"},
    ]

    taken = take_records(by=darek, rows=rows, mark="m")

    assert taken.refused == {}
    assert [one.place for one in Advised.objects.order_by("uid")] == [galeria, None]


def test_the_counter_asks_only_whoever_works_at_several(darek, cast, signed_in, rynek, galeria):
    asked = signed_in(darek).get("/counter/").content.decode()

    assert f'<option value="{galeria.uid}">' in asked
    assert "data-at" not in signed_in(cast.edyta).get("/counter/").content.decode()
    given = {"cue": "hurried", "hurried": "1", "place": galeria.uid}
    assert signed_in(darek).post("/counter/record/", given).status_code == 302
    assert Advised.objects.get().place == galeria

    shift(darek, rynek)

    assert "data-at" not in signed_in(darek).get("/counter/").content.decode()
