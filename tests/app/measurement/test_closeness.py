"""Coldness and overdose of places: only where it is known what was wanted, and only for who may read it."""

from __future__ import annotations

import pytest

from gracja.app.contacts.models import Wanted
from gracja.app.measurement.selectors.closeness import closeness_of_places, whole_of
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import Visit


@pytest.fixture
def run(cast, edition, told, visits):
    return lambda: carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))


@pytest.fixture
def wanted(edition):
    """What was wanted in every visit at a place, and where from it is known."""

    def note(place, low, high, source="scenario"):
        names = Visit.objects.filter(place=place).values_list("contact", flat=True)
        Wanted.objects.bulk_create(
            Wanted(
                contact=one,
                edition=edition.name,
                service_kind="relationship",
                low=low,
                high=high,
                source=source,
            )
            for one in names
        )

    return note


def test_what_was_pressed_on_who_wanted_peace_is_too_close(cast, run, wanted, rynek):
    wanted(rynek, 0, 20)

    at, other = sorted(closeness_of_places(by=cast.filip, run=run()), key=lambda one: one.place != rynek)

    assert (at.whole.judged, at.whole.unknown, at.whole.distant.count) == (20, 0, 0)
    assert at.whole.close.count > 0
    assert at.whole.close.low < at.whole.close.share < at.whole.close.high or at.whole.close.share == 1
    assert (other.whole.judged, other.whole.unknown, other.whole.close.share) == (0, 20, None)


def test_what_staff_tapped_says_nothing_of_what_was_wanted(cast, run, wanted, rynek):
    wanted(rynek, 0, 20, "staff_tap")

    assert whole_of(closeness_of_places(by=cast.filip, run=run())).judged == 0


def test_who_leads_a_place_reads_of_that_place_alone(cast, run, wanted, rynek, galeria):
    wanted(rynek, 0, 20)
    wanted(galeria, 70, 90)
    measured = run()

    assert [one.place for one in closeness_of_places(by=cast.anna, run=measured)] == [rynek]
    assert [one.place for one in closeness_of_places(by=cast.celina, run=measured)] == [galeria]
    assert closeness_of_places(by=cast.darek, run=measured) == []


def test_the_sides_of_a_place_add_up(cast, run, wanted, rynek):
    wanted(rynek, 70, 90)

    for at in closeness_of_places(by=cast.anna, run=run()):
        for one in (at.whole, *at.parts):
            assert one.distant.count + one.fitting.count + one.close.count == one.judged


def test_measuring_again_counts_nothing_twice(cast, run, wanted, rynek):
    wanted(rynek, 0, 20)
    measured = run()
    before = measured.part_fits.count()
    measured.state = "queued"
    measured.save()

    carry_out(measured)

    assert measured.part_fits.count() == before


def test_the_distant_are_also_a_share_of_those_who_wanted_closeness(cast, run, edition, visits, rynek):
    names = list(Visit.objects.filter(place=rynek).values_list("contact", flat=True))
    Wanted.objects.bulk_create(
        Wanted(
            contact=one,
            edition=edition.name,
            service_kind="relationship",
            low=low,
            high=high,
            source="scenario",
        )
        for one, (low, high) in zip(names, [(65, 100)] * 8 + [(35, 64)] * 12, strict=True)
    )

    whole = whole_of(closeness_of_places(by=cast.anna, run=run()))

    assert (whole.judged, whole.wanted_close, whole.wanted_distance) == (20, 8, 0)
    assert whole.distant.share == whole.distant.count / 20
    assert whole.of_close is not None
    assert whole.of_close.share == whole.distant.count / 8
    assert whole.of_close.low <= whole.of_close.share <= whole.of_close.high
    assert whole.of_distance is None  # nobody wanted it: not measured, never zero


def test_a_measurement_made_before_it_was_counted_says_nothing_of_it(cast, run, wanted, rynek):
    wanted(rynek, 0, 20)
    measured = run()
    measured.part_fits.update(wanted_close=None, wanted_distance=None)

    whole = whole_of(closeness_of_places(by=cast.anna, run=measured))

    assert (whole.wanted_close, whole.of_close, whole.of_distance) == (None, None, None)
    assert whole.close.count > 0
