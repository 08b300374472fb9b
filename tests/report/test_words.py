import re
from datetime import UTC, datetime

import pytest
from report.typeset_cases import TYPESET

from gracja.report import words
from gracja.wording.sentences import catalogue

NB = "\u00a0"


def test_percent_has_a_space_that_does_not_break_in_polish_and_none_in_english():
    assert words.percent(0.904, "pl") == f"90{NB}%"
    assert words.percent(0.904, "en") == "90%"


# where English says "place" of a rank, of a passage, or "instead of"
OTHER_PLACES = {
    *("people_why_some", "col_place", "place_sure"),
    *("excerpt_none", "gap_few_contacts_why", "classic_beside"),
}


@pytest.mark.parametrize("area", ["report", "notebook"])
def test_a_place_of_the_company_is_one_word_in_polish_wherever_results_are_told(area):
    told = {
        key: said["pl"]
        for key, said in catalogue(area).items()
        if re.search(r"\bplaces?\b", said["en"])
        and (area, key) not in {("report", one) for one in OTHER_PLACES}
    }

    assert {key: said for key, said in told.items() if "placów" not in said} == {}
    assert told


@pytest.mark.parametrize(("text", "lang", "typeset"), TYPESET)
def test_no_one_letter_word_ends_a_polish_line_and_a_number_stays_with_what_it_counts(text, lang, typeset):
    assert words.typeset(text, lang) == typeset


def test_english_ordinals_know_the_teens():
    assert [words.ordinal(n, "en") for n in (1, 2, 3, 4, 11, 12, 13, 21, 102)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd")
    ]
    assert words.ordinal(10, "pl") == "10."


def test_a_period_that_ends_at_midnight_ends_the_day_before():
    start, end = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    assert words.period(start, end, "pl").replace(NB, " ") == "1 września – 30 listopada 2026"
    assert words.period(start, end, "en").replace(NB, " ") == "1 September – 30 November 2026"
    assert words.period(None, end, "pl") == "Okres nieznany"


def test_a_uuid_is_shown_by_its_first_eight_signs_and_a_long_name_by_its_beginning():
    assert words.short_name("7d0f6f3e-6b1c-4a57-9d29-0f8f2f1f6a10") == "7d0f6f3e…"
    assert len(words.short_name("Maria " * 20)) <= words.SHOWN_NAME
    assert words.short_name("Darek Wójcik") == "Darek Wójcik"


def test_short_names_that_would_look_alike_stay_whole():
    twins = ["A very long name indeed, north branch", "A very long name indeed, south branch"]
    assert words.short_names(twins) == {name: name for name in twins}


def test_marks_that_turn_direction_and_control_signs_are_not_shown():
    assert words.clean("a\u202eb\u2066c\x00d\ne") == "abcd e"


@pytest.mark.parametrize(
    ("low", "value", "high", "side"),
    [
        (0.86, 0.90, 0.93, "above"),
        (0.85, 0.90, 0.93, "above"),
        (0.84, 0.90, 0.94, "perhaps_above"),
        (0.80, 0.86, 0.90, "unknown"),
        (0.70, 0.79, 0.86, "perhaps_below"),
        (0.62, 0.73, 0.82, "below"),
    ],
)
def test_the_side_of_the_level_has_five_steps(low, value, high, side):
    assert words.side(value, low, high, 0.85) == side


def test_odds_are_never_0_or_100():
    assert (words.odds(0.0), words.odds(0.42), words.odds(1.0)) == (1, 42, 99)


def test_every_sentence_speaks_both_languages_with_the_same_facts():
    for key, said in catalogue("report").items():
        assert set(said) == {"pl", "en"}, key


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_no_sentence_says_nought_percent(lang):
    assert not [key for key, said in catalogue("report").items() if "0 %" in said[lang].replace("80 %", "")]
