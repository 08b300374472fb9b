"""What several people say of one contact becomes one label, or none."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from gracja.engine.detect.certainty.consensus import consensus, drawn_evenly, random_stratum
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


BIG, SMALL, SEEDS = 300, 40, 200


def ledger(seed, chances):
    """A draw of BIG contacts of one employee and SMALL of another with these chances."""
    random = np.random.default_rng(seed)
    chance = np.repeat(chances, [BIG, SMALL])
    drawn = np.flatnonzero(random.random(BIG + SMALL) < chance)
    names = [f"c{i:03d}" for i in drawn]
    return pl.DataFrame(
        {"contact": names, "stratum": "random", "random_inclusion": chance[drawn], "seed": seed}
    )


def test_contacts_likelier_to_be_drawn_count_no_more_than_others():
    kept = np.zeros(2)
    for seed in range(SEEDS):
        numbers = np.array([int(name[1:]) for name in drawn_evenly(ledger(seed, [0.1, 0.8]))])
        kept += [(numbers < BIG).sum(), (numbers >= BIG).sum()]

    of = np.array([BIG, SMALL]) * SEEDS
    assert np.all(np.abs(kept / of - 0.1) < 4 * np.sqrt(0.1 * 0.9 / of))


def test_strata_drawn_with_different_chances_are_not_pooled():
    drawn = ledger(1, [0.1, 0.8])
    given = [mark(name, "anna", 1.0, inclusion=0.9) for name in drawn["contact"]]
    counted = random_stratum(consensus(rows(*given), "salon").of("greet"), drawn_evenly(drawn))

    small = counted["contact"].is_in([f"c{i:03d}" for i in range(BIG, BIG + SMALL)])
    assert (
        drawn.filter(pl.col("random_inclusion") == 0.1)["contact"].is_in(counted["contact"].to_list()).all()
    )
    assert 0 < small.sum() < 0.4 * (len(drawn) - (~small).sum())


def test_a_draw_with_one_chance_is_kept_whole_and_the_same_ledger_keeps_the_same():
    one, two = ledger(3, [0.3, 0.3]), ledger(3, [0.1, 0.8])

    assert drawn_evenly(one) == one["contact"].to_list()
    assert sorted(drawn_evenly(two.reverse())) == drawn_evenly(two)
    assert drawn_evenly(one.with_columns(stratum=pl.lit("uncertain"))) == []


@pytest.mark.parametrize("chance", [0.0, 1.5, float("nan"), None])
def test_a_ledger_with_impossible_probabilities_is_refused(chance):
    broken = ledger(3, [0.3, 0.3]).with_columns(random_inclusion=pl.lit(chance, pl.Float64))

    with pytest.raises(EngineInputError) as error:
        drawn_evenly(broken)

    assert error.value.code == "inclusion_out_of_range"
