"""A table judged at once gives what a look at each of its rows gives."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gracja.engine.conversations.check import LONGEST_TURN_CHARACTERS
from gracja.engine.conversations.columns import check_table
from gracja.engine.conversations.fingerprints import Fingerprints, fingerprints
from gracja.engine.conversations.once import Seen
from gracja.engine.conversations.outcome import Accepted
from gracja.engine.conversations.pieces import piece_of_rows, pieces_of
from gracja.engine.conversations.sift import sift
from gracja.engine.conversations.table import to_table
from gracja.engine.tables import CONVERSATIONS

MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
FIRST_ROW = 501

ids = st.sampled_from(
    [None, "", " ", "\u00a0\u2003", "c1", "c2", "Anna Nowak", "Łukasz", "a\tb", "\x7f", "x" * 501, "ż" * 300]
)
channels = st.sampled_from(["chat", "chat", "chat", "pigeon", None, ""])
languages = st.sampled_from(["pl", "PL", "pl-PL", "en_US", "polish!", None, " "])
moments = st.sampled_from(
    [None, MOMENT, MOMENT, datetime(2026, 3, 1, 9, 31, tzinfo=UTC), datetime(1985, 1, 1, tzinfo=UTC)]
)
texts = st.sampled_from(["hej", "", "Dzień dobry", "a\0b", "😀", "שלום", "e\u0301", "ż" * 70, None])
turns = st.none() | st.fixed_dictionaries(
    {
        "speaker": st.sampled_from(
            ["agent", "customer", "agent", "customer", "bot", "system", "robot", None]
        ),
        "employee": ids,
        "text": texts,
        "event": st.sampled_from([None, None, "transferred", "a\nb"]),
        "at": moments,
        "mood": st.sampled_from([None, "good"]),
    }
)
good_turns = st.fixed_dictionaries(
    {
        "speaker": st.sampled_from(["agent", "customer"]),
        "employee": st.sampled_from([None, "darek"]),
        "text": st.sampled_from(["hej", "Dzień dobry", "😀"]),
        "event": st.none(),
        "at": st.none() | st.just(MOMENT),
        "mood": st.none(),
    }
)


def rows_of(turn):
    return st.fixed_dictionaries(
        {
            "contact": ids if turn is turns else st.sampled_from([f"c{number}" for number in range(9)]),
            "employee": ids,
            "customer": ids,
            "place": st.sampled_from([None, "rynek"]),
            "channel": channels if turn is turns else st.just("chat"),
            "language": languages if turn is turns else st.sampled_from(["pl", "PL", None]),
            "started_at": moments if turn is turns else st.none() | st.just(MOMENT),
            "complete": st.sampled_from([True, False, None]),
            "turns": (st.none() | st.lists(turn, max_size=4))
            if turn is turns
            else st.lists(turn, min_size=1, max_size=4),
            "mood": st.just(1),
        }
    )


TEXTS = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]
TIMES = [
    pa.timestamp("us", "UTC"),
    pa.timestamp("s", "Europe/Warsaw"),
    pa.timestamp("ns", "UTC"),
    pa.timestamp("us"),
]


@st.composite
def tables(draw):
    rows = draw(st.lists(st.one_of(rows_of(turns), rows_of(good_turns)), max_size=12))
    kept = {"contact", "channel", "turns"} | draw(st.sets(st.sampled_from(list(CONVERSATIONS.names))))
    kept |= draw(st.sets(st.just("mood")))
    of_turn = [
        "speaker",
        "text",
        *sorted(draw(st.sets(st.sampled_from(["employee", "event", "at", "mood"])))),
    ]
    text, time = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(TIMES))
    types = {"started_at": time, "complete": pa.bool_(), "mood": pa.int64()}
    turn = pa.struct([(name, time if name == "at" else pa.string()) for name in of_turn])
    types["turns"] = draw(st.sampled_from([pa.list_, pa.large_list]))(turn)
    columns = {}
    for name in [*CONVERSATIONS.names, "mood"]:
        if name in kept:
            values = [row[name] for row in rows]
            if name == "turns":
                values = [
                    each and [one and {key: one[key] for key in of_turn} for one in each] for each in values
                ]
            columns[name] = pa.array(values, types.get(name, text))
    table = pa.table(columns)
    start = draw(st.integers(0, 3))
    return table.slice(start) if draw(st.booleans()) else table


def told(pieces):
    """All that pieces say, in an order that does not depend on where one ends and the next begins."""
    rows, lines, raws, others, noticed = [], [], [], [], []
    for piece in pieces:
        others += [(len(rows) + place, other) for place, other in piece.others]
        rows += piece.table.to_pylist()
        lines += piece.lines.tolist()
        raws += [piece.raw(line) for line in piece.lines.tolist()]
        noticed += [
            (code, name, int(piece.lines[row]))
            for code, name, mask in piece.said
            for row in np.flatnonzero(mask)
        ]
    return {"rows": rows, "lines": lines, "raws": raws, "others": others, "noticed": sorted(noticed, key=str)}


def slowly(table):
    return told(pieces_of(check_table(table, file="t", first_row=FIRST_ROW), "t"))


def quickly(table):
    return told([piece_of_rows(table, file="t", first_row=FIRST_ROW)])


@settings(deadline=None, max_examples=150)
@given(table=tables())
def test_a_table_judged_at_once_says_the_same_as_a_look_at_each_row(table):
    assert quickly(table) == slowly(table)


def good_table(count, **changes):
    turn = {"speaker": "agent", "employee": None, "text": "Dzień dobry 😀", "event": None, "at": MOMENT}
    row = {
        "employee": "Anna Nowak", "customer": "", "place": None, "channel": "chat", "language": "pl-PL",
        "started_at": MOMENT, "complete": True, "turns": [turn, {**turn, "speaker": "customer", "at": None}],
    }  # fmt: skip
    return pa.Table.from_pylist(
        [{**row, "contact": f"c {n}", **changes} for n in range(count)], CONVERSATIONS
    )


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"mood": pa.array([1, None])},
        {"tags": pa.array([["a"], None])},
        {"exported": pa.array([date(2026, 3, 1)] * 2)},
        {"exported": pa.array([MOMENT] * 2, pa.timestamp("ms"))},
    ],
    ids=("nothing", "numbers", "lists", "days", "moments"),
)
def test_good_rows_need_no_second_look_whatever_stands_beside_them(more):
    table = good_table(2)
    for name, column in more.items():
        table = table.append_column(name, column)

    assert len(sift(table).doubtful) == 0
    assert quickly(table) == slowly(table)


@pytest.mark.parametrize(
    "column",
    [
        pa.Array.from_buffers(
            pa.string(), 2, [None, pa.py_buffer(np.array([0, 1, 2], np.int32)), pa.py_buffer(data)]
        )
        for data in (b"\xb3b", "ż".encode())
    ],
    ids=["a byte of no character", "a character cut in two"],
)
@pytest.mark.parametrize("name", ["contact", "customer", "mood"])
def test_bytes_that_are_no_text_are_told_row_by_row(column, name):
    table = good_table(2)
    if name in table.column_names:
        table = table.set_column(table.column_names.index(name), name, column)
    else:
        table = table.append_column(name, column)

    assert quickly(table) == slowly(table)
    assert quickly(table)["others"]


def test_a_time_too_far_for_a_calendar_is_told_even_in_a_column_that_is_ignored():
    table = good_table(2).append_column("exported", pa.array([0, 2**62], pa.timestamp("us")))

    assert quickly(table) == slowly(table)
    assert len(quickly(table)["others"]) == 1


def test_a_turn_is_as_long_as_its_characters_not_as_its_bytes():
    texts = [
        "x" * LONGEST_TURN_CHARACTERS,
        "ż" * LONGEST_TURN_CHARACTERS,
        "x" * (LONGEST_TURN_CHARACTERS + 1),
    ]
    turns = [[{"speaker": "agent", "text": text}] for text in texts]
    table = pa.Table.from_pylist(
        [
            {"contact": f"c{n}", "channel": "chat", "complete": True, "turns": one}
            for n, one in enumerate(turns)
        ],
        CONVERSATIONS,
    )

    found = quickly(table)

    assert found == slowly(table)
    assert [row["contact"] for row in found["rows"]] == ["c0", "c1"]


def test_two_columns_of_one_name_are_judged_row_by_row():
    table = good_table(2).append_column("place", pa.array(["rynek"] * 2))

    assert len(sift(table).doubtful) == 2


@settings(deadline=None)
@given(table=tables(), parts=st.integers(1, 4))
def test_a_conversation_has_the_same_fingerprint_wherever_it_stands(table, parts):
    good = piece_of_rows(table, file="t", first_row=1).table
    whole = fingerprints(good)
    steps = range(0, good.num_rows, parts)
    alone = [fingerprints(pa.concat_tables([good.slice(start, parts)]).combine_chunks()) for start in steps]
    pythonic = fingerprints(
        to_table([one.conversation for one in check_table(table) if isinstance(one, Accepted)])
    )

    for name in ("contact", "contact_too", "content"):
        expected = getattr(whole, name).tolist()
        assert [mark for one in alone for mark in getattr(one, name).tolist()] == expected
        assert getattr(pythonic, name).tolist() == expected


@settings(deadline=None)
@given(rows=st.lists(rows_of(good_turns), max_size=9))
def test_contents_have_the_same_fingerprint_exactly_when_they_are_the_same(rows):
    good = [{name: value for name, value in row.items() if name != "mood"} for row in rows]
    table = pa.Table.from_pylist(good, CONVERSATIONS) if good else CONVERSATIONS.empty_table()
    table = piece_of_rows(table, file="t", first_row=1).table
    marks, plain = fingerprints(table).content.tolist(), [str(row) for row in table.to_pylist()]

    assert [[a == b for a in marks] for b in marks] == [[a == b for a in plain] for b in plain]


def test_what_is_said_in_another_turn_or_order_has_another_fingerprint():
    def turn(text, speaker="agent", **changes):
        return {"speaker": speaker, "text": text, **changes}

    talks = [
        [turn("ab"), turn("c")],
        [turn("a"), turn("bc")],
        [turn("c"), turn("ab")],
        [turn("abc")],
        [turn("ab"), turn("c"), turn("")],
        [turn("ab", "customer"), turn("c")],
        [turn("ab"), turn("c", at=MOMENT)],
        [turn("ab", at=MOMENT), turn("c")],
        [turn("ab", employee="c"), turn("c")],
        [turn("ab", event="c"), turn("c")],
        [],
    ]
    rows = [{"contact": "c", "channel": "chat", "complete": True, "turns": talk} for talk in talks]
    marks = fingerprints(pa.Table.from_pylist(rows, CONVERSATIONS)).content

    assert len(set(marks.tolist())) == len(talks)


@settings(deadline=None)
@given(contacts=st.lists(st.integers(0, 30), max_size=60), cuts=st.integers(1, 9))
def test_each_contact_is_remembered_by_its_first_place(contacts, cuts):
    seen, known, found, expected = Seen(), {}, [], []
    for start in range(0, len(contacts), cuts):
        file, numbers = f"f{start // 20}", contacts[start : start + cuts]
        rows = [
            {"contact": f"c{one}", "channel": "chat", "complete": True, "place": f"{start % 2}", "turns": []}
            for one in numbers
        ]
        lines = np.arange(start, start + len(rows)) + 1
        marks = fingerprints(pa.Table.from_pylist(rows, CONVERSATIONS))
        found += [
            (start + one.row, one.same, one.file, one.line)
            for one in seen.repeated(marks, file=file, lines=lines)
        ]
        for row, one in enumerate(numbers):
            first = known.setdefault(one, (start % 2, file, start + row + 1))
            if first[2] != start + row + 1:
                expected.append((start + row, first[0] == start % 2, *first[1:]))

    assert found == expected


def test_two_contacts_that_share_half_a_fingerprint_are_two():
    same = np.zeros(4, np.uint64)
    marks = Fingerprints(same, np.array([1, 2, 1, 3], np.uint64), same)
    seen = Seen()

    assert [one.row for one in seen.repeated(marks, file="a", lines=np.arange(4))] == [2]
    assert [one.line for one in seen.repeated(marks, file="b", lines=np.arange(4))] == [0, 1, 0, 3]
