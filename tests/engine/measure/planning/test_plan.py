"""A plan for a company that has been measured."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import measure
from gracja.engine.measure.planning.connecting import People
from gracja.engine.measure.planning.next_reviews import Choice
from gracja.engine.measure.planning.plan import connecting_of, grounds_of, next_of
from gracja.engine.measure.simulated import Shape, edition_of, observations_of, simulated_company
from gracja.engine.tables import OBSERVATIONS

SHAPE = Shape(
    employees=40, standards=6, evaluators=12, places=4, contacts=(6, 60), place_spread=0.3, share_met=0.86
)


@pytest.fixture(scope="module")
def measured():
    company = simulated_company(np.random.default_rng(4), SHAPE)
    return measure(observations_of(company), edition_of(SHAPE))


def test_the_grounds_of_a_plan_are_what_was_fitted_and_say_what_is_only_assumed(measured):
    grounds = grounds_of(measured)

    assert (grounds.standards, grounds.employees, grounds.places) == (6, 40, 4)
    assert grounds.employee == measured.fit_info.integrated_theta["employee"]
    assert grounds.employee == pytest.approx(SHAPE.employee_spread, abs=0.2)
    assert grounds.share_met == pytest.approx(SHAPE.share_met, abs=0.1)
    assert grounds.assumed == ("repeat",)  # nobody was reviewed by two


def test_two_evaluators_of_one_contact_tell_how_much_a_second_review_adds():
    shape = Shape(employees=10, standards=6, evaluators=2, contacts=(30, 30))
    rows = observations_of(simulated_company(np.random.default_rng(4), shape))
    other = [{"v000000": "v000001", "v000001": "v000000"}[name] for name in rows["evaluator"].to_pylist()]
    again = rows.set_column(rows.schema.get_field_index("evaluator"), "evaluator", pa.array(other))
    grounds = grounds_of(measure(pa.concat_tables([rows, again]), edition_of(shape)))

    assert grounds.assumed == ("place",)
    assert grounds.repeat > 0.9  # who marks second says the same


def test_whoever_has_no_grade_comes_before_whoever_has_one(measured):
    rows = [row for row in measured.results.to_pylist() if row["subject_kind"] == "employee"]
    graded = {row["subject"] for row in rows if row["grade"]}
    contacts = {row["subject"]: row["contacts"] for row in rows}
    places = {name: [] for name in contacts}
    picked = next_of(measured, Choice(places, [f"v{i:06}" for i in range(12)]), 10)

    assert graded
    assert len(graded) < len(rows)
    assert sum(review.employee in graded for review in picked) <= 3
    mean = np.mean(list(contacts.values()))
    assert np.mean([contacts[review.employee] for review in picked]) < mean


def test_what_is_connected_needs_no_link_and_what_is_not_is_joined(measured):
    nobody = People({}, [])
    assert connecting_of(measured, nobody).groups == 1

    shape = Shape(employees=4, standards=4, evaluators=1, contacts=(20, 20))
    one, two = (
        observations_of(simulated_company(np.random.default_rng(seed), shape)).to_pylist() for seed in (1, 2)
    )
    for row in two:
        for column in ("employee", "evaluator", "place", "contact"):
            row[column] = "z" + row[column]
    apart = measure(pa.Table.from_pylist(one + two, schema=OBSERVATIONS), edition_of(shape))
    people = People({name: [] for name in ("e0000", "ze0000")}, ["v000000", "zv000000"])
    found = connecting_of(apart, people)

    assert (found.groups, found.left) == (2, 0)
    (link,) = found.links
    assert link.employee.startswith("z") != link.evaluator.startswith("z")


def test_nothing_measured_is_no_ground():
    shape = Shape(employees=2, standards=2, evaluators=1, contacts=(2, 2))
    rows = observations_of(simulated_company(np.random.default_rng(1), shape)).to_pylist()
    unseen = [row | {"status": "not_seen", "value": None} for row in rows]
    measured = measure(pa.Table.from_pylist(unseen, schema=OBSERVATIONS), edition_of(shape))

    with pytest.raises(EngineInputError) as refused:
        grounds_of(measured)
    assert refused.value.code == "plan_nothing_measured"
