from __future__ import annotations

from datetime import datetime

import pytest

from gracja.app.observations.services.cells import Marks, Value, WrongCellError, moment_of
from gracja.engine.edition.read import edition_from_json

YES, NO, NOT_SEEN, NOT_APPLICABLE = (
    Value("marked", 1.0),
    Value("marked", 0.0),
    Value("not_seen"),
    Value("not_applicable"),
)


@pytest.fixture
def marks(shop):
    document = edition_from_json(shop.document)
    return lambda standard, cell: Marks(document.standard(standard)).read(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((cell, YES) for cell in ("tak", "TAK", " Yes ", "1", "x", "X", "t", "✓")),
        *((cell, NO) for cell in ("nie", "No", "0", "n")),
        *((cell, NOT_SEEN) for cell in ("", "  ", "?", "nie widać")),
    ],
)
def test_yes_and_no_are_read_in_both_languages_and_an_empty_cell_is_not_seen(marks, cell, value):
    assert marks("greet", cell) == value


@pytest.mark.parametrize("cell", ["nd", "N/D", "nie dotyczy", "n/a", "Not applicable"])
def test_not_applicable_stands_only_where_the_standard_says_when(marks, cell):
    assert marks("bag", cell) == NOT_APPLICABLE
    with pytest.raises(WrongCellError) as wrong:
        marks("greet", cell)
    assert wrong.value.code == "visit_na_not_allowed"


@pytest.mark.parametrize("cell", ["3", "czysta", "Clean", "3,0"])
def test_a_step_of_a_scale_is_its_number_from_one_or_its_words(marks, cell):
    assert marks("tidy", cell) == Value("marked", 1.0, 3.0, "step")


def test_counts_and_seconds_are_held_against_their_threshold(marks):
    assert marks("offers", "2") == Value("marked", 1.0, 2.0, "count")
    assert marks("offers", "1") == Value("marked", 0.0, 1.0, "count")
    assert marks("wait", "29,5") == Value("marked", 1.0, 29.5, "seconds")
    assert marks("wait", "45 s") == Value("marked", 0.0, 45.0, "seconds")
    assert marks("wait", "1:30") == Value("marked", 0.0, 90.0, "seconds")


@pytest.mark.parametrize(
    ("standard", "cell"),
    [("greet", "chyba"), ("greet", "2"), ("tidy", "4"), ("tidy", "0"), ("offers", "1,5"), ("wait", "-3")],
)
def test_what_is_no_mark_is_refused_with_what_would_be_one(marks, standard, cell):
    with pytest.raises(WrongCellError) as wrong:
        marks(standard, cell)
    assert wrong.value.code == "visit_mark_unreadable"
    assert wrong.value.facts["expected"]


@pytest.mark.parametrize(
    ("cell", "moment", "hour_known"),
    [
        ("2026-11-22", "2026-11-22T12:00", False),
        ("22.11.2026", "2026-11-22T12:00", False),
        ("22.11.2026 17.30", "2026-11-22T17:30", True),
        ("22/11/2026, 17:30", "2026-11-22T17:30", True),
        ("2026-11-22T17:30:05", "2026-11-22T17:30:05", True),
        ("2026-11-22T17:30:00Z", "2026-11-22T17:30:00Z", True),
    ],
)
def test_days_are_read_as_they_are_written_in_poland_and_in_iso(cell, moment, hour_known):
    assert moment_of(cell) == (datetime.fromisoformat(moment), hour_known)


@pytest.mark.parametrize("cell", ["wczoraj", "31.02.2026", "11/22/2026", "22.11.26", "22.11.2026 25:00"])
def test_a_day_that_is_none_is_refused(cell):
    with pytest.raises(WrongCellError):
        moment_of(cell)
