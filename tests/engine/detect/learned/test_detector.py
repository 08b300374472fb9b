import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gracja.engine.detect.learned.contact import ContactMarks, learn_contacts, phrase_weights
from gracja.engine.detect.learned.detector import Detector, score_contacts
from gracja.engine.detect.learned.store import read_detector, write_detector
from gracja.engine.detect.learned.train import best_turns, train_turns
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vocabulary
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS

GREETINGS = ("good morning", "hello there", "hello, good day")
OTHERS = ("two tickets please", "the train leaves at nine", "that is ten euro", "pay here")


def contacts(count: int) -> tuple[pa.Table, np.ndarray]:
    """Every second contact has a greeting somewhere among other words."""
    random = np.random.default_rng(1)
    rows, met = [], np.zeros(count)
    for i in range(count):
        texts = [OTHERS[k] for k in random.integers(0, len(OTHERS), 3)]
        met[i] = i % 2
        if met[i]:
            texts.insert(int(random.integers(0, 4)), GREETINGS[random.integers(0, 3)])
        rows.append(
            {
                "contact": f"c{i}",
                "customer": f"k{i}",
                "channel": "chat",
                "complete": True,
                "turns": [{"speaker": "agent", "text": text} for text in texts],
            }
        )
    return pa.Table.from_pylist(rows, schema=CONVERSATIONS), met


@pytest.fixture(scope="module")
def learned() -> tuple[Detector, AgentTurns, np.ndarray]:
    table, met = contacts(60)
    turns = AgentTurns.of(table)
    vocabulary = Vocabulary.of(turns)
    return detector_from(turns, vocabulary, met), turns, met


def detector_from(turns: AgentTurns, vocabulary: Vocabulary, met: np.ndarray) -> Detector:
    vectors = vocabulary.vectors(turns)
    nothing = np.zeros(len(turns), dtype=bool)
    start = phrase_weights(vectors, nothing)
    weights = learn_contacts(vectors, turns.contact, ContactMarks(met, nothing), start=start)
    return Detector("greet", "shop@1", 1, "ab12cd" * 8, vocabulary, weights.weight, weights.bias)


def test_marks_of_whole_contacts_teach_which_turn_it_was(learned):
    detector, turns, met = learned
    scored = score_contacts([detector], turns, len(met))[0]
    assert ((scored.odds > 0) == (met == 1)).all()
    texts = turns.text.to_pylist()
    assert {texts[turn] for turn in scored.turn[met == 1]} == set(GREETINGS)


def test_marks_that_all_say_the_same_teach_nothing():
    with pytest.raises(EngineInputError) as refused:
        train_turns(np.eye(3), [1, 1, 1])
    assert refused.value.code == "learning_one_answer"


def test_the_same_marks_give_the_same_bytes(learned):
    detector, turns, met = learned
    twin = detector_from(turns, detector.vocabulary, met)
    assert write_detector(twin) == write_detector(detector)


def test_a_detector_comes_back_from_its_bytes_as_it_was(learned):
    detector, turns, met = learned
    back = read_detector(write_detector(detector))
    assert (back.name, back.known, back.bias) == ("learned:greet@1:ab12cd", detector.known, detector.bias)
    before, after = (score_contacts([one], turns, len(met))[0].odds for one in (detector, back))
    assert (before == after).all()


def test_a_detector_file_cut_short_anywhere_is_refused(learned):
    data = write_detector(learned[0])
    for end in [*range(0, len(data), 997), len(data) - 1]:
        with pytest.raises(EngineInputError) as refused:
            read_detector(data[:end], file="greet.parquet")
        assert refused.value.code == "detector_broken"
        assert refused.value.where.file == "greet.parquet"


def test_a_detector_whose_weights_were_changed_is_refused(learned):
    table = pq.read_table(pa.BufferReader(write_detector(learned[0])))
    meta = table.schema.metadata
    weights = pa.array(np.asarray(table["weight"]) * 2, pa.float32())
    changed = table.set_column(3, "weight", weights).replace_schema_metadata(meta)
    sink = pa.BufferOutputStream()
    pq.write_table(changed, sink)
    with pytest.raises(EngineInputError, match="detector_broken"):
        read_detector(sink.getvalue().to_pybytes())


def test_a_detector_of_a_later_form_is_refused_by_its_number(learned):
    table = pq.read_table(pa.BufferReader(write_detector(learned[0])))
    meta = dict(table.schema.metadata)
    meta[b"gracja.detector"] = meta[b"gracja.detector"].replace(b'"form": 1', b'"form": 2')
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(meta), sink)
    with pytest.raises(EngineInputError) as refused:
        read_detector(sink.getvalue().to_pybytes())
    assert (refused.value.code, refused.value.facts) == ("detector_version", {"given": 2, "known": 1})


def test_of_equal_turns_the_first_is_the_best_and_a_silent_contact_has_none():
    best, turn = best_turns(np.array([1.0, 2.0, 2.0, -1.0]), np.array([0, 0, 0, 2]), 3)
    assert best.tolist() == [2.0, -np.inf, -1.0]
    assert turn.tolist() == [1, -1, 3]
