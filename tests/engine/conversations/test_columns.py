from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from gracja.engine.conversations.columns import check_table
from gracja.engine.conversations.jsonl import read_jsonl
from gracja.engine.conversations.outcome import Accepted, Rejected
from gracja.engine.conversations.table import to_table
from gracja.engine.errors import EngineInputError
from gracja.wording.sentences import LANGUAGES, say_error

MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def columns(**changes):
    turns = [[{"speaker": "agent", "text": "hej"}]]
    return pa.table({"contact": ["c1"], "channel": ["chat"], "turns": turns} | changes)


def test_a_table_that_was_read_is_accepted_as_it_is(conversation, lines):
    (accepted,) = read_jsonl([lines(conversation())])
    table = to_table([accepted.conversation])

    (again,) = check_table(table)

    assert again.conversation == accepted.conversation
    assert again.notices == ()


def test_optional_columns_may_be_missing():
    (accepted,) = check_table(columns(employee=["darek"]))

    assert accepted.conversation.complete is True
    assert accepted.conversation.started_at is None


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Warsaw"])
def test_times_of_any_unit_and_zone_are_the_same_instants(unit, zone):
    started = pa.array([MOMENT], pa.timestamp(unit, zone))

    (accepted,) = check_table(columns(started_at=started, employee=["darek"]))

    assert accepted.conversation.started_at == 1_772_357_400_000_000


def test_a_time_without_a_zone_is_rejected():
    (rejected,) = check_table(columns(started_at=pa.array([MOMENT], pa.timestamp("us"))), file="t.parquet")

    assert (rejected.code, rejected.where.line, rejected.contact) == ("time_without_zone", 1, "c1")
    assert '"contact": "c1"' in rejected.raw


def test_large_and_dictionary_strings_are_strings():
    (accepted,) = check_table(
        columns(contact=pa.array(["c1"], pa.large_string()), channel=pa.array(["chat"]).dictionary_encode())
    )

    assert (accepted.conversation.contact, accepted.conversation.channel) == ("c1", "chat")


def test_a_bad_row_leaves_the_good_ones():
    turns = [{"speaker": "agent", "text": "hej"}]
    table = pa.table({"contact": ["c1", None, "c3"], "channel": ["chat"] * 3, "turns": [turns, turns, None]})
    first, second, third = check_table(table, first_row=501)

    assert isinstance(first, Accepted)
    assert [(one.code, one.where.line) for one in (second, third)] == [
        ("field_missing", 502),
        ("field_missing", 503),
    ]


def test_broken_bytes_in_one_row_leave_the_others():
    contacts = pa.Array.from_buffers(
        pa.string(),
        2,
        [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"\xb3b")],
    )
    turns = [[{"speaker": "agent", "text": "hej"}]] * 2
    table = pa.table({"contact": contacts, "channel": ["chat"] * 2, "turns": turns})

    rejected, accepted = check_table(table)

    assert isinstance(rejected, Rejected)
    assert rejected.code == "row_unreadable"
    assert all(say_error(rejected.error(), lang) for lang in LANGUAGES)
    assert accepted.conversation.contact == "b"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (pa.table({"id": [1]}), "columns_missing"),
        (pa.table({"contact": ["c"], "channel": ["chat"], "turns": ["hej"]}), "column_type"),
        (pa.table({"contact": ["c"], "channel": ["chat"], "turns": [["hej"]]}), "column_type"),
    ],
)
def test_a_table_of_something_else_is_refused(table, code):
    with pytest.raises(EngineInputError) as refused:
        list(check_table(table, file="t.parquet"))

    assert refused.value.code == code
    assert all(say_error(refused.value, lang).startswith("t.parquet: ") for lang in LANGUAGES)
