"""The entries of the ledger behind a statement, through the interface."""

from __future__ import annotations

import pytest
from app.giving_world import gestures_at

AT = "/api/v1/gestures/statement"


@pytest.fixture
def given(cast, rynek):
    return gestures_at(rynek, cast)


def test_every_entry_of_the_month_comes_once_and_they_come_to_the_sums(calling, cast, given, rynek):
    anna, found, cursor = calling(cast.anna), [], ""
    for _ in range(5):
        page = anna.get(f"{AT}/entries", {"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
        found += page["items"]
        if not (cursor := page["next"]):
            break

    assert [one["kind"] for one in found] == ["reserve", "reserve"]
    assert {one["place"] for one in found} == {rynek.uid}
    assert found[0]["gesture"] == given.asked.uid
    (total,) = [one for one in anna.get(AT).json()["lines"] if one["kind"] is None]
    assert sum(one["amount_minor"] for one in found) == total["set_aside_minor"]


def test_other_months_places_and_readers_have_none(calling, cast, given, rynek, galeria):
    anna = calling(cast.anna)

    assert anna.get(f"{AT}/entries", {"month": "2020-01"}).json() == {"items": [], "next": None}
    assert anna.get(f"{AT}/entries", {"place": galeria.uid}).status_code == 404
    assert calling(cast.celina).get(f"{AT}/entries").json()["items"] == []
    assert calling(cast.darek).get(f"{AT}/entries").status_code == 403
    assert anna.get(f"{AT}/entries", {"month": "2020-13"}).status_code == 422
