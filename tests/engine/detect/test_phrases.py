"""Which words a phrase finds, in both languages, and where it says they stand."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.phrases import PhraseIndex
from oracle.talk import Turn


def found(phrase: str, text: str, language: str = "en") -> list[str]:
    index = PhraseIndex([(0, phrase)], language)
    return [text[hit.start : hit.end] for _, hit in index.hits_in(Turn(0, "agent", None, text, None, None))]


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("good morning", "Well, GOOD morning!", ["GOOD morning"]),
        ("good morning", "a good, morning", ["good, morning"]),
        ("good morning", "good old morning", []),
        ("good {0..1} morning", "good old morning", ["good old morning"]),
        ("good {0..1} morning", "good old sunny morning", []),
        ("complain*", "I am complaining", ["complaining"]),
        ("~apologise", "he apologised", ["apologised"]),
        ("don't know", "I don’t know", ["don’t know"]),
        ("room {number}", "room 12 is free, room twelve too", ["room 12", "room twelve"]),
        ("on {date}", "on 5 December or on Friday", ["on 5 December", "on Friday"]),
        ("by {date}", "by 2026-12-01", ["by 2026-12-01"]),
        ("this is {name}", "this is Anna Nowak speaking", ["this is Anna Nowak"]),
        ("this is {name}", "this is fine", []),
        ("{name} speaking", "Anna speaking", ["Anna speaking"]),
        ("thank you {name}", "thank you. Checking now", []),
        ("by {date}", "by 12.50, by 12.10 zł, by 12.10", ["by 12.10"]),
        ("*", "any word", ["any", "word"]),
    ],
)
def test_english_phrases_find_their_words(phrase, text, words):
    assert found(phrase, text) == words


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("dzień dobry", "Dzien dobry Pani", ["Dzien dobry"]),
        ("dzień dobry", "DZIEŃ DOBRY", ["DZIEŃ DOBRY"]),
        ("~reklamacja", "w sprawie reklamacji", ["reklamacji"]),
        ("~zwrócić", "zwróciłbym, zwrocimy", ["zwróciłbym", "zwrocimy"]),
        ("~oddzwonić", "oddzwoniłem wczoraj", ["oddzwoniłem"]),
        ("~oddzwonić", "nieoddzwonienie to błąd", []),
        ("~zgłosić", "zgłaszam, zglaszalam, proszę zgłaszać", ["zgłaszam", "zglaszalam", "zgłaszać"]),
        ("~dzwonić", "Zadzwonię jutro, zadzwonie", ["Zadzwonię", "zadzwonie"]),
        ("~zadzwonić", "niedzwonienie to błąd", []),
        ("~powiedzieć", "mówiłam to Panu", ["mówiłam"]),
        ("~zmierzyć", "mierzymy, zmierzamy", ["mierzymy"]),
        ("~polubić", "lubię to lub tamto", ["lubię"]),
        ("niezadowolon*", "jestem niezadowolona", ["niezadowolona"]),
        ("w czym {0..2} pomóc", "w czym moge pomoc?", ["w czym moge pomoc"]),
        ("do {date}", "do 5 grudnia, do środy, do srody", ["do 5 grudnia", "do środy", "do srody"]),
        ("mam na imię {name}", "mam na imię anna", ["mam na imię anna"]),
        ("żółw", "zolw", ["zolw"]),
        ("pani {name}", "Dziękuję Pani. Sprawdzam. Pani pieniądze, Pani Anno", ["Pani Anno"]),
        ("{number} zł", "za 140zł, 1 240,00 zł", ["140zł", "1 240,00 zł"]),
        ("od {number}", "od trzystu złotych", ["od trzystu"]),
    ],
)
def test_polish_phrases_find_inflected_words_and_words_without_diacritics(phrase, text, words):
    assert found(phrase, text, "pl") == words


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("lat*", "łatwo za 5 lat", ["lat"]),
        ("dziekuj*", "Dziękuję", ["Dziękuję"]),
        ("życz*", "zycze, życzenia", ["zycze", "życzenia"]),
    ],
)
def test_a_beginning_that_is_a_word_is_not_the_beginning_of_another(phrase, text, words):
    assert found(phrase, text, "pl") == words


@pytest.mark.parametrize(
    ("phrase", "text"), [("łaska", "laska"), ("laska", "łaska"), ("sąd", "sad"), ("że", "ze")]
)
def test_a_folded_hit_that_is_another_word_is_no_hit(phrase, text):
    assert found(phrase, text, "pl") == []


def test_another_form_of_the_same_lemma_is_a_slip_of_the_typist():
    assert found("dziękuję", "dziękuje", "pl") == ["dziękuje"]


def test_an_author_who_writes_without_diacritics_is_understood():
    assert found("dziekuje", "Dziękuję", "pl") == ["Dziękuję"]


def test_decomposed_text_is_found_and_offsets_are_those_of_the_text_as_given():
    text = unicodedata.normalize("NFD", "O, dzień dobry")
    assert found("dzień dobry", text, "pl") == [text[3:]]


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_phrase_is_found_wherever_it_stands_between_other_text(before, after):
    text = f"{before} dzień dobry {after}"
    assert "dzień dobry" in found("dzień dobry", text, "pl")


@given(st.text())
def test_evidence_always_lies_inside_the_text(text):
    index = PhraseIndex([(0, "*"), (1, "{number}"), (2, "a {0..2} {name}"), (3, "~być")], "pl")
    for _, hit in index.hits_in(Turn(0, "agent", None, text, None, None)):
        assert 0 <= hit.start < hit.end <= len(text)
