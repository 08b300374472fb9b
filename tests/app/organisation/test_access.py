from __future__ import annotations

import pytest

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may, may_somewhere, places_where, require
from gracja.app.organisation.models import Place


def test_a_place_lead_may_read_people_of_her_place_and_of_no_other(cast, rynek, galeria):
    assert may(cast.anna, "person.read", place=rynek)
    assert not may(cast.anna, "person.read", place=galeria)
    assert not may(cast.anna, "person.read")


def test_a_role_in_a_region_holds_in_every_place_below(cast, roles, krakow, rynek, galeria):
    cast.darek.person.memberships.create(role=roles["place_lead"], place=krakow)

    assert may(cast.darek, "result.read", place=rynek)
    assert may(cast.darek, "result.read", place=galeria)


def test_a_role_in_the_whole_company_holds_everywhere(cast, rynek):
    assert may(cast.filip, "person.read", place=rynek)
    assert set(Place.objects.filter(places_where(cast.filip, "person.read"))) == set(Place.objects.all())


def test_a_selector_shows_the_places_where_one_may_read(cast, rynek):
    assert list(Place.objects.filter(places_where(cast.anna, "person.read"))) == [rynek]
    assert not Place.objects.filter(places_where(cast.darek, "person.read")).exists()


def test_what_is_not_permitted_is_refused_by_name(cast, galeria):
    with pytest.raises(Refused) as refused:
        require(cast.anna, "person.manage", place=galeria)

    assert (refused.value.code, refused.value.facts) == ("not_permitted", {"permission": "person.manage"})


def test_who_was_deactivated_may_do_nothing(cast, company):
    cast.anna.person.deactivated_at = company.made_at
    cast.anna.person.save()

    assert not may_somewhere(cast.anna, "edition.read")
