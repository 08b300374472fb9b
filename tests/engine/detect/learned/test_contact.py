import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.detect.learned.contact import (
    ContactMarks,
    learn_contacts,
    phrase_weights,
    threshold_for_f1,
)
from gracja.engine.detect.learned.train import best_turns
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vocabulary
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS

GREETINGS = ("good morning", "good evening", "morning dear guest", "evening dear guest")
OTHERS = ("two tickets please", "the train leaves at nine", "that is ten euro", "pay here my dear")
COUNT = 120


class Shop:
    """120 contacts, every second one with one of four greetings; phrases know only the two with "good"."""

    def __init__(self) -> None:
        random = np.random.default_rng(1)
        self.met = np.arange(COUNT) % 2 == 1
        rows = []
        for i in range(COUNT):
            texts = [OTHERS[k] for k in random.integers(0, len(OTHERS), 3)]
            if self.met[i]:
                texts.insert(int(random.integers(0, 4)), GREETINGS[i // 2 % 4])
            spoken = [{"speaker": "agent", "text": text} for text in texts]
            rows.append(
                {
                    "contact": f"c{i}",
                    "customer": f"k{i}",
                    "channel": "chat",
                    "complete": True,
                    "turns": spoken,
                }
            )
        turns = AgentTurns.of(pa.Table.from_pylist(rows, schema=CONVERSATIONS))
        self.contact, self.text = turns.contact, np.array(turns.text.to_pylist())
        self.vectors = Vocabulary.of(turns).vectors(turns)
        self.found = np.char.startswith(self.text, "good")
        self.greets = np.isin(self.text, GREETINGS)
        self.nothing = np.zeros(len(turns), dtype=np.bool_)

    def marked(self, contacts) -> np.ndarray:
        met = np.full(COUNT, np.nan)
        met[contacts] = self.met[contacts]
        return met

    def contacts(self, weights) -> tuple[np.ndarray, np.ndarray]:
        return best_turns(
            np.asarray(self.vectors @ weights.weight + weights.bias, float), self.contact, COUNT
        )


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


def test_phrases_alone_teach_what_they_hear(shop):
    odds, turn = shop.contacts(phrase_weights(shop.vectors, shop.found))
    heard = np.unique(shop.contact[shop.found])
    assert (odds[heard] > 0).all()
    assert shop.found[turn[heard]].all()


def test_a_few_marks_of_contacts_add_what_phrases_do_not_know(shop):
    start = phrase_weights(shop.vectors, shop.found)
    few = np.arange(32)
    learned = learn_contacts(
        shop.vectors, shop.contact, ContactMarks(shop.marked(few), shop.nothing), start=start
    )
    others = np.arange(32, COUNT)
    before, after = ((shop.contacts(weights)[0] > 0)[others] for weights in (start, learned))
    right_before, right_after = ((said == shop.met[others]).mean() for said in (before, after))
    assert right_after > right_before
    assert right_after > 0.95


def test_the_likeliest_turn_of_a_met_contact_is_the_one_that_was_meant(shop):
    marks = ContactMarks(shop.marked(np.arange(COUNT)), shop.nothing)
    learned = learn_contacts(
        shop.vectors, shop.contact, marks, start=phrase_weights(shop.vectors, shop.nothing)
    )
    _, turn = shop.contacts(learned)
    assert shop.greets[turn[shop.met]].all()


def test_a_turn_that_a_mark_shows_is_believed(shop):
    leaves = shop.text == "the train leaves at nine"
    met = np.full(COUNT, 0.0)
    met[np.unique(shop.contact[leaves])] = 1.0
    start = phrase_weights(shop.vectors, shop.greets)  # phrases that hear something else
    learned = learn_contacts(shop.vectors, shop.contact, ContactMarks(met, leaves), start=start)
    _, turn = shop.contacts(learned)
    assert leaves[turn[met == 1]].all()


def test_phrases_that_hear_nothing_or_everything_teach_nothing(shop):
    for found in (shop.nothing, ~shop.nothing):
        assert not phrase_weights(shop.vectors, found).weight.any()


@pytest.mark.parametrize("all_of_them", [np.arange(0), np.arange(0, COUNT, 2), np.arange(1, COUNT, 2)])
def test_marks_that_all_say_the_same_are_refused(shop, all_of_them):
    marks = ContactMarks(shop.marked(all_of_them), shop.nothing)
    with pytest.raises(EngineInputError) as refused:
        learn_contacts(shop.vectors, shop.contact, marks, start=phrase_weights(shop.vectors, shop.found))
    assert (refused.value.code, refused.value.facts) == ("learning_one_answer", {"marks": len(all_of_them)})


def test_the_same_marks_give_the_same_weights_and_contacts_nobody_marked_change_nothing(shop):
    start = phrase_weights(shop.vectors, shop.found)
    few = np.arange(32)
    inside = np.flatnonzero(shop.contact < 32)
    first, second = (
        learn_contacts(shop.vectors, shop.contact, ContactMarks(shop.marked(few), shop.nothing), start=start)
        for _ in range(2)
    )
    alone = learn_contacts(
        shop.vectors[inside],
        shop.contact[inside],
        ContactMarks(shop.marked(few), shop.nothing[inside]),
        start=start,
    )
    for other in (second, alone):
        assert (first.weight == other.weight).all()
        assert first.bias == other.bias


def test_evidence_in_a_contact_marked_not_met_is_no_example(shop):
    """Evidence of a "no" shows what was wrong, not the standard."""
    start = phrase_weights(shop.vectors, shop.found)
    met = shop.marked(np.arange(COUNT))
    unmet = ~shop.met[shop.contact]
    with_evidence = learn_contacts(shop.vectors, shop.contact, ContactMarks(met, unmet), start=start)
    without = learn_contacts(shop.vectors, shop.contact, ContactMarks(met, shop.nothing), start=start)
    assert (with_evidence.weight == without.weight).all()


@given(st.lists(st.floats(-20, 20) | st.just(-np.inf), max_size=12))
def test_no_other_threshold_has_a_higher_expected_f1(odds):
    values = np.array(odds, dtype=float)
    cut = threshold_for_f1(values)
    chance = np.where(np.isinf(values), 0, 1 / (1 + np.exp(-np.clip(values, -30, 30))))

    def expected(at: float) -> float:
        taken = values >= at
        both = taken.sum() + chance.sum()
        return 2 * chance[taken].sum() / both if both else 0.0

    assert all(expected(cut) >= expected(at) - 1e-9 for at in odds)


def test_without_contacts_the_threshold_is_even_odds():
    assert threshold_for_f1(np.zeros(0)) == 0
    assert threshold_for_f1(np.full(3, -np.inf)) == 0
