"""Courses of shares by place and standard, and which changes are told of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from gracja.engine.measure.over_time.courses import courses
from gracja.engine.measure.over_time.signals import BEYOND

BEGIN = datetime(2026, 1, 5, 10, tzinfo=UTC)  # a Monday


def marks(share, *, weeks=30, a_week=40, place="centrum", people=4, standard="greet", seed=1):
    """share: week -> share met."""
    random = np.random.default_rng(seed)
    return pl.DataFrame(
        [
            {
                "employee": f"{place}-{number % people}",
                "place": place,
                "standard": standard,
                "occurred_at": BEGIN + timedelta(weeks=week, days=number % 6),
                "value": float(random.random() < share(week)),
            }
            for week in range(weeks)
            for number in range(a_week)
        ]
    )


def of(found, place, standard):
    return next(one for one in found if (one.place, one.standard) == (place, standard))


def test_a_lasting_change_is_told_with_its_week_and_the_shares_before_and_after():
    found = courses(marks(lambda week: 0.7 if week < 18 else 0.88))

    here = of(found, "centrum", "greet")

    assert here.grain == "week"
    assert here.begins[0] == date(2026, 1, 5)
    assert abs(here.change.period - 18) <= 1
    assert here.change.before == pytest.approx(0.7, abs=0.05)
    assert here.change.after == pytest.approx(0.88, abs=0.05)
    assert {(one.place, one.standard) for one in found} == {
        ("centrum", None), (None, "greet"), ("centrum", "greet"),
    }  # fmt: skip


def test_counts_are_of_the_weeks_in_which_the_marks_were_made():
    found = of(courses(marks(lambda _: 0.6, weeks=10)), None, "greet")

    assert found.judged == (40,) * 10
    assert sum(found.met) / 400 == pytest.approx(found.centre)
    assert all(low < found.centre < high for low, high in zip(found.low, found.high, strict=True))
    assert found.smoothed[0] == pytest.approx(0.8 * found.centre + 0.2 * found.met[0] / 40)


def test_where_a_week_has_few_marks_a_month_is_one_period():
    found = of(courses(marks(lambda _: 0.6, weeks=44, a_week=3)), "centrum", "greet")

    assert found.grain == "month"
    assert [one.day for one in found.begins] == [1] * len(found.begins)
    assert sum(found.judged) == 132


def test_a_place_of_two_people_has_no_course_for_it_would_be_theirs():
    assert courses(marks(lambda _: 0.6, people=2)) == []
    nobodys = marks(lambda _: 0.6).with_columns(employee=pl.lit(None, pl.String))
    assert courses(nobodys) == []

    both = pl.concat([marks(lambda _: 0.6, people=2), marks(lambda _: 0.6, place="rynek", people=3, seed=2)])
    assert {one.place for one in courses(both)} == {"rynek", None}


def test_too_few_weeks_and_a_share_of_all_have_no_course():
    assert courses(marks(lambda _: 0.6, weeks=7)) == []
    assert courses(marks(lambda _: 1.1)) == []


def test_one_week_far_off_signals_and_is_no_lasting_change():
    found = of(courses(marks(lambda week: 0.2 if week == 20 else 0.75)), "centrum", "greet")

    assert found.signals[20] & BEYOND
    assert found.change is None


def test_of_many_places_that_do_not_change_hardly_any_is_said_to_have():
    frames = [marks(lambda _: 0.75, place=f"p{number}", weeks=26, seed=number) for number in range(60)]

    found = [one for one in courses(pl.concat(frames)) if one.place and not one.standard]

    told = sum(one.change is not None for one in found)
    signalled = sum(any(one.signals) for one in found)
    assert len(found) == 60
    assert told <= 1, told
    # in 26 weeks, where a signal comes once in 370, about 4 of 60; limits from so few weeks give more
    assert signalled <= 15, signalled


def test_marks_without_a_day_are_in_no_week():
    undated = marks(lambda _: 0.6).with_columns(occurred_at=pl.lit(None, pl.Datetime("us", "UTC")))

    assert courses(undated) == []
