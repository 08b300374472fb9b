from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.conversations.check import LONGEST_TURN_CHARACTERS, MOST_TURNS
from gracja.engine.conversations.jsonl import read_jsonl
from gracja.engine.conversations.outcome import Accepted, Noticed, Rejected
from gracja.engine.conversations.table import to_table
from gracja.engine.conversations.write import json_lines
from gracja.engine.tables import CONVERSATIONS
from gracja.wording.sentences import LANGUAGES, say_error


def only(data: bytes):
    (outcome,) = read_jsonl([data], file="talk.jsonl")
    return outcome


def test_a_conversation_comes_in_as_it_was_written(conversation, lines):
    accepted = only(lines(conversation()))

    table = to_table([accepted.conversation])
    assert table.schema == CONVERSATIONS
    (row,) = table.to_pylist()
    assert (row["contact"], row["employee"], row["complete"]) == ("c1", "darek", True)
    assert row["started_at"] == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert [turn["text"] for turn in row["turns"]] == ["Dzień dobry", "Witam, w czym mogę pomóc?"]
    assert accepted.notices == ()


def turn(**changes):
    return {"turns": [{"speaker": "agent", "text": "hej"} | changes]}


TIMES = [{"speaker": "agent", "text": "a", "at": "2026-03-01T09:30:05Z"}]
WRONG = {
    "no contact": ({"contact": ...}, "field_missing", "contact"),
    "a blank contact": ({"contact": "  "}, "field_missing", "contact"),
    "a contact that is a list": ({"contact": ["c1"]}, "field_type", "contact"),
    "a contact that is a fraction": ({"contact": 1.5}, "field_type", "contact"),
    "a contact with a line end": ({"contact": "c\n1"}, "id_unreadable", "contact"),
    "half a character in the contact": ({"contact": "c\ud800"}, "id_unreadable", "contact"),
    "an endless employee": ({"employee": "x" * 501}, "id_too_long", "employee"),
    "no channel": ({"channel": None}, "field_missing", "channel"),
    "an unknown channel": ({"channel": "pigeon"}, "channel_unknown", "channel"),
    "a language in words": ({"language": "Polish language"}, "language_unreadable", "language"),
    "complete in words": ({"complete": "yes"}, "field_type", "complete"),
    "no turns": ({"turns": ...}, "field_missing", "turns"),
    "empty turns": ({"turns": []}, "turns_empty", "turns"),
    "turns that are a text": ({"turns": "hello"}, "field_type", "turns"),
    "a turn that is a text": ({"turns": ["hello"]}, "field_type", "turns[0]"),
    "too many turns": (
        {"turns": [{"speaker": "agent", "text": ""}] * (MOST_TURNS + 1)},
        "turns_too_many",
        "turns",
    ),
    "no speaker": (turn(speaker=None), "field_missing", "turns[0].speaker"),
    "an unknown speaker": (turn(speaker="konsultant"), "speaker_unknown", "turns[0].speaker"),
    "a speaker that is an object": (turn(speaker={}), "speaker_unknown", "turns[0].speaker"),
    "a null text": (turn(text=None), "text_missing", "turns[0].text"),
    "a number as text": (turn(text=5), "field_type", "turns[0].text"),
    "a book in one turn": (
        turn(text="x" * (LONGEST_TURN_CHARACTERS + 1)),
        "turn_too_long",
        "turns[0].text",
    ),
    "a time in words": (turn(at="yesterday"), "time_unreadable", "turns[0].at"),
    "a time without a zone": ({"started_at": "2026-03-01T09:30:00"}, "time_without_zone", "started_at"),
    "a date alone": ({"started_at": "2026-03-01"}, "time_without_zone", "started_at"),
    "milliseconds": (turn(at=1_772_357_400_000), "time_out_of_range", "turns[0].at"),
    "seconds since the start": (turn(at=12.5), "time_out_of_range", "turns[0].at"),
    "the year 1": ({"started_at": "0001-01-01T00:00:00+14:00"}, "time_out_of_range", "started_at"),
    "a time that is a truth": (turn(at=True), "field_type", "turns[0].at"),
    "an earlier turn after a later one": (
        {"turns": [*TIMES, {"speaker": "agent", "text": "b"}, {**TIMES[0], "at": 1_772_357_404}]},
        "turns_out_of_order",
        "turns[2].at",
    ),
}


@pytest.mark.parametrize(("changes", "code", "field"), WRONG.values(), ids=WRONG)
def test_each_fault_of_a_conversation_has_its_code_place_and_sentence(conversation, changes, code, field):
    rejected = only(json.dumps(conversation(**changes)).encode())

    assert isinstance(rejected, Rejected)
    assert (rejected.code, rejected.where.line, rejected.where.field) == (code, 1, field)
    assert rejected.raw
    assert len(rejected.raw) <= 2_000
    for lang in LANGUAGES:
        sentence = say_error(rejected.error(), lang)
        assert sentence.startswith("talk.jsonl:1")
        json.dumps(sentence).encode()


BROKEN = {
    "cut short": (b'{"contact": "c7", "turns": [', "json_broken", "c7"),
    "two objects": (b"{} {}", "json_broken", None),
    "a list": (b'[{"contact": "c1"}]', "json_not_object", None),
    "a number of thousands of digits": (b'{"contact": ' + b"1" * 5_000 + b"}", "json_number_too_long", None),
    "infinity": (b'{"contact": "c7", "started_at": Infinity}', "json_not_finite", "c7"),
    "not a number": (b'{"started_at": NaN}', "json_not_finite", None),
    "one field twice": (b'{"contact": "c7", "contact": "c8"}', "json_key_twice", "c7"),
    "Windows-1250": ('{"contact": "c7", "text": "cześć"}'.encode("cp1250"), "not_utf8", "c7"),
    "UTF-16": ('{"contact": "c7"}'.encode("utf-16"), "not_utf8", None),
    "a hundred thousand brackets": (b"[" * 100_000, "json_too_deep", None),
    "zeros": (b"\0\0\0", "json_broken", None),
}


@pytest.mark.parametrize(("data", "code", "contact"), BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_rejected_between_two_good_ones(conversation, lines, data, code, contact):
    first, broken, last = read_jsonl([lines(conversation(), data, conversation(contact="c2"))])

    assert (first.conversation.contact, last.conversation.contact) == ("c1", "c2")
    assert (broken.code, broken.where.line, broken.contact) == (code, 2, contact)
    assert all(say_error(broken.error(), lang) for lang in LANGUAGES)


def test_the_byte_that_is_not_utf8_is_counted_from_one():
    rejected = only(b'{"a": "\xb3"}')

    assert rejected.facts == {"byte": 8, "given": "0xB3"}


def test_infinity_written_as_a_large_number_is_no_time(conversation, lines):
    data = lines(conversation()).replace(b'"2026-03-01T09:30:00Z"', b"1e999", 1)

    assert only(data).code == "time_out_of_range"


def test_fifty_megabytes_in_one_turn_are_rejected_and_the_next_line_goes_on(conversation, lines):
    chunks = [b'{"contact": "big", "turns": [{"text": "', *[b'ab \\" ' * 1_000] * 9_000, b'"}]}\n']

    rejected, accepted = read_jsonl([*chunks, lines(conversation())])

    assert (rejected.code, rejected.contact, rejected.where.line) == ("turn_too_long", "big", 1)
    assert accepted.where.line == 2


def test_a_line_of_a_million_short_turns_is_too_long_as_a_line(conversation, lines):
    chunks = [b'{"contact": "big", "turns": [', *[b'{"text": "ab"}, ' * 1_000] * 1_000, b"{}]}\n"]

    rejected, _ = read_jsonl([*chunks, lines(conversation())])

    assert rejected.code == "line_too_long"
    assert all(say_error(rejected.error(), lang) for lang in LANGUAGES)


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_line(conversation, lines):
    data = b"\xef\xbb\xbf" + lines(conversation()).replace(b"\n", b"\r\n")

    assert isinstance(only(data), Accepted)


def test_blank_lines_are_counted_and_lines_keep_their_numbers(conversation, lines):
    blank, broken, spaces, good = read_jsonl([lines(b"", b"{", b" \t", conversation())])

    assert (blank.code, broken.code, spaces.code) == ("line_blank", "json_broken", "line_blank")
    assert good.where.line == 4


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said(data):
    outcomes = list(read_jsonl([data]))

    assert outcomes[-1].code == "file_empty"


def test_half_characters_and_zeros_in_a_text_are_replaced_one_for_one(conversation):
    accepted = only(json.dumps(conversation(**turn(text="a\ud83d b\0ł"))).encode())

    assert accepted.conversation.turns[0].text == "a\ufffd b\ufffdł"
    assert [noticed.code for noticed in accepted.notices] == ["character_replaced"]


def test_whole_emoji_written_as_escapes_stay_whole(conversation):
    accepted = only(json.dumps(conversation(**turn(text="😀"))).encode())

    assert accepted.conversation.turns[0].text == "😀"
    assert not accepted.notices


def test_a_conversation_without_an_employee_is_accepted_and_said(conversation, lines):
    accepted = only(lines(conversation(employee=None)))

    assert [noticed.code for noticed in accepted.notices] == ["employee_missing"]


def test_an_employee_on_a_turn_is_enough(conversation, lines):
    accepted = only(lines(conversation(employee=..., **turn(employee="celina"))))

    assert accepted.conversation.turns[0].employee == "celina"
    assert not accepted.notices


def test_a_conversation_in_which_no_agent_speaks_is_accepted_and_said(conversation, lines):
    accepted = only(lines(conversation(**turn(speaker="bot"))))

    assert [noticed.code for noticed in accepted.notices] == ["agent_turn_missing"]


def test_unknown_fields_are_left_out_and_named(conversation, lines):
    accepted = only(lines(conversation(mood="good", **turn(colour="blue"))))

    assert [(noticed.code, noticed.name) for noticed in accepted.notices] == [
        ("field_ignored", "mood"),
        ("field_ignored", "turns.colour"),
    ]


def test_an_event_needs_no_text(conversation, lines):
    accepted = only(lines(conversation(turns=[{"speaker": "system", "event": "transferred"}])))

    assert accepted.conversation.turns[0].text == ""


def test_a_number_as_contact_is_its_digits(conversation, lines):
    assert only(lines(conversation(contact=7))).conversation.contact == "7"


@pytest.mark.parametrize(("given", "kept"), [("pl-PL", "pl"), ("EN", "en"), ("", None), (None, None)])
def test_a_language_is_kept_without_its_country(conversation, lines, given, kept):
    assert only(lines(conversation(language=given))).conversation.language == kept


@pytest.mark.parametrize(
    "given",
    ["2026-03-01T10:30:00+01:00", "2026-03-01 09:30:00Z", "20260301T093000Z", 1_772_357_400, 1_772_357_400.0],
)
def test_every_way_to_write_an_instant_means_the_same(conversation, lines, given):
    accepted = only(lines(conversation(started_at=given)))

    assert accepted.conversation.started_at == 1_772_357_400_000_000


@given(st.binary(max_size=300))
def test_any_bytes_are_accepted_or_rejected_and_none_raise(data):
    outcomes = list(read_jsonl([data]))

    written = [line for line in data.split(b"\n") if line.removeprefix(b"\xef\xbb\xbf").strip()]
    assert sum(not isinstance(outcome, Noticed) for outcome in outcomes) == len(written)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(CONVERSATIONS.names), inner),
)


@given(st.dictionaries(st.sampled_from([*CONVERSATIONS.names, "x"]), JSON), st.lists(JSON, max_size=3))
def test_any_json_is_accepted_or_rejected_and_can_be_said(record, said):
    outcome = only(json.dumps({"contact": "c", "channel": "chat", "turns": said} | record).encode())

    if isinstance(outcome, Rejected):
        assert all(say_error(outcome.error(), lang) for lang in LANGUAGES)
        json.dumps([outcome.facts, outcome.contact, outcome.raw], ensure_ascii=False).encode()
    else:
        to_table([outcome.conversation]).validate(full=True)


@given(st.data())
def test_what_is_written_is_read_back_the_same_however_the_bytes_are_cut(any_conversations, data):
    records = data.draw(any_conversations)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    table = pa.Table.from_pylist([{"complete": True} | record for record in records], schema=CONVERSATIONS)
    written = b"".join(json_lines(table))
    cut = data.draw(st.integers(1, 50))

    outcomes = list(read_jsonl(written[place : place + cut] for place in range(0, len(written), cut)))

    kept = [outcome.conversation for outcome in outcomes if isinstance(outcome, Accepted)]
    assert to_table(kept).equals(table)
    for conversation, record in zip(kept, records, strict=True):
        moment = record.get("started_at")
        shown = None if moment is None else epoch + timedelta(microseconds=moment)
        assert to_table([conversation])["started_at"][0].as_py() == shown


@given(st.data())
def test_a_good_line_survives_between_any_bad_ones(any_conversations, data):
    good = data.draw(any_conversations)
    bad = st.binary(max_size=40).map(lambda line: line.replace(b"\n", b""))
    parts: list[bytes] = []
    for record in good:
        record.pop("started_at", None)
        for said in record["turns"]:
            said["at"] = None
        parts += [data.draw(bad), json.dumps(record).encode()]
    outcomes = list(read_jsonl([b"\n".join([*parts, data.draw(bad)])]))

    kept = [outcome.conversation.contact for outcome in outcomes if isinstance(outcome, Accepted)]
    assert kept == [record["contact"] for record in good]


def test_a_conversation_that_broke_off_before_the_first_word_is_accepted():
    line = b'{"contact": "c1", "channel": "chat", "complete": false, "turns": []}'
    (outcome,) = read_jsonl([line], file="a.jsonl")
    assert outcome.conversation.turns == ()
