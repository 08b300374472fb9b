"""What evaluators write into a rating sheet, and what is read back."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from gracja.engine.conversations.kinds import OBSERVATION
from gracja.engine.conversations.outcome import Noticed, Rejected
from gracja.engine.conversations.rating_sheet import draw_of, is_rating_sheet, prepared, read_rating_sheet
from gracja.engine.conversations.sheet import Sheet, check_sheet
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS, LEDGER
from gracja.wording.sentences import LANGUAGES, say_error

NOW = datetime(2026, 11, 22, tzinfo=UTC)
EDITION = read_edition("""\
gracja: 1
id: shop
version: 1
title: Shop
service: {kind: encounter}
sequence:
  - part: all
    title: All
    enhancers:
      - enhancer: one
        title: One
        standards:
          - {standard: greet, behaviour: Says hello, channels: [chat]}
          - {standard: smile, behaviour: Smiles, channels: [in_person]}
          - {standard: tone, behaviour: Tone, channels: [chat], measure: {scale: [bad, fair, good]}}
          - {standard: offers, behaviour: Offers, channels: [chat], measure: {count_at_least: 2}}
          - {standard: fast, behaviour: Replies, channels: [chat], measure: {seconds_at_most: 30}}
          - {standard: price, behaviour: Names it, channels: [chat], na_when: nobody asked}
""").edition
ALL = [standard.standard for _, _, standard in EDITION.standards()]


@pytest.fixture
def ledger():
    row = {
        "contact": "0012345678901234567890", "number": 1, "employee": "darek", "place": "rynek",
        "occurred_at": NOW, "stratum": "random", "inclusion": 0.25, "random_inclusion": 0.25,
        "population": 4, "seed": 1, "design": "simple_random@1", "drawn_at": NOW, "edition": "shop@1",
        "asked": ALL,
    }  # fmt: skip
    read = row | {"contact": "read before", "number": None, "inclusion": 1.0}
    turns = [{"speaker": "agent", "text": "Hello"}, {"speaker": "customer", "text": "Żółte 🙂"}]
    talk = {"contact": row["contact"], "channel": "chat", "complete": True, "turns": turns}
    table = pa.Table.from_pylist([row, read], schema=LEDGER)
    return prepared(table, pa.Table.from_pylist([talk], schema=CONVERSATIONS), EDITION)


@pytest.fixture
def read(ledger):
    def one(standard, value, evidence="", *, contact="1", draw=None, delimiter=","):
        cells = [contact, standard, value, evidence, "my comment", "borys", draw or draw_of(ledger)]
        row = delimiter.join(f'"{cell}"' for cell in cells)
        head = delimiter.join(("contact", "standard", "value", "evidence", "comment", "evaluator", "draw"))
        sheet = f"\ufeff{head}\r\n{row}\r\n".encode()
        assert is_rating_sheet(sheet)
        parts = list(read_rating_sheet([sheet], ledger, file="sheet.csv"))
        for part in parts:
            if isinstance(part, Sheet):
                good, rejected = check_sheet(OBSERVATION, part)
                assert rejected == []
                if good.table.num_rows:
                    return good.table.to_pylist()[0]
        (said,) = (part for part in parts if not isinstance(part, Sheet))
        if isinstance(said, Rejected):
            assert all(say_error(said.error(), lang) for lang in LANGUAGES)
        return said

    return one


def test_only_standards_of_the_channel_are_asked_and_the_length_of_turns_is_kept(ledger):
    asked, before = ledger.to_pylist()

    assert asked["asked"] == [name for name in ALL if name != "smile"]
    assert asked["turn_characters"] == [5, 7]
    assert (before["asked"], before["turn_characters"]) == (ALL, None)


def test_a_mark_comes_back_as_an_observation_with_its_inclusion(read):
    found = read("greet", "1", "2")

    assert found["contact"] == "0012345678901234567890"
    assert (found["source"], found["evaluator"], found["status"], found["value"]) == (
        "review", "borys", "marked", 1.0,
    )  # fmt: skip
    assert (found["employee"], found["place"], found["occurred_at"]) == ("darek", "rynek", NOW)
    assert (found["inclusion"], found["edition"], found["blind"]) == (0.25, "shop@1", True)
    assert (found["segment"], found["revision"]) == (0, 1)
    assert found["evidence"] == [{"turn": 1, "start": 0, "end": 7}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_spreadsheet_may_have_saved_it(read, delimiter):
    assert read("fast", "12,5", delimiter=delimiter)["raw"] == 12.5


@pytest.mark.parametrize(
    ("standard", "cell", "status", "value", "raw", "unit"),
    [
        ("greet", "tak", "marked", 1.0, None, None),
        ("greet", "No", "marked", 0.0, None, None),
        ("greet", "?", "not_seen", None, None, None),
        ("greet", "not seen", "not_seen", None, None, None),
        ("tone", "Nie było widać", "not_seen", None, None, None),
        ("price", "nie bylo widac", "not_seen", None, None, None),
        ("tone", "2", "marked", 0.5, 2.0, "step"),
        ("tone", "3.0", "marked", 1.0, 3.0, "step"),
        ("offers", "1", "marked", 0.0, 1.0, "count"),
        ("offers", "2", "marked", 1.0, 2.0, "count"),
        ("fast", "30", "marked", 1.0, 30.0, "seconds"),
        ("fast", "31.5", "marked", 0.0, 31.5, "seconds"),
        ("price", "nd", "not_applicable", None, None, None),
        ("price", "N/A", "not_applicable", None, None, None),
    ],
)
def test_what_stands_in_the_cell_is_read_by_the_measure_of_the_standard(
    read, standard, cell, status, value, raw, unit
):
    found = read(standard, cell)

    assert (found["status"], found["value"], found["raw"], found["unit"]) == (status, value, raw, unit)


@pytest.mark.parametrize(
    ("standard", "cell", "code"),
    [
        ("greet", "maybe", "sheet_value"),
        ("greet", "0.5", "sheet_value"),
        ("tone", "0", "sheet_value"),
        ("tone", "4", "sheet_value"),
        ("tone", "yes", "sheet_value"),
        ("offers", "1.5", "sheet_value"),
        ("fast", "-3", "sheet_value"),
        ("fast", "9" * 400, "sheet_value"),
        ("greet", "N/A", "sheet_na_not_allowed"),
        ("smile", "1", "sheet_not_asked"),
        ("unheard_of", "1", "sheet_not_asked"),
    ],
)
def test_a_cell_that_means_nothing_is_rejected_with_a_remedy(read, standard, cell, code):
    assert read(standard, cell).code == code


@pytest.mark.parametrize("cell", ["hello", "3", "0", "1-2", "1, x"])
def test_evidence_that_is_no_turn_is_rejected(read, cell):
    assert read("greet", "1", cell).code == "sheet_evidence"


@pytest.mark.parametrize("cell", ["1,2", "1; 2", "1.2", "2 1", "1 1 2"])
def test_several_turns_may_be_evidence_however_they_are_parted(read, cell):
    assert {span["turn"] for span in read("greet", "1", cell)["evidence"]} == {0, 1}


def test_an_empty_cell_is_not_done_yet_and_said(ledger):
    draw = draw_of(ledger)
    sheet = f"contact,standard,value,draw\n1,greet,  ,{draw}\n1,tone,2,{draw}\n"
    notice, found = read_rating_sheet([sheet.encode()], ledger, file="sheet.csv")

    assert isinstance(notice, Noticed)
    assert (notice.code, found.table["standard"].to_pylist()) == ("sheet_blank", ["tone"])


@pytest.mark.parametrize("rows", ["", "1,greet,,{draw}\n", "1,greet, ,{draw}\n1,tone,,{draw}\n"])
def test_a_sheet_without_any_mark_is_no_answer(ledger, rows):
    sheet = "contact,standard,value,draw\n" + rows.format(draw=draw_of(ledger))
    with pytest.raises(EngineInputError) as refused:
        list(read_rating_sheet([sheet.encode()], ledger, file="sheet.csv"))

    assert (refused.value.code, refused.value.where.file) == ("sheet_unmarked", "sheet.csv")


def test_a_row_of_another_draw_or_contact_is_rejected(read):
    assert read("greet", "1", draw="other").code == "sheet_other_draw"
    assert read("greet", "1", contact="2").code == "sheet_not_asked"


def test_a_table_of_observations_is_no_rating_sheet():
    assert not is_rating_sheet(b"contact,standard,edition,source,status,value\n")
    assert not is_rating_sheet(b"")
