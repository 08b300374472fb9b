"""Corrections replace what they correct, and later versions of an edition earlier ones."""

from __future__ import annotations

import pyarrow as pa
import pytest

from gracja.engine.measure import measure
from gracja.engine.measure.marks import usable_marks

PLAIN = [{"standard": "greet"}, {"standard": "thanks"}]
TEAM = {"anna": (30, 0.95), "celina": (30, 0.5), "darek": (30, 0.6)}


def test_the_latest_revision_of_a_mark_wins(edition, shop, observations, rows):
    marks = shop(TEAM)
    corrected = marks.to_pylist()[0]
    withdrawn = {**corrected, "revision": 1, "supersedes": 0, "status": "not_applicable", "value": None}
    measured = measure(pa.concat_tables([marks, observations([withdrawn])]), edition(PLAIN))

    assert rows("employee", measured)["anna"]["observations"] == 59
    assert ("older_revisions_left_out", {"rows": 1}) in measured.notes


@pytest.fixture
def kept(edition, observations):
    """The rows that count of one contact's `greet`, as (employee, value), and the notes."""

    def count(*given):
        rows = [
            {"contact": "c", "standard": "greet", "evaluator": "borys", "value": 1, **row} for row in given
        ]
        found = usable_marks(observations(rows), edition(PLAIN), "auto")
        frame = found.frame.sort("employee", "value", nulls_last=True)
        return list(zip(frame["employee"], frame["value"], strict=True)), dict(found.notes)

    return count


def test_a_correction_of_the_employee_takes_the_mark_from_the_first_one(kept):
    marks, notes = kept({"employee": "anna"}, {"employee": "darek", "revision": 1, "supersedes": 0})

    assert marks == [("darek", 1.0)]
    assert notes["older_revisions_left_out"] == {"rows": 1}


def test_a_mark_may_go_to_nobody_and_come_back(kept):
    first = {"employee": "anna", "revision": 1}
    to_nobody = {"employee": None, "revision": 2, "supersedes": 1}
    back = {"employee": "anna", "revision": 3, "supersedes": 2, "value": 0}

    assert kept(first, to_nobody)[0] == [(None, 1.0)]
    assert kept(first, to_nobody, back)[0] == [("anna", 0.0)]


def test_a_chain_of_corrections_leaves_its_last_row_alone(kept):
    chain = [{"employee": "anna"}] + [
        {"employee": name, "revision": i, "supersedes": i - 1}
        for i, name in enumerate(("darek", "ewa", "jan"), start=1)
    ]
    assert kept(*chain)[0] == kept(*reversed(chain))[0] == [("jan", 1.0)]


def test_a_correction_of_ones_own_mark_leaves_a_colleagues_mark_alone(kept):
    both = ({"employee": "anna"}, {"employee": "darek"})
    marks, _ = kept(*both, {"employee": "anna", "revision": 1, "supersedes": 0, "value": 0})

    assert marks == [("anna", 0.0), ("darek", 1.0)]


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"evaluator": "celina"},
        {"contact": "d"},
        {"segment": 1},
        {"standard": "thanks"},
        {"source": "review"},
    ],
)
def test_a_correction_reaches_no_other_mark(kept, elsewhere):
    marks, _ = kept({"employee": "anna", **elsewhere}, {"employee": "darek", "revision": 1, "supersedes": 0})

    assert marks == [("anna", 1.0), ("darek", 1.0)]


def test_a_row_cannot_supersede_itself_or_what_came_later(kept):
    assert kept({"employee": "anna", "revision": 1, "supersedes": 1})[0] == [("anna", 1.0)]
    assert kept({"employee": "anna", "supersedes": 1}, {"employee": "darek", "revision": 1})[0] == [
        ("anna", 1.0),
        ("darek", 1.0),
    ]


def test_a_correction_under_a_later_version_replaces_the_mark_of_the_earlier_one(kept):
    marks, _ = kept(
        {"employee": "anna", "edition": "salon@2"},
        {"employee": "darek", "edition": "salon@3", "revision": 1, "supersedes": 0},
    )
    assert marks == [("darek", 1.0)]


def test_whose_only_mark_was_given_to_another_is_not_said_to_lack_marks(edition, shop, observations):
    wrong = {"contact": "c", "employee": "ewa", "standard": "greet", "value": 1}
    right = {**wrong, "employee": "anna", "revision": 1, "supersedes": 0}
    measured = measure(pa.concat_tables([shop(TEAM), observations([wrong, right])]), edition(PLAIN))

    assert not [item for item in measured.not_measured if item.subject == "ewa"]


def test_the_run_is_named_by_what_supersedes_what(edition, shop, observations):
    first = {"contact": "c", "employee": "anna", "standard": "greet", "value": 1}
    second = {**first, "employee": "darek", "revision": 1}

    def run(supersedes):
        marks = pa.concat_tables([shop(TEAM), observations([first, {**second, "supersedes": supersedes}])])
        return measure(marks, edition(PLAIN)).results["run"][0]

    assert run(0) != run(None)


def test_who_never_corrects_need_not_give_the_column(edition, shop):
    with_it, without = (
        measure(marks, edition(PLAIN)).results.drop(["run"])
        for marks in (shop(TEAM), shop(TEAM).drop(["supersedes"]))
    )
    assert with_it.equals(without)


def test_a_mark_made_under_two_versions_counts_once_under_the_later(kept):
    marks, notes = kept(
        {"employee": "anna", "edition": "salon@9", "value": 0},
        {"employee": "anna", "edition": "salon@10"},
        {"employee": "anna", "edition": "salon@2", "value": 0},
    )
    assert marks == [("anna", 1.0)]
    assert notes["earlier_version_left_out"] == {"rows": 2}
    assert notes["earlier_version"] == {"rows": 1}


def test_the_later_version_holds_even_where_it_says_not_applicable(kept):
    marks, _ = kept(
        {"employee": "anna", "edition": "salon@2"},
        {"employee": "anna", "status": "not_applicable", "value": None},
    )
    assert marks == []


def test_all_contacts_scored_again_under_a_new_version_give_the_results_of_the_new_one(edition, shop):
    new, old = shop(TEAM), shop({**TEAM, "anna": (30, 0.1)}, edition="salon@1")
    alone, both = (measure(marks, edition(PLAIN)) for marks in (new, pa.concat_tables([old, new])))

    assert both.results.drop(["run"]).equals(alone.results.drop(["run"]))
    assert ("earlier_version_left_out", {"rows": 180}) in both.notes


def test_versions_that_cannot_be_told_apart_still_count_once(kept):
    marks, _ = kept(
        *({"employee": "anna", "edition": name} for name in ("salon@old", "salon@older", "salon"))
    )

    assert marks == [("anna", 1.0)]
