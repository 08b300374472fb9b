from __future__ import annotations

import pytest
from django.http import Http404

from gracja.app.common.models import AuditEntry
from gracja.app.organisation.models import Place
from gracja.app.organisation.selectors import places as selectors
from gracja.app.organisation.services.places import (
    add_place,
    change_place,
    close_place,
    move_place,
    open_place,
)


@pytest.fixture
def north(cast):
    return add_place(by=cast.filip, kind="region", name="Północ")


def test_a_place_is_added_under_a_region_and_stands_in_the_log(cast, krakow):
    place = add_place(by=cast.filip, kind="place", name=" Kazimierz ", code="KR-3", parent=krakow)

    assert (place.name, place.path) == ("Kazimierz", f"{krakow.path}{place.uid}/")
    entry = AuditEntry.objects.get(action="place.add")
    assert (entry.by_key, entry.place_key, entry.after["name"]) == (
        cast.filip.audit_key,
        place.uid,
        "Kazimierz",
    )


def test_only_who_manages_places_adds_one(cast, krakow, refused):
    with refused("not_permitted"):
        add_place(by=cast.anna, kind="place", name="Kazimierz", parent=krakow)


def test_a_name_is_taken_once_beside_another_whatever_its_case(cast, krakow, rynek, refused):
    with refused("place_name_taken"):
        add_place(by=cast.filip, kind="place", name="RYNEK", parent=krakow)
    with refused("place_code_taken", name="Rynek"):
        add_place(by=cast.filip, kind="place", name="Inny", code="kr-1", parent=krakow)


def test_polish_capitals_are_no_other_name(cast, krakow, refused):
    add_place(by=cast.filip, kind="place", name="Łąka", parent=krakow)
    with refused("place_name_taken"):
        add_place(by=cast.filip, kind="place", name="łĄKA", parent=krakow)


def test_a_place_holds_no_other(cast, rynek, refused):
    with refused("place_not_a_region"):
        add_place(by=cast.filip, kind="place", name="Lada", parent=rynek)


def test_a_region_moves_with_everything_below(cast, north, krakow, rynek):
    move_place(by=cast.filip, place=krakow, parent=north)

    rynek.refresh_from_db()
    krakow.refresh_from_db()
    assert rynek.path == f"{north.path}{krakow.uid}/{rynek.uid}/"
    assert (krakow.parent, krakow.depth, rynek.depth) == (north, 1, 2)


def test_a_place_lead_keeps_her_place_where_it_moves(cast, north, rynek):
    move_place(by=cast.filip, place=rynek, parent=north)

    assert [one.place for one in selectors.tree(by=cast.anna)] == [rynek]


def test_a_region_never_lies_in_itself(cast, krakow, refused):
    below = add_place(by=cast.filip, kind="region", name="Stare Miasto", parent=krakow)

    with refused("place_circle"):
        move_place(by=cast.filip, place=krakow, parent=below)
    with refused("place_circle"):
        move_place(by=cast.filip, place=krakow, parent=krakow)


def test_a_tree_has_its_deepest_level(cast, refused):
    above = None
    for n in range(16):
        above = add_place(by=cast.filip, kind="region", name=f"Poziom {n}", parent=above)

    with refused("place_too_deep"):
        add_place(by=cast.filip, kind="region", name="Poziom 16", parent=above)


def test_a_region_that_holds_places_stays_one(cast, krakow, rynek, refused):
    with refused("place_holds_others"):
        change_place(by=cast.filip, place=krakow, kind="place", name="Kraków", code="", zone="Europe/Warsaw")


def test_what_does_not_change_is_not_logged(cast, rynek):
    change_place(by=cast.filip, place=rynek, kind="place", name="Rynek", code="KR-1", zone="Europe/Warsaw")

    assert not AuditEntry.objects.exists()


def test_a_zone_has_to_exist(cast, rynek, refused):
    with refused("zone_unknown"):
        change_place(by=cast.filip, place=rynek, kind="place", name="Rynek", code="", zone="Mars/Base")


def test_closing_takes_everything_below_along_and_can_be_taken_back(cast, krakow, rynek, refused):
    close_place(by=cast.filip, place=krakow)
    close_place(by=cast.filip, place=krakow)

    assert not Place.objects.filter(active=True).exists()
    assert AuditEntry.objects.filter(action="place.close").count() == Place.objects.count()
    with refused("place_above_closed", name="Kraków"):
        open_place(by=cast.filip, place=rynek)
    open_place(by=cast.filip, place=krakow)
    assert not Place.objects.filter(active=False).exists()


def test_a_tree_counts_people_and_shows_each_reader_theirs(cast, krakow, rynek, galeria):
    (whole,) = selectors.tree(by=cast.filip)
    assert (whole.place, [one.place for one in whole.children]) == (krakow, [galeria, rynek])
    assert (whole.people, whole.people_in_all) == (0, 4)
    assert [one.place for one in selectors.tree(by=cast.celina)] == [galeria]
    assert selectors.tree(by=cast.darek) == []


def test_places_stand_in_the_order_of_their_letters_not_of_their_codes(cast):
    for name in ("Żoliborz", "Łobzów", "Zabłocie", "Śródmieście", "Wola"):
        add_place(by=cast.filip, kind="place", name=name)

    names = [one.place.name for one in selectors.tree(by=cast.filip)]

    assert [name for name in names if name != "Kraków"] == [
        "Łobzów", "Śródmieście", "Wola", "Zabłocie", "Żoliborz",
    ]  # fmt: skip


def test_another_place_is_not_found(cast, galeria):
    with pytest.raises(Http404):
        selectors.place_for("person.read", by=cast.anna, uid=galeria.uid)
    with pytest.raises(Http404):
        selectors.place_managed(by=cast.anna, uid=galeria.uid)
