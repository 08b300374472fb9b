"""Words, folding and forms of lemmas."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.words.forms import forms_of, is_common_word, is_other_word, lemmas_of, polish_source
from gracja.engine.words.tokens import fold, tokenise, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Żółć", "zolc"), ("ŁÓDŹ", "lodz"), ("ß", "ss"), ("don’t", "don't"), ("ﬁne", "fine"), ("Ø", "o")],
)
def test_folding_takes_case_and_diacritics_away(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_word_is_cut_out_of_the_text_as_it_was_given(text):
    for token in tokenise(text):
        assert fold(text[token.start : token.end]) == token.folded
        assert token.start < token.end


@given(st.text(alphabet="aąbcćżźłóś .,-’!", max_size=60))
def test_composed_and_decomposed_text_have_the_same_words(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert [t.folded for t in tokenise(decomposed)] == [t.folded for t in tokenise(text)]


def test_a_number_is_a_word_of_its_own():
    assert words_of("140zł o 5pm") == ["140", "zł", "o", "5", "pm"]


def test_an_apostrophe_inside_belongs_to_the_word_and_a_hyphen_does_not():
    assert words_of("don't — e-mail o'clock") == ["don't", "e", "mail", "o'clock"]


def test_polish_here_is_inflected_by_morfeusz():
    assert polish_source() == "morfeusz2"


@pytest.mark.parametrize(
    ("lemma", "form"),
    [("oddzwonić", "oddzwoniłabym"), ("klient", "klientami"), ("dobry", "lepszy"), ("Dziękować", "dziękuję")],
)
def test_forms_of_a_polish_lemma_include_past_and_conditional(lemma, form):
    assert form in forms_of(lemma, "pl")


def test_negated_forms_say_the_opposite_and_are_left_out():
    assert not [form for form in forms_of("oddzwonić", "pl") if form.startswith("nie")]


@pytest.mark.parametrize(("lemma", "form"), [("apologise", "apologised"), ("go", "went"), ("be", "are")])
def test_forms_of_an_english_lemma_include_the_irregular(lemma, form):
    assert form in forms_of(lemma, "en")


def test_an_unknown_lemma_and_an_unknown_language_have_one_form():
    assert forms_of("xyzzy", "pl") == forms_of("xyzzy", "en") == forms_of("xyzzy", "de") == {"xyzzy"}


def test_a_form_knows_its_lemmas_and_a_non_word_has_none():
    assert "uprzejmy" in lemmas_of("uprzejmą", "pl")
    assert "apologise" in lemmas_of("apologised", "en")
    assert lemmas_of("prosze", "pl") == frozenset()


@pytest.mark.parametrize(
    ("spelling", "form", "other"),
    [
        ("laska", "łaska", True),
        ("prosze", "proszę", False),
        ("dziękuje", "dziękuję", False),
        ("dziękuję", "dziekuje", False),
    ],
)
def test_another_word_is_told_from_a_slip_of_the_typist(spelling, form, other):
    assert is_other_word(spelling, form, "pl") is other


@pytest.mark.parametrize(
    ("word", "language", "common"),
    [("Sprawdzam", "pl", True), ("Zofia", "pl", False), ("Checking", "en", True), ("Olivia", "en", False)],
)
def test_a_name_is_told_from_a_common_word(word, language, common):
    assert is_common_word(word, language) is common
