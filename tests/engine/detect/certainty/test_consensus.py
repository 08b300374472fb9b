"""What several people say of one contact becomes one label, or none."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest

from gracja.engine.detect.certainty.consensus import consensus, random_stratum
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import OBSERVATIONS


def rows(*given):
    base = {
        "segment": 0,
        "employee": "darek",
        "standard": "greet",
        "edition": "salon@3",
        "source": "review",
        "status": "marked",
        "evidence": [],
        "revision": 1,
    }
    return pa.Table.from_pylist([base | row for row in given], schema=OBSERVATIONS)


def mark(contact, evaluator, value, **more):
    return {"contact": contact, "evaluator": evaluator, "value": value, **more}


def labels(*given):
    found = consensus(rows(*given), "salon")
    return {(row["contact"], row["standard"]): row["met"] for row in found.labels.to_dicts()}


def test_the_majority_of_evaluators_is_the_label():
    given = [mark("a", "anna", 1.0), mark("a", "borys", 1.0), mark("a", "ewa", 0.0), mark("b", "anna", 0.0)]

    assert labels(*given) == {("a", "greet"): True, ("b", "greet"): False}


def test_a_tie_gives_no_label_and_is_counted():
    found = consensus(rows(mark("a", "anna", 1.0), mark("a", "borys", 0.0), mark("b", "anna", 1.0)), "salon")

    assert found.labels["contact"].to_list() == ["b"]
    assert found.ties.to_dicts() == [{"contact": "a", "standard": "greet"}]


def test_only_the_latest_revision_counts():
    assert labels(mark("a", "anna", 0.0), mark("a", "anna", 1.0, revision=2, supersedes=1)) == {
        ("a", "greet"): True
    }


def test_a_correction_of_whom_the_mark_is_about_replaces_the_mark():
    wrong_person = mark("a", "anna", 0.0, employee="celina")

    assert labels(wrong_person, mark("a", "anna", 1.0, revision=2, supersedes=1)) == {("a", "greet"): True}


def test_marks_of_another_edition_and_of_machines_and_customers_are_no_labels():
    given = [
        mark("a", "anna", 1.0, edition="shop@3"),
        mark("b", None, 1.0, source="automatic"),
        mark("c", None, 1.0, source="customer"),
        mark("d", "anna", None, status="not_seen"),
    ]

    assert labels(*given) == {}


def test_a_mark_made_under_an_earlier_version_still_counts_and_once():
    given = [mark("a", "anna", 0.0, edition="salon@2"), mark("a", "anna", 1.0), mark("b", "anna", 1.0)]

    assert labels(*given) == {("a", "greet"): True, ("b", "greet"): True}


def test_a_graded_mark_and_a_divided_evaluator_are_no_vote_and_counted():
    given = [
        mark("a", "anna", 0.5),
        mark("b", "anna", 1.0),
        mark("b", "anna", 0.0, employee="celina"),
        mark("c", "anna", 1.0),
    ]
    found = consensus(rows(*given), "salon")

    assert (found.labels["contact"].to_list(), found.unclear) == (["c"], 2)


def test_rows_without_the_needed_columns_are_refused():
    with pytest.raises(EngineInputError) as error:
        consensus(rows(mark("a", "anna", 1.0)).drop_columns(["evaluator"]), "salon")

    assert (error.value.code, error.value.facts["missing"]) == ("columns_missing", ["evaluator"])


@pytest.mark.parametrize("other", [0.1, 1.0, None], ids=["differing", "all asked for certain", "no draw"])
def test_contacts_chosen_for_their_difficulty_never_calibrate(other):
    found = consensus(
        rows(mark("a", "anna", 1.0, inclusion=other), mark("b", "anna", 1.0, inclusion=1.0)), "salon"
    ).of("greet")

    with pytest.raises(EngineInputError) as error:
        random_stratum(found)

    assert error.value.code == "calibration_needs_ledger"
    assert random_stratum(found, {"a", "z"})["contact"].to_list() == ["a"]


def test_marks_that_know_of_no_draw_all_calibrate():
    found = consensus(rows(mark("a", "anna", 1.0), mark("b", "anna", 0.0)), "salon").of("greet")

    assert random_stratum(found).equals(found)
    assert random_stratum(pl.DataFrame(schema=found.schema)).is_empty()
