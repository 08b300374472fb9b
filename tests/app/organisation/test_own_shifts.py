"""One's own shifts: those of four weeks, in the time of their place, and nobody else's."""

from __future__ import annotations

from datetime import date, time

from gracja.app.organisation.models import Place
from gracja.app.organisation.selectors.own_shifts import own_shifts
from gracja.app.organisation.services.roster import add_shift

MONDAY = date(2026, 11, 16)


def _plan(cast, person, place, day, begins, ends):
    add_shift(by=cast.grazyna, person=person, place=place, day=day, begins=time(begins), ends=time(ends))


def _days(shown):
    return [one.day for week in shown.weeks for one in week.shifts]


def test_darek_sees_when_and_where_he_serves(cast, rynek):
    _plan(cast, cast.darek.person, rynek, date(2026, 11, 18), 9, 17)

    first = own_shifts(by=cast.darek, day=date(2026, 11, 22)).weeks[0]

    assert (first.monday, first.sunday, first.hours) == (MONDAY, date(2026, 11, 22), 8)
    [one] = first.shifts
    assert (one.day, one.begins, one.ends, one.place) == (date(2026, 11, 18), time(9), time(17), rynek)
    assert not one.next_day


def test_nobody_s_shifts_but_one_s_own_are_shown(cast, rynek):
    _plan(cast, cast.edyta.person, rynek, date(2026, 11, 18), 9, 17)

    assert _days(own_shifts(by=cast.darek, day=MONDAY)) == []


def test_a_shift_past_midnight_says_so_and_stays_in_its_week(cast, rynek):
    _plan(cast, cast.darek.person, rynek, date(2026, 11, 22), 22, 6)

    [one] = own_shifts(by=cast.darek, day=MONDAY).weeks[0].shifts

    assert (one.day, one.next_day, one.hours) == (date(2026, 11, 22), True, 8)


def test_four_weeks_are_shown_and_those_beside_them_are_not(cast, rynek):
    for day in (date(2026, 11, 15), MONDAY, date(2026, 12, 13), date(2026, 12, 14)):
        _plan(cast, cast.darek.person, rynek, day, 9, 17)

    shown = own_shifts(by=cast.darek, day=MONDAY)

    assert _days(shown) == [MONDAY, date(2026, 12, 13)]
    assert (shown.before, shown.after) == (date(2026, 10, 19), date(2026, 12, 14))


def test_the_first_hour_of_a_week_far_in_the_east_is_that_week_s(cast):
    sydney = Place.objects.create(name="Sydney", zone="Australia/Sydney")
    _plan(cast, cast.darek.person, sydney, MONDAY, 1, 5)

    assert _days(own_shifts(by=cast.darek, day=MONDAY)) == [MONDAY]
