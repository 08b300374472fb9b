"""The detectors of the bundled editions in conversations as people type and speak them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pyarrow as pa
import pytest

from gracja.engine.detect import detect
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.tables import CONVERSATIONS

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SPEAKERS = {"a": "agent", "c": "customer", "s": "system"}


@cache
def bundled_edition(name):
    return read_edition(bundled_text(name)).edition


def conversation(channel, language, *lines):
    """`a: hello` ten seconds after the turn before, `a+90: hello` ninety, `s: refund_made` an event."""
    turns, seconds = [], 0
    for line in lines:
        who, _, text = line.partition(": ")
        who, _, wait = who.partition("+")
        seconds += int(wait or 10)
        event = who == "s"
        turns.append(
            {
                "speaker": SPEAKERS[who],
                "employee": None,
                "text": "" if event else text,
                "event": text if event else None,
                "at": START + timedelta(seconds=seconds),
            }
        )
    return {
        "contact": "k1",
        "employee": "anna",
        "customer": None,
        "place": None,
        "channel": channel,
        "language": language,
        "started_at": START,
        "complete": True,
        "turns": turns,
    }


@pytest.fixture
def marks():
    """Standard -> its value, or its status where it has none."""

    def marked(name, channel, language, *lines):
        table = pa.Table.from_pylist([conversation(channel, language, *lines)], schema=CONVERSATIONS)
        rows = detect(table, bundled_edition(name)).to_pylist()
        return {row["standard"]: row["status"] if row["value"] is None else row["value"] for row in rows}

    return marked


def test_a_polish_complaint_that_is_handled_as_it_should_be(marks):
    found = marks(
        "contact_centre",
        "chat",
        "pl",
        "c: Dzień dobry, paczka nie dotarła, trzeci raz do Was piszę!",
        "a: Dzień dobry, z tej strony Anna. Bardzo mi przykro. Rozumiem, że chodzi o lampę?",
        "c: tak",
        "a: Proszę o chwilę, już sprawdzam, zajmie mi to 3 minuty.",
        "a+200: Przesyłka zaginęła. Zwrócimy Pani pieniądze w ciągu 5 dni, także koszt dostawy.",
        "a: Podsumowując: zwrot 129 zł do piątku. Czy mogę pomóc w czymś jeszcze?",
    )
    met = {standard for standard, value in found.items() if value == 1}
    assert met >= {
        "reply_on_chat", "greet", "own_name", "waits_for_first_words", "repeats_matter", "no_long_silence",
        "says_how_long", "apologises", "names_next_step", "no_blame", "gives_a_date", "never_dont_know",
        "sums_up", "asks_for_more",
    }  # fmt: skip
    assert found["mentions_history"] == 0


def test_the_same_complaint_handled_badly_without_polish_letters(marks):
    found = marks(
        "contact_centre",
        "chat",
        "pl",
        "c: dzien dobry, telefon nie dziala od wczoraj",
        "a+70: Witam, nie wiem co sie stalo. Trzeba bylo zglosic wczesniej",
        "c: no i co teraz?",
        "a+150: oddzwonimy do Pana",
        "c: kiedy?",
        "a: przepraszam, czy moze Pan podac numer?",
    )
    failed = {standard for standard, value in found.items() if value == 0}
    assert failed >= {
        "reply_on_chat", "own_name", "apologises", "no_blame", "never_dont_know", "no_long_silence",
        "gives_a_date",
    }  # fmt: skip


def test_an_english_complaint_is_held_to_the_same(marks):
    found = marks(
        "contact_centre",
        "phone",
        "en",
        "a: Good morning, my name is Anna",
        "c: My order never arrived and nobody called me back",
        "a: I'm so sorry about that. I'll check with the courier, bear with me, it will take 2 minutes",
        "a+150: We'll refund you within 3 working days",
    )
    assert [
        found[standard] for standard in ("greet", "own_name", "apologises", "gives_a_date", "no_long_silence")
    ] == [1] * 5


@pytest.mark.parametrize(
    ("language", "read_back", "answer", "value"),
    [
        ("pl", "To powtórzę: pakiet 300, 59 zł miesięcznie. Czy wszystko się zgadza?", "Tak, zgadza się", 1),
        (
            "pl",
            "To powtórzę: pakiet 300, 59 zł miesięcznie. Czy wszystko się zgadza?",
            "Nie, nie zgadza się",
            0,
        ),
        ("pl", "Już zmieniam", "tak", 0),
        ("en", "So that's the 300 plan at 20 pounds a month. Is that correct?", "Yes, go ahead", 1),
        ("en", "So that's the 300 plan at 20 pounds a month. Is that correct?", "No, that's not right", 0),
    ],
)
def test_the_system_acts_only_after_a_yes_to_what_was_read_back(marks, language, read_back, answer, value):
    lines = ("c: hm", f"a: {read_back}", f"c: {answer}", "s: change_made")
    assert marks("contact_centre", "phone", language, *lines)["confirms_before_acting"] == value


@pytest.mark.parametrize(
    ("language", "said", "value"),
    [
        ("pl", "Proszę podać hasło do konta", 0),
        ("pl", "Poda mi Pan numer karty i PIN?", 0),
        ("pl", "Proszę nigdy nie podawać nikomu hasła ani PIN-u", 1),
        ("en", "What is your account number and your pin?", 0),
        ("en", "Please never tell anyone your password or PIN", 1),
    ],
)
def test_asking_for_a_secret_is_told_from_warning_about_it(marks, language, said, value):
    found = marks("contact_centre", "phone", language, "c: hm", f"a: {said}")
    assert found["never_asks_for_secrets"] == value


def test_who_speaks_before_the_customer_has_written_does_not_leave_them_in_peace(marks):
    found = marks("contact_centre", "chat", "en", "a: Hi! How are you today?", "c: just reading")
    assert found["waits_for_first_words"] == 0


def test_no_offers_are_made_to_a_customer_in_a_hurry(marks):
    hurried = "c: spieszę się, szybkie pytanie: o której zamykacie?"
    plain = marks("retail_shop", "chat", "pl", hurried, "a: Dzień dobry, o 20.00")
    pushing = marks("retail_shop", "chat", "pl", hurried, "a: O 20.00. Mamy też promocję na buty")
    assert (plain["leaves_out_offers"], pushing["leaves_out_offers"]) == (1, 0)


def test_a_missing_item_is_found_elsewhere_and_one_in_stock_is_kept(marks):
    missing = marks(
        "retail_shop",
        "phone",
        "en",
        "c: Have you got the blue kettle?",
        "a: It's sold out, but our other shop has it",
    )
    there = marks(
        "retail_shop",
        "chat",
        "pl",
        "c: jest 42?",
        "a: Są na stanie, zostały 2 sztuki. Odłożyć dla Pana do 18.00?",
    )
    assert (missing["finds_it_elsewhere"], missing["offers_to_hold"]) == (1, "not_applicable")
    assert (there["says_how_many"], there["offers_to_hold"]) == (1, 1)
    assert there["finds_it_elsewhere"] == "not_applicable"


def test_a_salon_visit_is_booked_with_a_choice_a_price_and_the_allergies(marks):
    found = marks(
        "salon",
        "message",
        "pl",
        "c: hej, chciałabym się umówić na farbowanie, najlepiej w ciszy",
        "a+1200: Dzień dobry! Środa o 10 albo piątek o 16? Koloryzacja 250-300 zł. Ma Pani uczulenia?",
        "c: nie mam. środa",
        "a: Zapisuję Panią na środę na 10, wizyta bez rozmów",
        "s: booking_made",
    )
    wanted = (
        "reply_to_message",
        "two_times",
        "names_price",
        "asks_about_allergy",
        "reads_time_back",
        "confirms_quiet",
    )
    assert [found[standard] for standard in wanted] == [1] * 6


@pytest.mark.parametrize(
    ("opening", "answer", "value"),
    [
        ("dzień dobry", "tak, proszę robić", 1),
        ("tak, słucham", "muszę się zastanowić", 0),
        ("tak, słucham", "hm", 0),
    ],
)
def test_work_starts_only_after_a_yes_to_the_amount(marks, opening, answer, value):
    lines = (
        f"c: {opening}",
        "a: Klocki do wymiany, razem 450 zł. Robimy?",
        f"c: {answer}",
        "s: work_started",
    )
    assert marks("car_mechanic", "phone", "pl", *lines)["consent_before_work"] == value


def test_a_dangerous_car_is_not_driven_away_unsaid(marks):
    said = marks(
        "car_mechanic", "phone", "en", "s: danger_found", "a: You can't drive this car, the brakes are gone"
    )
    hinted = marks("car_mechanic", "phone", "pl", "s: danger_found", "a: Warto by zerknąć na hamulce")
    assert (said["advises_against_driving"], hinted["advises_against_driving"]) == (1, 0)
