from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.conversations.outcome import Accepted, Noticed, Rejected
from gracja.engine.conversations.turns_csv import read_turns_csv
from gracja.engine.errors import EngineInputError
from gracja.wording.sentences import LANGUAGES, say_error

HEADER = "contact,speaker,text,employee,channel,at\n"


def read(text: str | bytes):
    data = text.encode() if isinstance(text, str) else text
    return list(read_turns_csv(lambda: [data], file="turns.csv"))


def accepted(text: str | bytes):
    return [outcome.conversation for outcome in read(text) if isinstance(outcome, Accepted)]


def rejected(text: str | bytes):
    found = [outcome for outcome in read(text) if isinstance(outcome, Rejected)]
    for one in found:
        assert all(say_error(one.error(), lang).startswith("turns.csv:") for lang in LANGUAGES)
    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_turns_become_a_conversation_whatever_the_delimiter(delimiter, mark):
    rows = [
        "Contact,Speaker,Text,Employee,Channel,At",
        "c1,customer,Dzień dobry,darek,chat,2026-03-01T09:30:00Z",
        "c1,agent,Witam,,chat,1772357405",
    ]
    (one,) = accepted(mark + "\r\n".join(rows).replace(",", delimiter))

    assert (one.contact, one.employee, one.channel) == ("c1", "darek", "chat")
    assert [turn.text for turn in one.turns] == ["Dzień dobry", "Witam"]
    assert one.turns[1].at == 1_772_357_405_000_000


def test_rows_sorted_by_time_and_not_by_contact_make_whole_conversations():
    text = HEADER + "c1,customer,a,,chat,\nc2,customer,b,,chat,\nc1,agent,c,,chat,\nc2,agent,d,,chat,\n"

    assert [[turn.text for turn in one.turns] for one in accepted(text)] == [["a", "c"], ["b", "d"]]


def test_the_employee_of_a_turn_has_a_column_of_its_own():
    (one,) = accepted("contact,speaker,text,employee,turn_employee\nc1,agent,a,darek,celina\nc1,agent,b,,\n")

    assert (one.employee, [turn.employee for turn in one.turns]) == ("darek", ["celina", None])


def test_a_text_may_hold_line_ends_quotes_and_the_delimiter():
    (one,) = accepted(HEADER + 'c1,agent,"a, ""b""\nc",darek,chat,\n')

    assert one.turns[0].text == 'a, "b"\nc'


def test_a_file_without_a_channel_is_taken_as_chat_and_said():
    (outcome,) = read("contact,speaker,text,employee\nc1,agent,a,darek\n")

    assert outcome.conversation.channel == "chat"
    assert [noticed.code for noticed in outcome.notices] == ["channel_assumed"]


def test_an_unknown_column_is_named_once():
    first, *_ = read("contact,speaker,text,mood\nc1,agent,a,good\nc1,agent,b,bad\n")

    assert (first.code, first.name) == ("field_ignored", "mood")


@pytest.mark.parametrize(("cell", "complete"), [("", True), ("1", True), ("TAK", True), ("no", False)])
def test_complete_is_read_as_people_write_it(cell, complete):
    (one,) = accepted(f"contact,speaker,text,complete\nc1,agent,a,{cell}\n")

    assert one.complete is complete


WRONG = {
    "no contact": (",agent,a,,chat,\n", "field_missing", 2, None),
    "an unknown speaker": ("c1,customer,a,,chat,\nc1,boss,b,,chat,\n", "speaker_unknown", 3, "c1"),
    "an unknown channel": ("c1,agent,a,,pigeon,\n", "channel_unknown", 2, "c1"),
    "a cell too few": ("c1,agent,a,,chat,\nc1,agent,b\n", "csv_cells", 3, "c1"),
    "an unquoted comma": ("c1,agent,a, b,,chat,\n", "csv_cells", 2, "c1"),
    "two employees": ("c1,agent,a,darek,,\nc1,agent,b,celina,,\n", "field_disagrees", 3, "c1"),
    "turns out of order": (
        "c1,agent,a,,chat,2026-03-01T09:30:05Z\nc1,agent,b,,chat,2026-03-01T09:30:00Z\n",
        "turns_out_of_order",
        3,
        "c1",
    ),
    "a time of no zone": ("c1,agent,a,,chat,2026-03-01 09:30\n", "time_without_zone", 2, "c1"),
    "a huge text": (f"c1,agent,{'x' * 2_000_000},,chat,\n", "turn_too_long", 2, "c1"),
    "a huge line": (f"c1,agent,{'x,' * 5_000_000}\n", "line_too_long", 2, "c1"),
}


@pytest.mark.parametrize(("rows", "code", "line", "contact"), WRONG.values(), ids=WRONG)
def test_each_fault_of_a_row_rejects_its_contact_and_no_other(rows, code, line, contact):
    text = HEADER + rows + "good,agent,hi,darek,chat,\n"

    (one,) = rejected(text)
    assert (one.code, one.where.line, one.contact) == (code, line, contact)
    assert [each.contact for each in accepted(text)] == ["good"]


def test_complete_in_other_words_is_rejected():
    (one,) = rejected("contact,speaker,text,complete\nc1,agent,a,maybe\n")

    assert one.code == "field_choice"


def test_an_open_quote_rejects_every_contact_whose_rows_it_swallowed():
    text = (
        HEADER
        + 'c1,agent,"hello,,chat,\nc1,customer,hi,,chat,\nc2,agent,"good day",,chat,\nc3,agent,a,,chat,\n'
    )

    assert [(one.code, one.contact) for one in rejected(text)] == [("csv_broken", "c1"), ("csv_broken", "c2")]
    assert [one.contact for one in accepted(text)] == ["c3"]


def test_a_quote_open_to_the_end_of_the_file_is_said():
    assert [one.code for one in rejected(HEADER + 'c1,agent,"hello')] == ["csv_broken"]


def test_one_byte_that_is_not_utf8_rejects_its_contact():
    data = (HEADER + "c1,agent,cześć,,chat,\nc2,agent,ż,,chat,\n").encode().replace("ż".encode(), b"\xbf")

    (one,) = rejected(data)
    assert (one.code, one.contact, one.facts) == ("not_utf8", "c2", {"byte": 10, "given": "0xBF"})


def test_a_file_in_windows_1250_is_refused_as_a_whole():
    with pytest.raises(EngineInputError) as refused:
        read((HEADER + "c1,agent,a,,chat,\nc2,agent,dzień dobry,,chat,\n").encode("cp1250"))

    assert (refused.value.code, refused.value.where.line) == ("csv_not_utf8", 3)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("id;who;what", "columns_missing"),
        ("contact,text", "columns_missing"),
        ("contact,speaker,text,text", "column_twice"),
        ('"contact,speaker', "columns_missing"),
    ],
)
def test_a_header_that_cannot_serve_is_refused_at_once(header, code):
    with pytest.raises(EngineInputError) as refused:
        read(header + "\nc1,agent,a\n")

    assert refused.value.code == code
    assert all(say_error(refused.value, lang) for lang in LANGUAGES)


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_said(text):
    assert [outcome.code for outcome in read(text)] == ["file_empty"]


def test_rows_of_nothing_but_delimiters_are_blank():
    codes = [getattr(outcome, "code", None) for outcome in read(HEADER + "c1,agent,a,d,chat,\n,,,,,\n\n")]

    assert codes == [None, "line_blank", "line_blank"]


@pytest.mark.parametrize("later", ["c1,agent,a,,chat,\n", ""])
def test_a_file_that_changes_between_the_two_passes_is_rejected(later):
    rows = iter(["c1,agent,a,,chat,\nc1,agent,b,,chat,\n", later])

    (one,) = read_turns_csv(lambda: [(HEADER + next(rows)).encode()])

    assert (one.code, one.contact) == ("file_changed", "c1")


def test_one_contact_for_a_whole_file_is_too_many_turns():
    (one,) = rejected("contact,speaker,text\n" + "c1,agent,a\n" * 20_001)

    assert one.code == "turns_too_many"


@given(st.binary(max_size=300), st.sampled_from([b"", b"contact,speaker,text\n", HEADER.encode()]))
def test_any_bytes_are_accepted_or_rejected_or_refused_with_a_code(data, header):
    try:
        outcomes = list(read_turns_csv(lambda: [header + data]))
    except EngineInputError as refused:
        assert say_error(refused, "pl")  # noqa: PT017
    else:
        for outcome in outcomes:
            assert not isinstance(outcome, Rejected) or say_error(outcome.error(), "pl")


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


@given(st.lists(st.tuples(st.sampled_from("abc"), CELL), max_size=12))
def test_what_the_csv_module_writes_comes_back_turn_by_turn(rows):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["contact", "speaker", "text"])
    writer.writerows([contact, "agent", text] for contact, text in rows)

    found = {one.contact: [turn.text for turn in one.turns] for one in accepted(out.getvalue())}

    assert found == {key: [text for contact, text in rows if contact == key] for key, _ in rows}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["agent", "boss", ""])), max_size=9))
def test_every_contact_of_the_file_is_either_accepted_or_rejected(rows):
    outcomes = read("contact,speaker,text\n" + "".join(f"{one},{speaker},hi\n" for one, speaker in rows))

    kept = [each.conversation.contact for each in outcomes if isinstance(each, Accepted)]
    lost = [each.contact for each in outcomes if isinstance(each, Rejected)]
    assert sorted(kept + lost) == sorted({contact for contact, _ in rows})
    assert all(isinstance(each, Accepted | Rejected | Noticed) for each in outcomes)
