"""Too distant or too close: counted where it is known what was wanted, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gracja.engine.measure.closeness import closeness

STANDARDS = [
    {"standard": "greet"},
    {"standard": "offer_help", "service_mode": "personal"},
    {"standard": "within_reach", "service_mode": "discreet"},
    {"standard": "compliment", "service_mode": "personal", "rung": "initiative", "part": "door"},
]
DISCRETION, CLOSENESS, EITHER, BOTH = (0, 20), (70, 90), (40, 60), (20, 80)


@pytest.fixture
def judged(edition, observations, contacts):
    """What was counted in each part of one place; marks: standard -> value, or rows of their own."""

    def count(marks, wanted=None, source="scenario", basis="human"):
        rows = marks if isinstance(marks, list) else [{"standard": s, "value": v} for s, v in marks.items()]
        base = {"contact": "c", "employee": "darek", "evaluator": "borys", "place": "rynek"}
        low, high = wanted or (None, None)
        known = [{"contact": "c", "wanted_low": low, "wanted_high": high, "wanted_source": source}]
        found = closeness(
            observations([base | row for row in rows]), contacts(known), edition(STANDARDS), basis=basis
        )
        return {row["part"]: row for row in found.iter_rows(named=True)}

    return count


@pytest.mark.parametrize(
    ("wanted", "marks", "distant", "close"),
    [
        (DISCRETION, {"offer_help": 1}, 0, 1),
        (DISCRETION, {"offer_help": 0}, 0, 0),
        (DISCRETION, {"within_reach": 0}, 0, 1),
        (DISCRETION, {"within_reach": 1}, 0, 0),
        (CLOSENESS, {"offer_help": 0}, 1, 0),
        (CLOSENESS, {"offer_help": 1}, 0, 0),
        (CLOSENESS, {"within_reach": 1}, 1, 0),
        (CLOSENESS, {"within_reach": 0}, 0, 0),
        (EITHER, {"offer_help": 1, "within_reach": 1}, 0, 0),
        (BOTH, {"offer_help": 1, "within_reach": 1}, 0, 0),
    ],
)
def test_only_the_sure_opposite_of_what_was_wanted_is_wrong(judged, wanted, marks, distant, close):
    row = judged(marks, wanted)["welcome"]

    assert (row["judged"], row["distant"], row["close"], row["unknown"]) == (1, distant, close, 0)


def test_what_goes_beyond_expectation_is_never_missed_but_may_be_too_much(judged):
    assert judged({"compliment": 0}, CLOSENESS)["door"]["distant"] == 0
    assert judged({"compliment": 1}, DISCRETION)["door"]["close"] == 1


@pytest.mark.parametrize(("wanted", "source"), [(None, "none"), (DISCRETION, "staff_tap")])
def test_where_it_is_not_known_without_hindsight_what_was_wanted_nothing_is_judged(judged, wanted, source):
    row = judged({"offer_help": 1}, wanted, source)["welcome"]

    assert (row["judged"], row["unknown"], row["close"]) == (0, 1, 0)


def test_a_contact_that_was_wrong_in_two_parts_is_one_contact_on_the_whole(judged):
    found = judged({"offer_help": 1, "compliment": 1}, DISCRETION)

    assert [found[part]["close"] for part in ("welcome", "door", "")] == [1, 1, 1]
    assert found[""]["judged"] == 1


def test_standards_for_everyone_say_nothing_of_closeness(judged):
    assert judged({"greet": 0}, CLOSENESS) == {}


def test_two_evaluators_of_one_contact_are_one_voice(judged):
    marks = [{"standard": "offer_help", "value": v, "evaluator": e} for v, e in ((1, "borys"), (0, "ewa"))]

    assert judged(marks, DISCRETION)["welcome"]["judged"] == 1


def test_the_newest_contact_of_each_side_is_named(judged):
    at = datetime(2026, 10, 1, tzinfo=UTC)
    row = judged([{"standard": "offer_help", "value": 1.0, "occurred_at": at}], DISCRETION)["welcome"]

    assert (row["close_in"], row["distant_in"]) == ("c", None)


def test_marks_of_machines_count_only_where_results_rest_on_them(judged):
    marks = [{"standard": "offer_help", "value": 1.0, "source": "automatic", "evaluator": None}]

    assert judged(marks, DISCRETION) == {}
    assert judged(marks, DISCRETION, basis="automatic")["welcome"]["close"] == 1


@pytest.mark.parametrize(
    ("wanted", "close", "distance"), [(CLOSENESS, 1, 0), (DISCRETION, 0, 1), (EITHER, 0, 0), (BOTH, 0, 0)]
)
def test_who_surely_wanted_closeness_or_distance_is_counted_apart(judged, wanted, close, distance):
    row = judged({"offer_help": 1}, wanted)["welcome"]

    assert (row["judged"], row["wanted_close"], row["wanted_distance"]) == (1, close, distance)
