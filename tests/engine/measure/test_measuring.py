"""Observations to results: which rows count, what is said of whom, and what is left unsaid."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gracja.engine import tables
from gracja.engine.errors import EngineInputError
from gracja.engine.measure import NOT_MEASURED_CODES, NOTE_CODES, measure
from gracja.wording.sentences import LANGUAGES, say_error

PLAIN = [{"standard": "greet"}, {"standard": "thanks"}]
TEAM = {"anna": (30, 0.95), "celina": (30, 0.5), "darek": (30, 0.6)}


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


@settings(max_examples=5, deadline=None)
@given(st.sampled_from(["not_applicable", "not_seen", "abstained"]), st.integers(0, 29))
def test_a_row_that_is_no_mark_changes_nothing(edition, shop, observations, status, number):
    marks = shop(TEAM)
    row = {"contact": f"anna-{number:04}", "employee": "anna", "standard": "thanks", "evaluator": "someone"}
    more = pa.concat_tables([marks, observations([{**row, "status": status}])])

    without, with_it = (measure(m, edition(PLAIN)).results.drop(["run"]) for m in (marks, more))
    assert with_it.equals(without)


def test_weights_act_in_the_prediction_and_never_in_the_likelihood(edition, shop, rows):
    heavy = [{"standard": "greet", "weight": 9}, {"standard": "thanks"}]
    even, weighted = (measure(shop(TEAM), edition(standards)) for standards in (PLAIN, heavy))

    assert weighted.fit_info == even.fit_info
    assert rows("employee", weighted)["anna"]["measure"] == rows("employee", even)["anna"]["measure"]
    assert rows("part", weighted)["welcome"]["base"] != rows("part", even)["welcome"]["base"]


def test_the_latest_revision_of_a_mark_wins(edition, shop, observations, rows):
    marks = shop(TEAM)
    corrected = marks.to_pylist()[0]
    withdrawn = {**corrected, "revision": 1, "supersedes": 0, "status": "not_applicable", "value": None}
    measured = measure(pa.concat_tables([marks, observations([withdrawn])]), edition(PLAIN))

    assert rows("employee", measured)["anna"]["observations"] == 59
    assert ("older_revisions_left_out", {"rows": 1}) in measured.notes


def test_customers_and_self_reports_never_enter(edition, shop, rows):
    marks = shop(TEAM)
    said = pa.concat_tables(
        [marks, shop({"anna": (30, 0.0)}, source="self"), shop({"jan": (9, 0.0)}, source="customer")]
    )
    alone, beside = measure(marks, edition(PLAIN)), measure(said, edition(PLAIN))

    assert beside.results.drop(["run"]).equals(alone.results.drop(["run"]))
    assert {"customer_left_out", "self_left_out"} <= codes(beside)
    assert ("employee", "jan", "customer_or_self_only", {}) in beside.not_measured


def test_automatic_marks_stand_aside_where_there_are_human_ones(edition, shop, rows):
    both = pa.concat_tables([shop(TEAM), shop({"anna": (30, 0.0), "ewa": (20, 0.9)}, source="automatic")])
    measured = measure(both, edition(PLAIN))

    assert measured.basis == "human"
    assert rows("employee", measured).keys() == TEAM.keys()
    assert ("automatic_left_out", {"rows": 100}) in measured.notes
    assert ("employee", "ewa", "automatic_marks_only", {}) in measured.not_measured
    assert set(measured.results["provisional"].to_pylist()) == {"reference_mix_open"}


def test_without_human_marks_everything_is_provisional(edition, shop):
    measured = measure(shop(TEAM, source="automatic", evaluator=None), edition(PLAIN))

    assert measured.basis == "automatic"
    assert set(measured.results["provisional"].to_pylist()) == {"automatic_only,reference_mix_open"}
    assert "evaluator" not in measured.results["subject_kind"].to_pylist()


def test_rows_that_cannot_count_are_said_and_not_dropped_in_silence(edition, shop, observations):
    strange = observations(
        [
            {"contact": "x1", "employee": "anna", "standard": "bow", "value": 1},
            {"contact": "x2", "employee": "anna", "standard": "greet", "value": 1, "edition": "bank@1"},
            {"contact": "x3", "employee": "anna", "standard": "greet", "value": 1, "edition": "salon@2"},
            {"contact": "x4", "employee": "piotr", "standard": "greet", "status": "not_seen"},
            {"contact": "x5", "standard": "greet", "value": 1},
        ]
    )
    measured = measure(pa.concat_tables([shop(TEAM), strange]), edition([*PLAIN, {"standard": "smile"}]))

    assert ("standard", "bow", "standard_unknown", {"rows": 1}) in measured.not_measured
    assert ("standard", "smile", "standard_never_marked", {}) in measured.not_measured
    assert ("employee", "piotr", "no_usable_marks", {}) in measured.not_measured
    assert ("other_edition", {"rows": 1, "editions": ["bank@1"]}) in measured.notes
    assert ("earlier_version", {"rows": 1}) in measured.notes
    assert ("employee_unknown", {"rows": 1}) in measured.notes


def test_a_mark_of_nobody_counts_for_its_place_and_standard(edition, shop, rows):
    nobodys = shop({"x": (40, 1.0)}, employee=None)
    measured = measure(pa.concat_tables([shop(TEAM), nobodys]), edition(PLAIN))

    assert rows("employee", measured).keys() == TEAM.keys()
    assert rows("place", measured)["rynek"]["contacts"] == 130
    assert rows("standard", measured)["greet"]["observations"] == 130


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


def test_nothing_usable_gives_no_results_and_says_who_is_missing(edition, observations):
    unseen = observations([{"contact": "c", "employee": "anna", "standard": "greet", "status": "not_seen"}])
    measured = measure(unseen, edition(PLAIN))

    assert measured.results.num_rows == 0
    assert measured.results.schema.equals(tables.RESULTS)
    assert ("employee", "anna", "no_usable_marks", {}) in measured.not_measured


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


def test_progress_is_told_from_nothing_to_all(edition, shop):
    told = []
    measure(shop(TEAM), edition(PLAIN), progress=lambda stage, share: told.append((stage, share)))

    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def broken(column, value):
    def change(marks):
        values = marks[column].to_pylist()
        values[3] = value
        position = marks.schema.get_field_index(column)
        return marks.set_column(
            position, marks.schema.field(column), pa.array(values, marks.schema.field(column).type)
        )

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda marks: marks.slice(0, 0), "observations_empty"),
        (lambda marks: marks.drop(["value", "source"]), "columns_missing"),
        (broken("value", 1.5), "value_out_of_range"),
        (broken("value", float("nan")), "value_out_of_range"),
        (broken("value", None), "value_missing"),
        (broken("source", "gossip"), "choice_unknown"),
        (broken("status", "maybe"), "choice_unknown"),
        (lambda marks: pa.concat_tables([marks, marks.slice(0, 1)]), "observation_twice"),
        (
            lambda marks: marks.set_column(0, "contact", pa.nulls(marks.num_rows, pa.string())),
            "column_has_gaps",
        ),
        (lambda marks: marks.set_column(10, "value", pa.array(["high"] * marks.num_rows)), "column_type"),
    ],
)
def test_observations_that_cannot_be_used_are_refused_in_both_languages(edition, shop, change, code):
    with pytest.raises(EngineInputError) as refused:
        measure(change(shop(TEAM)), edition(PLAIN))
    assert refused.value.code == code
    assert all(say_error(refused.value, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("rows_given", "code"),
    [
        ([{"contact": "c", "wanted_low": -1, "wanted_high": 5}], "wanted_out_of_range"),
        ([{"contact": "c", "wanted_low": 50, "wanted_high": 5}], "wanted_out_of_range"),
        ([{"contact": "c"}, {"contact": "c"}], "wanted_twice"),
        ([{"contact": "c", "wanted_source": "gossip"}], "choice_unknown"),
    ],
)
def test_contacts_that_cannot_be_used_are_refused_in_both_languages(
    edition, shop, contacts, rows_given, code
):
    with pytest.raises(EngineInputError) as refused:
        measure(shop(TEAM), edition(PLAIN), contacts=contacts(rows_given))
    assert refused.value.code == code
    assert all(say_error(refused.value, language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("choice", "code"), [({"level": 1.0}, "level_out_of_range"), ({"source": "all"}, "choice_unknown")]
)
def test_choices_that_do_not_exist_are_refused(edition, shop, choice, code):
    with pytest.raises(EngineInputError) as refused:
        measure(shop(TEAM), edition(PLAIN), **choice)
    assert refused.value.code == code
    assert all(say_error(refused.value, language) for language in LANGUAGES)


def test_marks_of_nobody_at_all_still_measure_standards_and_places(edition, shop, rows):
    measured = measure(shop({"x": (20, 0.7)}, employee=None), edition(PLAIN))

    assert rows("employee", measured) == {}
    assert rows("place", measured)["rynek"]["base"] == pytest.approx(0.7, abs=0.05)
    assert rows("standard", measured).keys() == {"greet", "thanks"}


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
