from __future__ import annotations

import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.conversations.flat import read_flat_csv, read_flat_jsonl, read_flat_table
from gracja.engine.conversations.kinds import CONTACT, OBSERVATION
from gracja.engine.conversations.outcome import Noticed, Rejected
from gracja.engine.conversations.sheet import Sheet, check_sheet, each_once
from gracja.engine.errors import EngineInputError
from gracja.wording.sentences import LANGUAGES, say_error


def read(kind, *parts):
    """The rows kept, and what was rejected, of the parts that a reader gave."""
    rejections = [part for part in parts if isinstance(part, Rejected)]
    sheets = []
    for part in parts:
        if isinstance(part, Sheet):
            good, bad = check_sheet(kind, part)
            sheets.append(good)
            rejections += bad
    table, repeats = each_once(kind, sheets)
    rejections += repeats
    assert table.schema == kind.schema
    for one in rejections:
        assert one.raw
        assert all(say_error(one.error(), lang) for lang in LANGUAGES)
        json.dumps(dict(one.facts))
    return table.to_pylist(), rejections


def contact(**changes):
    return {"contact": "c1", "edition": "salon@3", "service_kind": "relationship"} | changes


WRONG_MARKS = {
    "no contact": ({"contact": ""}, "field_missing"),
    "no standard": ({"standard": ...}, "field_missing"),
    "an unknown source": ({"source": "rumour"}, "field_choice"),
    "an unknown status": ({"status": "met"}, "field_choice"),
    "marked without a value": ({"value": None}, "value_missing"),
    "a value on not applicable": ({"status": "not_applicable"}, "value_unexpected"),
    "a value of percent": ({"value": 50}, "number_out_of_range"),
    "a value under zero": ({"value": -0.1}, "number_out_of_range"),
    "a value in words": ({"value": "yes"}, "field_type"),
    "a value that is a truth": ({"value": True}, "field_type"),
    "blind by a number": ({"blind": 1}, "field_type"),
    "a probability of two": ({"probability": 2}, "number_out_of_range"),
    "drawn with no chance": ({"inclusion": 0}, "inclusion_out_of_range"),
    "an endless raw": ({"raw": 1e300}, "field_type"),
    "half a segment": ({"segment": 0.5}, "field_type"),
    "a far segment": ({"segment": 40_000}, "number_out_of_range"),
    "a negative segment": ({"segment": -1}, "number_out_of_range"),
    "superseding the future": ({"revision": 2, "supersedes": 2}, "supersedes_later"),
    "evidence backwards": ({"evidence": [{"turn": 0, "start": 5, "end": 4}]}, "evidence_span"),
    "evidence without a turn": ({"evidence": [{"start": 5, "end": 6}]}, "evidence_span"),
    "evidence in words": ({"evidence": "turn 3"}, "field_type"),
    "no zone": ({"occurred_at": "2026-03-01T09:30:00"}, "time_without_zone"),
    "not an object": (None, "json_not_object"),
}


@pytest.mark.parametrize(("changes", "code"), WRONG_MARKS.values(), ids=WRONG_MARKS)
def test_each_fault_of_an_observation_is_rejected_with_its_place(observation, lines, changes, code):
    bad = [1] if changes is None else observation(**{"standard": "bye"} | changes)

    rows, (one,) = read(OBSERVATION, *read_flat_jsonl(OBSERVATION, [lines(observation(), bad)], file="m"))

    assert (one.code, one.where.file, one.where.line, len(rows)) == (code, "m", 2, 1)


WRONG_CONTACTS = {
    "no edition": ({"edition": None}, "field_missing"),
    "an unknown kind": ({"service_kind": "club"}, "field_choice"),
    "an unknown source": ({"wanted_source": "guess"}, "field_choice"),
    "wanted over a hundred": (
        {"wanted_low": 10, "wanted_high": 101, "wanted_source": "history"},
        "number_out_of_range",
    ),
    "half of wanted": ({"wanted_low": 10, "wanted_source": "history"}, "wanted_half"),
    "wanted upside down": (
        {"wanted_low": 20, "wanted_high": 10, "wanted_source": "history"},
        "wanted_upside_down",
    ),
    "wanted by nobody": ({"wanted_low": 10, "wanted_high": 20}, "wanted_without_source"),
    "a source of nothing": ({"wanted_source": "history"}, "wanted_missing"),
    "a far time": ({"wanted_recorded_at": 12}, "time_out_of_range"),
}


@pytest.mark.parametrize(("changes", "code"), WRONG_CONTACTS.values(), ids=WRONG_CONTACTS)
def test_each_fault_of_a_contact_is_rejected(lines, changes, code):
    data = lines(contact(), contact(contact="c2") | changes)

    rows, (one,) = read(CONTACT, *read_flat_jsonl(CONTACT, [data]))

    assert (one.code, one.where.line, len(rows)) == (code, 2, 1)


def test_what_is_missing_is_filled_in(observation, lines):
    data = lines(observation(segment=None, employee=" "))

    (row,), _ = read(OBSERVATION, *read_flat_jsonl(OBSERVATION, [data]))
    (other,), _ = read(CONTACT, *read_flat_jsonl(CONTACT, [lines(contact())]))

    assert (row["segment"], row["revision"], row["evidence"], row["employee"]) == (0, 1, [], None)
    assert (other["segment"], other["wanted_source"], other["wanted_low"]) == (0, "none", None)


def test_a_repeated_mark_is_kept_once_and_a_contradicting_one_is_rejected(observation, lines):
    first = lines(observation(), observation(evaluator=None), observation(standard="bye"))
    second = lines(observation(evaluator=None), observation(value=0), observation(value=0, revision=2))

    rows, rejections = read(
        OBSERVATION,
        *read_flat_jsonl(OBSERVATION, [first], file="a"),
        *read_flat_jsonl(OBSERVATION, [second], file="b"),
    )

    assert [(one.code, one.facts["first"]) for one in rejections] == [
        ("row_repeated", "a:2"),
        ("row_twice", "a:1"),
    ]
    assert [row["value"] for row in rows] == [1.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": pa.array(["half"])}, "column_type"),
        ({"segment": pa.array([70_000])}, "column_type"),
        ({"occurred_at": pa.array([datetime(2026, 3, 1)], pa.timestamp("us"))}, "column_without_zone"),  # noqa: DTZ001
    ],
)
def test_a_column_of_the_wrong_type_is_refused(observation, changes, code):
    table = pa.table({name: [value] for name, value in observation().items()} | changes)

    with pytest.raises(EngineInputError) as refused:
        list(read_flat_table(OBSERVATION, table))

    assert refused.value.code == code
    assert all(say_error(refused.value, lang) for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"value": pa.array([float("nan")], pa.float32())}, "number_out_of_range"),
        ({"raw": pa.array([float("inf")], pa.float64())}, "raw_not_finite"),
        ({"occurred_at": pa.array([datetime(1969, 1, 1, tzinfo=UTC)])}, "time_out_of_range"),
        ({"occurred_at": pa.array([2**60], pa.timestamp("us", "UTC"))}, "time_out_of_range"),
        ({"contact": [None]}, "field_missing"),
    ],
)
def test_a_bad_row_of_a_table_is_rejected(observation, changes, code):
    table = pa.table({name: [value] for name, value in observation().items()} | changes)

    rows, (one,) = read(OBSERVATION, *read_flat_table(OBSERVATION, table, first_row=7))

    assert (one.code, one.where.line, rows) == (code, 7, [])


def test_unknown_columns_of_observations_are_named(observation, lines):
    table = pa.table({name: [value] for name, value in observation(mood="good").items()})
    cells = b"contact,mood,standard,edition,source,status\nc1,x,s,e@1,review,not_seen\n"

    for parts in (
        read_flat_jsonl(OBSERVATION, [lines(observation(mood="good"))]),
        read_flat_csv(OBSERVATION, [cells]),
        read_flat_table(OBSERVATION, table),
    ):
        noticed, sheet = parts
        assert isinstance(noticed, Noticed)
        assert (noticed.code, noticed.name) == ("field_ignored", "mood")
        assert len(read(OBSERVATION, sheet)[0]) == 1


@given(
    records=st.lists(
        st.fixed_dictionaries(
            {"status": st.sampled_from(["marked", "not_seen", "maybe"])},
            optional={
                "value": st.none() | st.floats(0, 1, width=32) | st.just(7),
                "segment": st.integers(-1, 2),
                "employee": st.sampled_from(["darek", "celina", ""]),
            },
        ),
        max_size=8,
    )
)
def test_every_observation_is_accepted_or_rejected(records):
    mark = {"contact": "c1", "standard": "greet", "edition": "salon@3", "source": "review", "value": 1}
    data = b"".join(json.dumps(mark | record).encode() + b"\n" for record in records)

    once = list(read_flat_jsonl(OBSERVATION, [data]))
    rows, rejections = read(OBSERVATION, *once)
    again, more = read(OBSERVATION, *once, *once)

    assert len(rows) + len(rejections) == len(records)
    assert again == rows
    assert len(again) + len(more) == 2 * len(records)


def test_a_cell_says_in_either_language_whether_the_automatic_mark_was_seen():
    cells = b"contact,standard,edition,source,status,value,blind\n" + b"".join(
        f"c{number},greet,salon@3,review,marked,1,{said}\n".encode()
        for number, said in enumerate(("true", "tak", "nie", "0", "", "perhaps"))
    )

    rows, (wrong,) = read(OBSERVATION, *read_flat_csv(OBSERVATION, [cells]))

    assert [row["blind"] for row in rows] == [True, True, False, False, None]
    assert (wrong.code, wrong.where.field, wrong.where.line) == ("field_choice", "blind", 7)
