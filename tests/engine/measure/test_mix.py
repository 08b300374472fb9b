"""The reference mix: frozen once, so that what was due more often later moves nobody's result."""

from __future__ import annotations

import pyarrow as pa
import pytest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import measure
from gracja.engine.measure.mix import reference_mix, weights_of

GREET = {"standard": "greet", "weight": 2}
SEAT = {"standard": "seat", "na_when": "nobody waits"}
CHAT = {"standard": "chat", "service_mode": "personal"}
CARRY = {"standard": "carry", "rung": "initiative"}


def row(number, standard, value=1.0, **more):
    status = "marked" if value is not None else "not_applicable"
    return {
        "contact": f"c{number:03}",
        "employee": "anna" if number % 2 else "jan",
        "standard": standard,
        "value": value,
        "status": status,
        "evaluator": f"borys{number % 3}",
        **more,
    }


def test_a_standard_is_due_where_it_was_marked_and_not_where_it_did_not_apply(edition, observations):
    rows = [row(n, "greet") for n in range(10)] + [row(n, "seat", 0.0 if n < 4 else None) for n in range(10)]
    rows += [row(20, "seat", None, status="not_seen")]
    mix = {one.standard: one for one in reference_mix(observations(rows), edition([GREET, SEAT, CARRY]))}

    assert (mix["greet"].due, mix["greet"].not_due) == (10, 0)
    assert (mix["seat"].due, mix["seat"].not_due) == (4, 6)
    assert "carry" not in mix
    assert weights_of(tuple(mix.values())) == {"greet": 2.0, "seat": pytest.approx(0.4)}


def test_two_evaluators_of_one_contact_are_one_voice(edition, observations):
    rows = [row(1, "seat", evaluator="borys"), row(1, "seat", None, evaluator="celina")]
    (mix,) = reference_mix(observations(rows), edition([SEAT]))

    assert (mix.due, mix.not_due) == (1, 0)


def test_what_a_contact_did_not_want_was_not_due_there(edition, observations, contacts):
    wanted = contacts(
        [
            {"contact": f"c{n:03}", "wanted_low": 80 if n < 3 else 5, "wanted_high": 90 if n < 3 else 20}
            for n in range(8)
        ]
    )
    rows = observations([row(n, "chat") for n in range(10)])
    (mix,) = reference_mix(rows, edition([CHAT]), contacts=wanted)

    assert (mix.due, mix.not_due) == (3, 5)  # of two contacts nobody knows


def test_a_standard_of_which_nobody_can_tell_is_due_as_often_as_the_others(edition, observations):
    rows = [row(n, "seat", 1.0 if n < 5 else None) for n in range(10)]
    mix = reference_mix(observations(rows), edition([GREET, SEAT]))

    assert weights_of(mix) == {"greet": pytest.approx(2 * 0.5), "seat": pytest.approx(0.5)}


def test_results_of_a_later_month_compare_whatever_was_due_then(edition, observations, rows):
    """In the second month the hard standard is hardly ever due; nobody works differently."""
    of = edition([{"standard": "greet"}, SEAT])

    def month(name, seats):
        marks = [row(n, "greet", float(n // 2 % 10 > 0), contact=f"{name}{n}") for n in range(200)]
        marks += [row(n, "seat", float(n // 2 % 10 > 6), contact=f"{name}{n}") for n in range(seats)]
        marks += [row(n, "seat", None, contact=f"{name}{n}") for n in range(seats, 200)]
        return observations(marks)

    frozen = weights_of(reference_mix(month("a", 200), of))
    now = weights_of(reference_mix(month("b", 40), of))
    bases = [
        rows("employee", measure(month(name, seats), of, mix=mix))["anna"]["base"]
        for name, seats, mix in (("a", 200, frozen), ("b", 40, frozen), ("b", 40, now))
    ]

    assert bases[1] == pytest.approx(bases[0], abs=0.05)
    assert bases[2] > bases[0] + 0.1


def test_a_frozen_mix_is_no_longer_provisional_and_is_part_of_the_runs_name(edition, shop, rows):
    of, marks = edition([GREET, {"standard": "thanks"}]), shop({"anna": (20, 0.9), "jan": (20, 0.5)})
    open_mix, frozen, other = (
        measure(marks, of, mix=mix)
        for mix in (None, {"greet": 2.0, "thanks": 1.0}, {"greet": 1.0, "thanks": 9.0})
    )

    assert "reference_mix_open" in rows("employee", open_mix)["anna"]["provisional"]
    assert rows("employee", frozen)["anna"]["provisional"] == ""
    assert rows("employee", frozen)["anna"]["base"] == rows("employee", open_mix)["anna"]["base"]
    names = {rows("employee", one)["anna"]["run"] for one in (open_mix, frozen, other)}
    assert len(names) == 3


def test_what_of_the_mix_nobody_marked_is_said_and_left_out(edition, shop, rows):
    of, marks = edition([GREET, SEAT]), shop({"anna": (20, 0.9), "jan": (20, 0.5)}, standards=("greet",))
    found, alone = (measure(marks, of, mix=mix) for mix in ({"greet": 1.0, "seat": 5.0}, {"greet": 1.0}))

    assert ("mix_not_all_marked", {"standards": 1}) in found.notes
    assert "mix_not_all_marked" not in {note.code for note in alone.notes}
    assert rows("employee", found)["anna"]["base"] == rows("employee", alone)["anna"]["base"]


BYE = {"standard": "bye", "part": "farewell"}


def test_a_part_without_a_standard_in_the_frozen_mix_has_no_base_and_the_reason_is_said(edition, shop, rows):
    of = edition([GREET, BYE])
    marks = shop({"anna": (20, 0.9), "jan": (20, 0.2)}, standards=("greet", "bye"))
    open_mix, found = (measure(marks, of, mix=mix) for mix in (None, {"greet": 2.0}))
    parts = rows("part", found)

    empty = ("base", "base_low", "base_high", "measure", "se")
    assert [parts["farewell"][column] for column in empty] == [None] * 5
    assert parts["farewell"]["classic"] is not None
    assert parts["welcome"]["base"] == rows("part", open_mix)["welcome"]["base"]
    assert rows("standard", found)["bye"]["base"] == rows("standard", open_mix)["bye"]["base"]
    assert ("part", "farewell", "part_outside_mix", {}) in found.not_measured
    assert ("marked_outside_mix", {"standards": 1, "names": ["bye"]}) in found.notes
    assert not {"marked_outside_mix", "mix_not_marked"} & {note.code for note in open_mix.notes}
    assert "part_outside_mix" not in {one.code for one in open_mix.not_measured}


def test_where_nothing_of_the_frozen_mix_was_marked_nobody_has_a_base_grade_or_rank(edition, shop, rows):
    marks = shop({"anna": (60, 1.0), "jan": (60, 0.1)}, standards=("bye",))
    found = measure(marks, edition([GREET, BYE]), mix={"greet": 2.0})

    unknown = ("base", "base_low", "base_high", "measure", "se")
    for kind in ("employee", "place", "part"):
        for row in rows(kind, found).values():
            assert {row[column] for column in unknown} == {None}, kind
    ranked = ("grade", "grade_probability", "needed", "rank_low", "rank_high", "tier")
    assert {rows("employee", found)["anna"][column] for column in ranked} == {None}
    assert rows("standard", found)["bye"]["base"] is not None
    assert ("mix_not_marked", {}) in found.notes
    assert ("mix_not_all_marked", {"standards": 1}) in found.notes


@pytest.mark.parametrize(
    ("mix", "code"),
    [
        ({"dance": 1.0}, "mix_standard_unknown"),
        ({"carry": 1.0}, "mix_standard_unknown"),
        ({"greet": 0.0}, "mix_weight_range"),
        ({"greet": float("nan")}, "mix_weight_range"),
        ({}, "mix_empty"),
    ],
)
def test_a_mix_that_says_nothing_is_refused(edition, shop, mix, code):
    marks: pa.Table = shop({"anna": (5, 0.9)}, standards=("greet",))
    with pytest.raises(EngineInputError) as refused:
        measure(marks, edition([GREET, CARRY]), mix=mix)

    assert refused.value.code == code
