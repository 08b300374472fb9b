"""No published course, nor any difference of several, tells of fewer than three people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain, combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gracja.engine.measure.over_time.courses import courses
from gracja.engine.measure.over_time.kept import FEWEST_PEOPLE, kept

BEGIN = datetime(2026, 1, 5, 10, tzinfo=UTC)  # a Monday
STANDARDS = ("ask", "greet", "thank")


def marked(employee, place, standard, week, value=1.0):
    when = BEGIN + timedelta(weeks=week)
    return {"employee": employee, "place": place, "standard": standard, "occurred_at": when, "value": value}


def served(place, people, weeks, *, seed=0, each=5, standards=("greet",)):
    """Everybody of `people` is marked `each` times a week on each standard."""
    random = np.random.default_rng(seed)
    return [
        marked(f"{place}-{person}", place, standard, week, float(random.random() < 0.7))
        for week in weeks
        for person in range(people)
        for standard in standards
        for _ in range(each)
    ]


def of(found, place, standard):
    return next(one for one in found if (one.place, one.standard) == (place, standard))


def test_the_company_less_its_place_is_not_the_one_person_of_the_other_place():
    rows = served("rynek", 3, range(12), seed=1) + served("kiosk", 1, range(12), seed=2)

    found = courses(pl.DataFrame(rows))

    company, rynek = of(found, None, "greet"), of(found, "rynek", "greet")
    assert (company.judged, company.met) == (rynek.judged, rynek.met)
    assert not [one for one in found if one.place == "kiosk"]


def test_places_too_small_are_counted_together_where_they_have_three_people():
    small = chain.from_iterable(served(f"kiosk-{one}", 1, range(12), seed=one) for one in range(3))
    rows = [*served("rynek", 3, range(12), seed=9), *small]

    found = courses(pl.DataFrame(rows))

    assert of(found, None, "greet").judged == (30,) * 12
    assert {one.place for one in found} == {"rynek", None}


def test_a_week_in_which_one_person_served_is_blank_at_the_place_and_in_the_company():
    rows = served("rynek", 4, [0, *range(2, 12)], seed=1) + served("rynek", 1, [1], each=15)

    for one in courses(pl.DataFrame(rows)):
        assert one.judged == (20, 0, *(20,) * 10)
        assert (one.met[1], one.low[1], one.high[1], one.smoothed[1], one.signals[1]) == (0, *(None,) * 3, 0)


def test_a_place_with_one_worker_in_most_weeks_has_no_course():
    rows = served("rynek", 1, range(10), each=15) + served("rynek", 5, [10, 11], seed=3)

    assert courses(pl.DataFrame(rows)) == []


def test_a_place_less_its_standards_is_not_the_one_person_marked_on_another():
    rows = served("rynek", 4, range(12), standards=("greet", "thank"), seed=4)
    rows += [marked("rynek-0", "rynek", "ask", week, value=0.0) for week in range(12)]

    found = courses(pl.DataFrame(rows))

    assert {one.standard for one in found if one.place} == {None, "thank"}
    assert of(found, "rynek", None).judged == (41,) * 12


def test_weeks_and_months_never_stand_beside_each_other():
    rows = served("rynek", 4, range(44), seed=5) + served("galeria", 3, range(44), each=1, seed=6)

    assert len({one.grain for one in courses(pl.DataFrame(rows))}) == 1


people = st.integers(0, 5)


@st.composite
def companies(draw):
    """Three places, three standards, two weeks; some people serve at two places, some marks have no place."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    much, shared = draw(st.sampled_from((0.15, 0.4, 0.8))), draw(st.sampled_from((0, 2, 5)))
    rows = [
        marked(f"p{person if person < shared else (place, person)}", place, standard, week)
        for place in ("a", "b", "c", None)
        for person in range(draw(people))
        for standard in STANDARDS
        for week in range(2)
        if random.random() < much
    ]
    return pl.DataFrame(rows, schema_overrides={"place": pl.String}) if rows else None


@settings(max_examples=150, deadline=None)
@given(marks=companies())
def test_whatever_differences_reach_rests_on_three_people_or_on_none(marks):
    """All vectors that sums and differences of published counts span, tried against each set of one or two
    people's marks of a week, a standard or a place, and against the company less any places.
    """
    if marks is None:
        return
    frame = marks.with_columns(week=pl.col("occurred_at").dt.date())
    for (week,), rows in frame.group_by("week"):
        published = _published(marks, rows, week)
        if not published:
            continue
        basis = np.array(published, dtype=float)
        rank = np.linalg.matrix_rank(basis)
        for reached in _few(rows):
            assert np.linalg.matrix_rank(np.vstack([basis, reached])) > rank, rows.filter(reached > 0)


def _published(marks, rows, week):
    """Each published count as the marks it counts; that they are these is held by the counts themselves."""
    found = kept(marks, "1w")
    places = found.places.filter(pl.col("period") == week)
    cells = found.cells.filter(pl.col("period") == week)
    own, standard = rows["place"].to_list(), rows["standard"].to_list()
    counted = set(places["place"])
    parts = {
        (one["place"], one["standard"]): [
            (place if place in counted else None) == one["place"] and what == one["standard"]
            for place, what in zip(own, standard, strict=True)
        ]
        for one in cells.iter_rows(named=True)
    }
    for one in cells.iter_rows(named=True):
        assert sum(parts[one["place"], one["standard"]]) == one["judged"]
    whole = [[place == name for place in own] for name in counted]
    assert sorted(map(sum, whole)) == sorted(places["judged"])
    company = [
        np.sum([part for (_, what), part in parts.items() if what == name], axis=0)
        for name in {what for _, what in parts}
    ]
    return [*whole, *company, *(part for (place, _), part in parts.items() if place is not None)]


def _few(rows):
    """Sets of marks of one or two people: all theirs, and theirs at a place or on some standards."""
    who = rows["employee"].to_numpy()
    names = sorted(set(who))
    for number in range(1, FEWEST_PEOPLE):
        for some in combinations(names, number):
            theirs = np.isin(who, some)
            for column in ("place", "standard"):
                values = rows[column].to_numpy()
                for size in range(1, 4):
                    for which in combinations(set(values), size):
                        of_these = theirs & np.isin(values, which)
                        if of_these.any():
                            yield of_these.astype(float)


EACH = 4  # marks of everybody who is there in a week, on each standard: so a count tells the people


@pytest.mark.parametrize("seed", range(6))
def test_the_company_less_any_published_places_rests_on_three_people_or_on_none(seed):
    random = np.random.default_rng(seed)
    rows = [
        marked(f"{place}-{person}", f"place-{place}", standard, week, float(random.random() < 0.7))
        for place in range(6)
        for week in range(12)
        for person in range(1 + place)
        if random.random() < 0.8
        for standard in STANDARDS
        for _ in range(EACH)
    ]

    found = courses(pl.DataFrame(rows))

    assert {one.place for one in found} >= {None, "place-4", "place-5"}
    for company in (one for one in found if one.place is None):
        at = [one for one in found if one.place and one.standard == company.standard]
        for some in chain.from_iterable(combinations(at, size) for size in range(len(at) + 1)):
            left = np.array(company.judged) - sum(np.array(one.judged) for one in some)
            assert ((left == 0) | (left >= FEWEST_PEOPLE * EACH)).all(), left
