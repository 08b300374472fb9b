from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.app.common import spreadsheet
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import (
    Column,
    Row,
    guess_columns,
    picked,
    read_day,
    read_sheet,
    read_time,
    write_sheet,
)
from gracja.wording.refusals import say_refusal

PEOPLE = "Imię;Placówka\nŻaneta Źdźbło;Śródmieście\nŁucja Ćma;Łódź\n"
NAMES = Column("name", ("Imię i nazwisko", "Imię", "Full name"), required=True)
STARTED = Column("started_on", ("Data zatrudnienia", "Zatrudniony od", "Started"))
CODE = Column("code", ("Kod", "Numer"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1250", "cp1250"),
        ("iso-8859-2", "iso-8859-2"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_polish_is_read_in_every_encoding_that_spreadsheets_write(written, said):
    sheet = read_sheet(PEOPLE.encode(written))

    assert sheet.encoding == said
    assert (sheet.heading, sheet.rows) == (
        ("Imię", "Placówka"),
        (Row(2, ("Żaneta Źdźbło", "Śródmieście")), Row(3, ("Łucja Ćma", "Łódź"))),
    )


@pytest.mark.parametrize("separator", spreadsheet.SEPARATORS)
def test_the_separator_is_found(separator):
    assert read_sheet(PEOPLE.replace(";", separator).encode()).separator == separator


def test_the_separator_is_the_one_that_cuts_evenly_not_the_one_that_occurs_most():
    assert read_sheet(b"name;note\nAnna;a,b,c,d\nBorys;e,f\n").rows[0].values == ("Anna", "a,b,c,d")


def test_a_hint_above_the_heading_is_followed_and_counted():
    assert read_sheet(b"sep=|\r\nname|code\r\nAnna|1\r\n").rows == (Row(3, ("Anna", "1")),)


def test_a_hint_that_separates_nothing_breaks_nothing():
    with pytest.raises(Refused) as refused:
        read_sheet(b'sep="\r\nname;code\r\nAnna;1\r\n')
    assert refused.value.code == "row_too_long"


def test_a_quoted_line_break_stays_in_its_value_and_lines_are_counted_as_an_editor_does():
    sheet = read_sheet(b'name;note\r\nAnna;"one\r\ntwo; ""three"""\r\nBorys;x\r\n')

    assert sheet.rows == (Row(2, ("Anna", 'one\r\ntwo; "three"')), Row(4, ("Borys", "x")))


def test_empty_rows_and_short_rows_do_no_harm():
    assert read_sheet(b"\n\na;b;\n1\n;;\n2;3;\n").rows == (Row(4, ("1", "")), Row(6, ("2", "3")))


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        (b"", "file_empty", {}),
        (b"  \n \n", "file_empty", {}),
        (b";;\n;;\n", "file_empty", {}),
        (b"PK\x03\x04rest", "file_is_a_workbook", {}),
        (b"a;b\n1;\x00\n", "file_not_text", {}),
        (b"a;b\n\x81\x83;1\n", "file_not_text", {}),
        (b'a;b\n1;2\n3;"open\n4;5\n', "quote_open", {"line": 3}),
        (b'a;b\n"1"x;2\n', "quote_broken", {"line": 2}),
        (b"a;b\n1;2\n1;2;3\n", "row_too_long", {"line": 3, "columns": 2, "n": 3}),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_in_both_languages(content, code, facts):
    with pytest.raises(Refused) as refused:
        read_sheet(content)

    assert (refused.value.code, refused.value.facts) == (code, facts)
    for language in ("pl", "en"):
        assert say_refusal(code, language, **facts)


def test_the_limits_are_said(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 2)
    with pytest.raises(Refused, match="too_many_rows"):
        read_sheet(b"a\n1\n2\n3\n")
    monkeypatch.setattr(spreadsheet, "MAX_BYTES", 2)
    with pytest.raises(Refused, match="file_too_large"):
        read_sheet(b"a\n1\n")


def test_a_chosen_encoding_that_does_not_fit_is_refused():
    with pytest.raises(Refused) as refused:
        read_sheet("Imię\nŁucja\n".encode("cp1250"), encoding="utf-8")

    assert (refused.value.code, refused.value.facts) == ("encoding_wrong", {"encoding": "utf-8"})


@pytest.mark.parametrize("heading", ["Imię i nazwisko", "IMIE_I_NAZWISKO", "imie i nazwisko ", "Full Name"])
def test_a_heading_is_known_without_diacritics_case_and_signs(heading):
    assert guess_columns([heading], [NAMES]) == {"name": 0}


def test_an_exact_heading_wins_over_one_that_begins_alike_and_no_column_is_taken_twice():
    heading = ["Numer telefonu", "Imię", "Kod", "Zatrudniony od dnia"]

    assert guess_columns(heading, [CODE, NAMES, STARTED]) == {"code": 2, "name": 1, "started_on": 3}
    assert guess_columns(["Kod"], [CODE, Column("other", ("Kod",))]) == {"code": 0}


def test_values_come_under_our_names_without_spaces_around():
    assert picked(Row(2, (" Anna ", "1")), {"name": 0, "code": 1, "gone": 7}) == {"name": "Anna", "code": "1"}


@pytest.mark.parametrize("text", ["2026-11-22", "22.11.2026", "22/11/2026", " 22-11-2026 "])
def test_days_are_read_as_people_write_them(text):
    assert read_day(text) == date(2026, 11, 22)


@pytest.mark.parametrize("text", ["8:30", "8.30", "08:30:00"])
def test_times_are_read_as_people_write_them(text):
    assert read_time(text) == time(8, 30)


@pytest.mark.parametrize("text", ["", "31.02.2026", "22 listopada", "2026", "11/22/2026"])
def test_what_is_no_day_is_not_taken_for_one(text):
    assert read_day(text) is None


@pytest.mark.parametrize("text", ["", "25:00", "8", "8:3", "8:30 rano"])
def test_what_is_no_time_is_not_taken_for_one(text):
    assert read_time(text) is None


def test_a_file_of_ours_runs_nothing_in_a_spreadsheet():
    assert write_sheet([["=1+1", "@x", "plain"]]).decode("utf-8-sig") == "'=1+1;'@x;plain\r\n"


cells = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff") | st.just("\n"),
    max_size=12,
).filter(lambda text: not text.startswith(("=", "+", "-", "@")))
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(tables, st.sampled_from(spreadsheet.SEPARATORS))
def test_what_is_written_is_read_again(table, separator):
    heading = [f"c{n}" for n in range(len(table[0]))]

    sheet = read_sheet(write_sheet([heading, *table], separator=separator), separator=separator)

    kept = [tuple(row) for row in table if any(value.strip() for value in row)]
    assert (sheet.heading, [row.values for row in sheet.rows]) == (tuple(heading), kept)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_sheet_or_a_refusal(content):
    try:
        sheet = read_sheet(content)
    except Refused as refused:
        said, widths = say_refusal(refused.code, "pl", **refused.facts), set()
    else:
        said, widths = "read", {len(row.values) for row in sheet.rows} - {len(sheet.heading)}
    assert (bool(said), widths) == (True, set())
