"""The grammar of phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle.phrases import PhraseIndex
from oracle.talk import Turn

from gracja.engine.edition.phrases import LONGEST_GAP, Gap, Slot, Word, parse_phrase
from gracja.engine.errors import EngineInputError
from gracja.wording import LANGUAGES, say_error

words = st.text(alphabet="abcdeęóżł", min_size=1, max_size=6)
pieces = st.one_of(
    words.map(lambda word: (word, Word(word, "form"))),
    words.map(lambda word: (f"~{word}", Word(word, "lemma"))),
    words.map(lambda word: (f"{word}*", Word(word, "prefix"))),
    st.sampled_from(["number", "date", "name"]).map(lambda slot: (f"{{{slot}}}", Slot(slot))),
)
gaps = st.tuples(st.integers(0, LONGEST_GAP), st.integers(0, LONGEST_GAP)).map(
    lambda ends: (f"{{{min(ends)}..{max(ends)}}}", Gap(min(ends), max(ends)))
)


@given(st.lists(pieces, min_size=1, max_size=5), st.lists(st.none() | gaps, min_size=4, max_size=4))
def test_what_is_written_is_what_is_read(written, between):
    """Pieces with gaps between some of them, and none at the edges."""
    row = [written[0]]
    for piece, gap in zip(written[1:], between, strict=False):
        row += [gap, piece] if gap else [piece]
    assert parse_phrase(" ".join(text for text, _ in row)) == tuple(piece for _, piece in row)


@given(st.text(alphabet="ab ~*{}.0129numberdate'ż!", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_phrase_or_an_error_that_can_be_said(text):
    try:
        parsed = parse_phrase(text)
    except EngineInputError as error:
        parsed = None
        said = [say_error(error, lang) for lang in LANGUAGES]
    assert parsed or all(said)


@given(st.lists(words, min_size=1, max_size=4))
def test_a_phrase_of_plain_words_finds_itself(phrase):
    text = " ".join(phrase)
    turn = Turn(0, "agent", None, text, None, None)
    assert (0, 0, len(text)) in {
        (leaf, hit.start, hit.end) for leaf, hit in PhraseIndex([(0, text)], "pl").hits_in(turn)
    }


@pytest.mark.parametrize("phrase", ["£ {number}", "thank you !", "— dobry"])
def test_a_symbol_alone_is_refused_instead_of_being_dropped(phrase):
    with pytest.raises(EngineInputError) as refused:
        parse_phrase(phrase)
    assert refused.value.code == "phrase_symbol"
