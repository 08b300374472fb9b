import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.detect.learned.blocks import BLOCKS
from gracja.engine.detect.learned.grams import grams, keys_of, name_of
from gracja.engine.detect.learned.letters import Letters
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vocabulary
from gracja.engine.tables import CONVERSATIONS


def strings(*texts: str) -> pa.Array:
    return pa.array(texts, pa.large_string())


def read(letters: Letters, row: int) -> str:
    return "".join(chr(code) for code in letters.codes[letters.starts[row] : letters.starts[row + 1]])


def turns_of(*said_by: tuple[str | None, str]) -> AgentTurns:
    rows = [
        {
            "contact": f"c{i}",
            "customer": customer,
            "channel": "chat",
            "complete": True,
            "turns": [{"speaker": "agent", "text": text}],
        }
        for i, (customer, text) in enumerate(said_by)
    ]
    return AgentTurns.of(pa.Table.from_pylist(rows, schema=CONVERSATIONS))


def known(vocabulary: Vocabulary, block: str) -> set[str]:
    number = [one.name for one in BLOCKS].index(block)
    return {name for name, at in zip(vocabulary.name, vocabulary.block, strict=True) if at == number}


def test_letters_lose_case_marks_digits_and_apostrophes():
    letters = Letters.of(strings("Proszę, PAN ŁUKASZ?", "don't 1234", "", "e\u0301te\u0301 😀"))
    assert [read(letters, i) for i in range(4)] == ["prosze  pan lukasz? ", "dont 0000 ", " ", "ete   "]


def test_runs_of_words_and_letters_are_those_that_a_reader_would_list():
    letters = Letters.of(strings("is it? ok"))
    words = grams(letters, seed=1, by_letter=False, lowest=1, highest=2)
    assert [name_of(letters, s, e, by_letter=False) for s, e in zip(words.start, words.end, strict=True)] == [
        "is", "is it", "it", "it ?", "?", "? ok", "ok",
    ]  # fmt: skip
    runs = grams(letters, seed=0, by_letter=True, lowest=2, highest=3)
    assert [name_of(letters, s, e, by_letter=True) for s, e in zip(runs.start, runs.end, strict=True)] == [
        " i", " is", "is", "is ", "s ", " i", " it", "it", "it ", "t ", " o", " ok", "ok", "ok ", "k ",
    ]  # fmt: skip


@given(
    st.lists(st.text("ab ?!ż1'\n", max_size=9), min_size=1, max_size=4),
    st.booleans(),
    st.integers(0, 8),
)
def test_an_n_gram_is_found_again_by_its_name(texts, by_letter, seed):
    letters = Letters.of(strings(*texts))
    found = grams(letters, seed=seed, by_letter=by_letter, lowest=2 if by_letter else 1, highest=3)
    names = [
        name_of(letters, int(s), int(e), by_letter=by_letter)
        for s, e in zip(found.start, found.end, strict=True)
    ]
    keys = keys_of(Letters.of(strings(*names)), np.full(len(names), seed))
    assert keys.tolist() == found.key.tolist()


def test_only_what_five_customers_or_more_met_is_ever_kept():
    common = [(f"k{i}", "good morning") for i in range(5)]
    one_customer = [("k1", "mister Nowakowski") for _ in range(9)]
    vocabulary = Vocabulary.of(turns_of(*common, *one_customer))
    assert known(vocabulary, "text_words") == {"good", "morning", "good morning"}
    assert not [name for name in vocabulary.name if "now" in name or "mister" in name]
    assert not Vocabulary.of(turns_of(*common[:4], *one_customer)).name


def test_where_no_customer_is_named_each_contact_counts_as_one():
    assert known(Vocabulary.of(turns_of(*[(None, "hello")] * 5)), "text_words") == {"hello"}
    assert not known(Vocabulary.of(turns_of(*[(None, "hello")] * 4)), "text_words")


def test_digits_are_never_learned():
    vocabulary = Vocabulary.of(turns_of(*[(f"k{i}", f"call 50112233{i}") for i in range(6)]))
    assert known(vocabulary, "text_words") == {"call", "call 000000000", "000000000"}


def test_a_field_of_a_turn_has_its_length_whatever_is_repeated():
    turns = turns_of(*[(f"k{i}", "good good morning") for i in range(5)], ("x", "zzz"))
    vocabulary = Vocabulary.of(turns)
    vectors = vocabulary.vectors(turns)
    words = [one.name for one in BLOCKS].index("text_words")
    part = vectors[:, vocabulary.bounds[words] : vocabulary.bounds[words + 1]]
    assert np.sqrt(part.power(2).sum(axis=1)) == pytest.approx([1, 1, 1, 1, 1, 0])


@given(st.lists(st.text("abc ?", max_size=12), min_size=1, max_size=12))
def test_scores_are_the_vectors_times_the_weights(texts):
    turns = turns_of(*[(None, text) for text in texts])
    vocabulary = Vocabulary.of(turns, customers_at_least=1)
    weights = np.random.default_rng(0).normal(size=(len(vocabulary.name), 2))
    assert vocabulary.scores(turns, weights) == pytest.approx(vocabulary.vectors(turns) @ weights, abs=1e-5)


@given(st.lists(st.text("abc ?ż", max_size=12), max_size=12), st.integers(1, 40))
def test_slices_hold_every_turn_once_and_in_order(texts, size):
    turns = turns_of(*[(None, text) for text in texts])
    cut = list(turns.slices(size))
    numbers = np.arange(len(turns))
    assert np.concatenate([numbers[which] for which, _ in cut]).tolist() == numbers.tolist()
    assert [text for _, some in cut for text in some.text.to_pylist()] == texts
    for _, some in cut:  # only the first turn of a slice may be longer than a slice
        assert len("".join(some.text.to_pylist()[1:]).encode()) < size


def test_turns_scored_in_slices_have_the_scores_of_the_whole_batch_to_the_bit():
    words = ("good morning", "dzień dobry, 12 zł?", "that is ten euro! " * 400, "", "ok")
    random = np.random.default_rng(2)
    said = [
        {"speaker": ("agent", "customer")[i % 2], "text": words[k]}
        for i, k in enumerate(random.integers(0, len(words), 1600))
    ]
    row = {"contact": "c", "channel": "chat", "complete": True, "turns": said}
    turns = AgentTurns.of(pa.Table.from_pylist([row], schema=CONVERSATIONS))
    vocabulary = Vocabulary.of(turns, customers_at_least=1)
    weights = random.normal(size=(len(vocabulary.name), 2)).astype(np.float32)
    whole = np.zeros((len(turns), 2), dtype=np.float32)
    for columns, part in vocabulary.parts(turns):
        whole += part @ weights[columns]
    assert len(list(turns.slices())) > 2
    assert (vocabulary.scores(turns, weights) == whole).all()
