"""The peers of the detection benchmark look for what Gracja looks for, so that only speed differs."""

from __future__ import annotations

import importlib
import sys
import unicodedata
from pathlib import Path

import pytest

from gracja.engine.edition.phrases import Slot, parse_phrase
from gracja.engine.words.tokens import fold

FOLDER = Path(__file__).parents[2] / "benchmarks/detect"
SENTENCES = [
    "Dzień dobry, w czym mogę Pani pomóc?",
    "Dzien dobry! w czym moge pomoc",
    "DZIEŃ DOBRY. Dzień… dobry. dzień-dobry, dzieńdobry",
    "Witamy serdecznie, zapraszamy na kawę, przepraszam za zwłokę",
    "bardzo mi przykro, niestety nic nie już działa",
    "jestem niezadowolona, to już druga reklamacja; nie, to nie działa",
    "czy mogę pani zaproponować coś jeszcze? czy mogę w tej sprawie zrobić coś jeszcze?",
    "Dziękuję bardzo, bardzo dziękuję, dziekujemy, dzięki wielkie",
    "zapisuję panią na jutro na 15:30, proszę o wcześniejszy telefon",
    "jak się Pani nazywa? Jak miło, że się pani nazywa Anna",
    "od razu, odrazu; chwilka, chwileczkę, na chwilę",
    "Do widzenia, do zobaczenia i do usłyszenia! Miłego dnia 😊 miłego  dnia",
    unicodedata.normalize("NFD", "Dzień dobry, proszę chwilę. Dziękuję"),
    "How can I help you? how how may we help",
    "Hello! Hi, hello'there, 'hello' hello2 2hello",
    "I'm afraid we can't; im afraid; I\u2019m afraid you're welcome, youre welcome",
    "Please, please don't you worry. don't worry!",
    "May I have your full name, please? your name's John and your name",
    "let me quickly check that, let me just go and check",
    "Is there anything else I can help you with? anything, else",
    "Thank you so much, thanks. We apologise, apologies, apolog",
    "have a nice day, have a day, have a very nice day",
    "Is that all correct? is that correct",
    "Dobry wieczór, czym mogę służyć? Chcę się umówić. Rozumiem, zgadza się",
    "Good morning and good afternoon: how may I best assist? What time would you like me to book",
    "thanks, appreciated. Unfortunately, sorry, one moment; confirmed, goodbye",
    "is there anything we can help? No problem, I understand your complaint",
    "",
    "12 345 ... ?!",
]


@pytest.fixture
def benchmark(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    yield importlib.import_module
    for name in ("patterns", "peers", "ours"):
        sys.modules.pop(name, None)


def test_sixty_phrases_half_polish_half_english_are_in_the_grammar_without_lemmas_or_slots(benchmark):
    patterns = benchmark("patterns")
    assert {language: len(phrases) for language, phrases in patterns.phrases().items()} == {
        "pl": 30,
        "en": 30,
    }
    assert len({fold(phrase) for _, phrase in patterns.numbered()}) == 60
    pieces = [piece for _, phrase in patterns.numbered() for piece in parse_phrase(phrase)]
    assert not [p for p in pieces if isinstance(p, Slot) or getattr(p, "kind", "") == "lemma"]


def test_the_regular_expressions_find_what_the_scan_finds_to_the_letter(benchmark):
    ours, peers, phrases = benchmark("ours"), benchmark("peers"), benchmark("patterns").numbered()
    found = peers.re_loop(phrases, [fold(text) for text in SENTENCES])()
    mine = ours.rows(ours.scan(phrases, SENTENCES)())
    assert ours.apart(mine) == ours.unfolded(found, SENTENCES)
    assert len({leaf for _, leaf, _, _ in mine}) == 60


def test_a_hit_that_overlaps_an_earlier_one_of_its_phrase_is_the_only_kind_left_out(benchmark):
    ours, phrases = benchmark("ours"), benchmark("patterns").numbered()
    leaf = next(leaf for leaf, phrase in phrases if phrase == "how {0..2} help")
    rows = [row for row in ours.rows(ours.scan(phrases, ["how how may we help"])()) if row[1] == leaf]
    assert rows == [(0, leaf, 4, 19)]
    assert ours.apart([(0, 1, 0, 9), (0, 1, 4, 9), (0, 2, 4, 9), (1, 1, 4, 9)]) == [
        (0, 1, 0, 9),
        (0, 2, 4, 9),
        (1, 1, 4, 9),
    ]
