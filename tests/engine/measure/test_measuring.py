"""Observations to results: what is said of whom, and what is left unsaid."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from gracja.engine import tables
from gracja.engine.measure import NOT_MEASURED_CODES, NOTE_CODES, measure

PLAIN = [{"standard": "greet"}, {"standard": "thanks"}]
TEAM = {"anna": (30, 0.95), "celina": (30, 0.5), "darek": (30, 0.6)}


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def codes(measured):
    return {note.code for note in measured.notes}


def test_results_have_the_schema_that_crosses_the_door(edition, shop):
    measured = measure(shop(TEAM), edition(PLAIN))

    assert measured.results.schema.equals(tables.RESULTS)
    assert set(measured.results["subject_kind"].to_pylist()) == set(tables.SUBJECT_KINDS)
    assert {note.code for note in measured.notes} <= set(NOTE_CODES)
    assert {item.code for item in measured.not_measured} <= set(NOT_MEASURED_CODES)


def test_shares_lie_inside_their_intervals_and_better_people_score_higher(edition, shop, rows):
    people = rows("employee", measure(shop(TEAM), edition(PLAIN)))

    assert people["anna"]["base"] > people["darek"]["base"] > people["celina"]["base"]
    for row in people.values():
        assert row["base_low"] < row["base"] < row["base_high"]
        assert row["fit"] is None
        assert row["initiative"] is None
    assert people["celina"]["classic"] == pytest.approx(50.0)


def test_a_wider_level_gives_a_wider_interval(edition, shop, rows):
    wide, narrow = (
        rows("employee", measure(shop(TEAM), edition(PLAIN), level=level))["anna"] for level in (0.95, 0.8)
    )
    assert wide["base_low"] < narrow["base_low"] < narrow["base_high"] < wide["base_high"]


def test_the_order_of_rows_changes_nothing_not_even_the_name_of_the_run(edition, shop):
    marks = shop(TEAM)
    shuffled = marks.take(np.random.default_rng(1).permutation(marks.num_rows))

    first, second = (
        pl.DataFrame(pl.from_arrow(measure(m, edition(PLAIN)).results)) for m in (marks, shuffled)
    )
    assert first.equals(second)


def test_the_run_is_named_by_edition_rows_and_choices(edition, shop):
    def run(marks, of, **choices):
        return measure(marks, of, **choices).results["run"][0].as_py()

    same = run(shop(TEAM), edition(PLAIN))
    assert run(shop(TEAM), edition(PLAIN)) == same
    assert (
        len({same, run(shop(TEAM), edition(PLAIN, base=0.5)), run(shop(TEAM), edition(PLAIN), level=0.9)})
        == 3
    )
    assert run(shop({**TEAM, "darek": (30, 0.7)}), edition(PLAIN)) != same


def test_weights_act_in_the_prediction_and_never_in_the_likelihood(edition, shop, rows):
    heavy = [{"standard": "greet", "weight": 9}, {"standard": "thanks"}]
    even, weighted = (measure(shop(TEAM), edition(standards)) for standards in (PLAIN, heavy))

    assert weighted.fit_info == even.fit_info
    assert rows("employee", weighted)["anna"]["measure"] == rows("employee", even)["anna"]["measure"]
    assert rows("part", weighted)["welcome"]["base"] != rows("part", even)["welcome"]["base"]


def test_a_mode_standard_is_not_measured_where_nobody_knows_what_was_wanted(edition, shop, contacts, rows):
    standards = [{"standard": "greet"}, {"standard": "thanks", "service_mode": "personal"}]
    blind = measure(shop(TEAM), edition(standards))
    wanted = [
        {"contact": f"{who}-{n:04}", "wanted_low": 80, "wanted_high": 90} for who in TEAM for n in range(30)
    ]
    seeing = measure(shop(TEAM), edition(standards), contacts=contacts(wanted))

    assert ("standard", "thanks", "wanted_unknown", {}) in blind.not_measured
    assert rows("standard", blind)["thanks"]["base"] is None
    assert rows("standard", blind)["thanks"]["classic"] is not None
    assert rows("standard", seeing)["thanks"]["base"] is not None
    people = rows("employee", seeing)
    assert people["anna"]["fit_low"] < people["anna"]["fit"] < people["anna"]["fit_high"]
    assert people["anna"]["fit"] > people["celina"]["fit"]


def test_marks_that_are_all_equal_are_measured_with_doubt_and_rank_nobody(edition, shop, rows):
    measured = measure(shop({"anna": (8, 1.0), "darek": (8, 1.0)}), edition(PLAIN))
    anna = rows("employee", measured)["anna"]

    assert "all_marks_equal" in codes(measured)
    assert anna["base_low"] < 0.9 < anna["base"] < anna["base_high"] <= 1
    assert anna["rank_low"] is anna["tier"] is None


def test_one_employee_and_one_evaluator_are_enough_for_a_share_but_not_for_a_comparison(edition, shop, rows):
    measured = measure(shop({"anna": (20, 0.7)}, evaluator="borys"), edition(PLAIN))
    anna = rows("employee", measured)["anna"]

    assert {"one_employee", "one_evaluator"} <= codes(measured)
    assert anna["base_low"] < 0.7 < anna["base_high"]
    assert anna["measure"] is anna["se"] is anna["rank_low"] is None
    assert rows("evaluator", measured)["borys"]["measure"] is None


def test_a_single_mark_is_measured_with_great_doubt(edition, observations, rows):
    one = observations([{"contact": "c", "employee": "anna", "standard": "greet", "value": 1}])
    anna = rows("employee", measure(one, edition(PLAIN)))["anna"]

    assert anna["base_high"] - anna["base_low"] > 0.4
    assert anna["grade"] is None
    assert anna["needed"] >= 4


def test_an_evaluator_who_marks_lower_is_more_severe(edition, shop, rows):
    kind = shop({"anna": (30, 0.9), "darek": (30, 0.8)}, evaluator="borys")
    harsh = shop({"ewa": (30, 0.3), "jan": (30, 0.4)}, evaluator="celina")
    bridge = (
        shop({"piotr": (30, 0.8)}, evaluator="borys"),
        shop({"piotr2": (30, 0.3)}, evaluator="celina", employee="piotr"),
    )
    measured = measure(pa.concat_tables([kind, harsh, *bridge]), edition(PLAIN))
    evaluators = rows("evaluator", measured)

    assert evaluators["celina"]["measure"] > 0 > evaluators["borys"]["measure"]
    assert evaluators["celina"]["base"] is None


def test_linear_algebra_has_one_thread_while_measuring_and_as_many_as_before_after(edition, shop):
    seen = []
    with threadpool_limits(limits=2, user_api="blas"):
        measure(shop(TEAM), edition(PLAIN), progress=lambda *_: seen.append(blas_threads()))
        after = blas_threads()

    assert seen
    assert all(now == {1} for now in seen)
    assert after == {2}


def test_progress_is_told_from_nothing_to_all(edition, shop):
    told = []
    measure(shop(TEAM), edition(PLAIN), progress=lambda stage, share: told.append((stage, share)))

    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_initiatives_alone_are_measured_without_a_base(edition, shop, rows):
    of = edition([{"standard": "carry", "rung": "initiative"}])
    anna = rows("employee", measure(shop(TEAM, standards=("carry",)), of))["anna"]

    assert anna["base"] is anna["grade"] is anna["classic"] is None
    assert anna["initiative_low"] < anna["initiative"] < anna["initiative_high"]


def test_an_initiative_standard_has_its_own_share_where_it_fits(edition, shop, rows):
    of = edition([*PLAIN, {"standard": "carry", "rung": "initiative"}])
    carry = rows("standard", measure(shop(TEAM, standards=("greet", "thanks", "carry")), of))["carry"]

    assert carry["base"] is None
    assert carry["initiative_low"] < 0.7 < carry["initiative_high"]


def test_shares_of_scale_steps_count_as_parts_of_a_mark(edition, observations, rows):
    steps = [
        {"contact": f"{who}{n}", "employee": who, "standard": "greet", "value": value}
        for who, value in (("anna", 0.75), ("darek", 0.25))
        for n in range(60)
    ]
    people = rows("employee", measure(observations(steps), edition([{"standard": "greet"}])))

    assert people["anna"]["base"] == pytest.approx(0.75, abs=0.05)
    assert people["anna"]["base_low"] < 0.75 < people["anna"]["base_high"]
    assert people["darek"]["rank_low"] == 2


def test_notes_and_refusals_carry_plain_facts(edition, shop):
    measured = measure(shop({"anna": (3, 1.0)}), edition(PLAIN))

    assert json.loads(json.dumps([measured.notes, measured.not_measured]))
    assert ("few_contacts", {"employees": 1, "least": 5}) in measured.notes


def test_anything_with_an_arrow_stream_may_be_passed_in(edition, shop):
    marks = shop(TEAM)
    frame = pl.DataFrame(pl.from_arrow(marks))

    assert measure(frame, edition(PLAIN)).results.equals(measure(marks, edition(PLAIN)).results)
