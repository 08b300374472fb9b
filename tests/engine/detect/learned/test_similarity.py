import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.detect.learned.similarity import ALIKE, UNLIKE, likeness

GREETING = ["Dzień dobry, w czym mogę pomóc?"]
words = st.lists(st.text("abcż ?1", max_size=15), max_size=5)


def test_a_sentence_is_as_like_itself_as_can_be_however_it_is_typed():
    texts = ["dzien dobry w czym moge pomoc?", "DZIEŃ DOBRY, w czym mogę pomóc ?"]
    assert likeness(GREETING, texts) == pytest.approx([1, 1])


def test_other_words_for_the_same_are_alike_and_other_matters_are_not():
    alike, other = likeness(GREETING, ["dzień dobry, czym mogę pomóc", "to będzie dwanaście złotych"])
    assert alike > ALIKE
    assert other < UNLIKE


def test_nothing_is_like_nothing():
    assert likeness([], ["hej"]).tolist() == [0]
    assert likeness(["hej"], []).tolist() == []
    assert likeness(["hej"], ["", "😀"]).tolist() == [0, 0]


@given(words, words)
def test_a_texts_likeness_depends_on_itself_alone(sentences, texts):
    together = likeness(sentences, texts)
    alone = [likeness(sentences, [text])[0] for text in texts]
    assert together == pytest.approx(np.array(alone))
    assert ((together >= 0) & (together <= 1 + 1e-6)).all()


@given(words.filter(len), words)
def test_a_further_sentence_never_makes_a_text_less_like(sentences, texts):
    assert (likeness(sentences, texts) >= likeness(sentences[:1], texts) - 1e-6).all()
