"""Which rows count: of which source, whose, of which edition; the others are said, not dropped in silence."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gracja.engine import tables
from gracja.engine.errors import EngineInputError
from gracja.engine.measure import measure
from gracja.wording.sentences import LANGUAGES, say_error

PLAIN = [{"standard": "greet"}, {"standard": "thanks"}]
TEAM = {"anna": (30, 0.95), "celina": (30, 0.5), "darek": (30, 0.6)}


def codes(measured):
    return {note.code for note in measured.notes}


@settings(max_examples=5, deadline=None)
@given(st.sampled_from(["not_applicable", "not_seen", "abstained"]), st.integers(0, 29))
def test_a_row_that_is_no_mark_changes_nothing(edition, shop, observations, status, number):
    marks = shop(TEAM)
    row = {"contact": f"anna-{number:04}", "employee": "anna", "standard": "thanks", "evaluator": "someone"}
    more = pa.concat_tables([marks, observations([{**row, "status": status}])])

    without, with_it = (measure(m, edition(PLAIN)).results.drop(["run"]) for m in (marks, more))
    assert with_it.equals(without)


def test_customers_and_self_reports_never_enter(edition, shop, rows):
    marks = shop(TEAM)
    said = pa.concat_tables(
        [marks, shop({"anna": (30, 0.0)}, source="self"), shop({"jan": (9, 0.0)}, source="customer")]
    )
    alone, beside = measure(marks, edition(PLAIN)), measure(said, edition(PLAIN))

    assert beside.results.drop(["run"]).equals(alone.results.drop(["run"]))
    assert {"customer_left_out", "self_left_out"} <= codes(beside)
    assert ("employee", "jan", "customer_or_self_only", {}) in beside.not_measured


def test_automatic_marks_of_other_contacts_stand_aside_where_there_are_human_ones(edition, shop, rows):
    watched = shop({"anna": (30, 0.0), "ewa": (20, 0.9)}, source="automatic", evaluator=None)
    elsewhere = [f"chat-{contact}" for contact in watched["contact"].to_pylist()]
    watched = watched.set_column(0, watched.schema.field("contact"), pa.array(elsewhere))
    measured = measure(pa.concat_tables([shop(TEAM), watched]), edition(PLAIN))

    assert measured.basis == "human"
    assert rows("employee", measured).keys() == TEAM.keys()
    assert ("automatic_left_out", {"rows": 100}) in measured.notes
    assert ("employee", "ewa", "automatic_marks_only", {}) in measured.not_measured
    assert set(measured.results["provisional"].to_pylist()) == {"reference_mix_open"}


def test_automatic_marks_of_the_same_contacts_count_beside_them(edition, shop, rows):
    watched = shop({**TEAM, "ewa": (40, 0.9)}, source="automatic", evaluator=None)
    measured = measure(pa.concat_tables([shop(TEAM), watched]), edition(PLAIN))
    found = rows("employee", measured)

    assert ("automatic_combined", {"rows": 260, "pairs": 180, "standards": 2}) in measured.notes
    assert "automatic_left_out" not in codes(measured)
    assert {error.standard for error in measured.fit_info.detector_errors} == {"greet", "thanks"}
    assert found["ewa"]["contacts"] == 40  # nobody reviewed her; others' reviews tell how the detector errs
    assert found["ewa"]["base_low"] < found["ewa"]["base"] < found["ewa"]["base_high"]
    assert found["anna"]["evaluators"] == 2  # a detector is no evaluator


def test_a_detector_makes_nobody_comparable_whom_it_did_not_watch(edition, shop):
    watched = shop(TEAM, source="automatic", evaluator=None)
    apart = shop({"olek": (40, 0.7), "maja": (40, 0.5)}, evaluator="jan", place="galeria")
    measured = measure(pa.concat_tables([shop(TEAM), apart, watched]), edition(PLAIN))

    assert "automatic_combined" in codes(measured)
    assert ("cannot_be_separated", {"components": 2}) in measured.notes


def test_whoever_asks_for_people_alone_gets_people_alone(edition, shop):
    watched = shop(TEAM, source="automatic", evaluator=None)
    measured = measure(pa.concat_tables([shop(TEAM), watched]), edition(PLAIN), source="human")

    assert ("automatic_left_out", {"rows": 180}) in measured.notes
    assert measured.fit_info.detector_errors == ()


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


def test_nothing_usable_gives_no_results_and_says_who_is_missing(edition, observations):
    unseen = observations([{"contact": "c", "employee": "anna", "standard": "greet", "status": "not_seen"}])
    measured = measure(unseen, edition(PLAIN))

    assert measured.results.num_rows == 0
    assert measured.results.schema.equals(tables.RESULTS)
    assert ("employee", "anna", "no_usable_marks", {}) in measured.not_measured


def test_marks_of_nobody_at_all_still_measure_standards_and_places(edition, shop, rows):
    measured = measure(shop({"x": (20, 0.7)}, employee=None), edition(PLAIN))

    assert rows("employee", measured) == {}
    assert rows("place", measured)["rynek"]["base"] == pytest.approx(0.7, abs=0.05)
    assert rows("standard", measured).keys() == {"greet", "thanks"}


def test_observations_of_another_edition_alone_are_refused_by_its_name(edition, shop):
    others = pa.concat_tables([shop(TEAM, edition="bank@1"), shop({"ewa": (2, 1.0)}, edition="salony@2")])
    with pytest.raises(EngineInputError) as refused:
        measure(others, edition(PLAIN))

    assert refused.value.code == "edition_does_not_match"
    assert refused.value.facts == {"edition": "salon@3", "found": ["bank@1", "salony@2"]}
    for language in LANGUAGES:
        sentence = say_error(refused.value, language)
        assert all(name in sentence for name in ("salon@3", "bank@1", "salony@2"))


def test_contacts_that_nobody_observed_are_counted(edition, shop, observations, contacts):
    unseen = observations([{"contact": "u", "employee": "anna", "standard": "greet", "status": "not_seen"}])
    marks = pa.concat_tables([shop(TEAM), unseen])
    seen = [{"contact": "anna-0001", "wanted_low": 80, "wanted_high": 90}, {"contact": "u"}]
    strange = [{"contact": "Anna-0001"}, {"contact": "anna-0002", "segment": 1}]

    def notes(rows):
        return dict(measure(marks, edition(PLAIN), contacts=contacts(rows)).notes)

    assert "contacts_unmatched" not in notes(seen)
    assert notes(seen + strange)["contacts_unmatched"] == {"rows": 2}
