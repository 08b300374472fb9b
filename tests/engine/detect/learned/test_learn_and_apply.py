import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gracja.engine.detect.batch import detect
from gracja.engine.detect.learned.apply import LearnedScorer, apply_detectors, check_detectors
from gracja.engine.detect.learned.learn import learn
from gracja.engine.detect.learned.store import read_detector, write_detector
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS

EDITION = """
gracja: 1
id: shop
version: 2
title: Shop
service: {kind: encounter}
sequence:
  - part: welcome
    title: Welcome
    enhancers:
      - enhancer: noticed
        title: The customer is noticed
        standards:
          - standard: greet
            behaviour: "Says: Good morning"
            when: when a customer comes
            channels: [chat]
            detect: {agent_says: ["good morning"]}
          - standard: thank
            behaviour: "Says: Thank you"
            when: at the end
            channels: [chat]
            detect: {agent_says: ["thank you"]}
          - standard: offer
            behaviour: "Offers a bag"
            when: at the till
            channels: [chat]
            detect: {agent_says: ["bag"]}
"""
GREETINGS = ("good morning", "hello there sir", "hello, good day")
OTHERS = ("two tickets please", "the train leaves at nine", "that is ten euro", "pay here")


def conversation(number: int, texts: list[str], **more: Any) -> dict[str, Any]:
    return {
        "contact": f"c{number}",
        "employee": f"e{number % 3}",
        "customer": f"k{number}",
        "channel": "chat",
        "complete": True,
        "turns": [{"speaker": "customer", "text": "hi"}]
        + [{"speaker": "agent", "text": text} for text in texts],
    } | more


def conversations(count: int = 300) -> tuple[pa.Table, list[bool]]:
    random = np.random.default_rng(2)
    rows, met = [], []
    for i in range(count):
        texts = [OTHERS[k] for k in random.integers(0, len(OTHERS), 3)]
        met.append(bool(random.integers(0, 2)))
        if met[-1]:
            texts[0] = GREETINGS[random.integers(0, 3)]
        rows.append(conversation(i, texts))
    return pa.Table.from_pylist(rows, schema=CONVERSATIONS), met


def mark(contact: str, standard: str, value: float, **more: Any) -> dict[str, Any]:
    return {
        "contact": contact,
        "segment": 0,
        "standard": standard,
        "edition": "shop@2",
        "source": "review",
        "evaluator": "borys",
        "status": "marked",
        "value": value,
        "evidence": [],
        "revision": 1,
    } | more


def observed(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=OBSERVATIONS)


@pytest.fixture(scope="module")
def edition():
    return read_edition(EDITION).edition


@pytest.fixture(scope="module")
def taught(edition):
    table, met = conversations()
    greet = [mark(f"c{i}", "greet", float(met[i])) for i in range(200)]
    thank = [mark(f"c{i}", "thank", 0.0) for i in range(200)]
    few = [mark(f"c{i}", "offer", float(i < 2)) for i in range(9)]
    strange = [mark("nobody", "greet", 1.0)]
    learned = learn(edition, table, observed(*greet, *thank, *few, *strange), made_on="2026-11-22")
    return learned, table, met


def test_marks_teach_what_phrases_did_not_know(taught, edition):
    learned, table, met = taught
    rules = detect(table, edition)
    rows = apply_detectors(table, rules, learned.detectors).to_pylist()
    new = {row["contact"]: row for row in rows if row["standard"] == "greet"}
    for i in range(200, 300):
        row = new[f"c{i}"]
        assert row["detector"] == learned.detectors[0].name
        assert (row["status"], row["value"]) == ("marked", float(met[i]))
        assert (row["probability"] > 0.5) == met[i]
        if met[i]:
            assert row["evidence"] == [{"turn": 1, "start": 0, "end": len(text_of(table, i))}]
        else:
            assert row["evidence"] == []
        assert row["employee"] == f"e{i % 3}"


def text_of(table: pa.Table, contact: int) -> str:
    return table["turns"][contact].as_py()[1]["text"]


def test_what_could_not_be_learned_is_said_with_its_reason(taught):
    learned, _, _ = taught
    assert [(one.standard, one.why, one.marks, one.rarer) for one in learned.refused] == [
        ("thank", "one_answer", 200, 0),
        ("offer", "too_few_marks", 9, 2),
    ]
    assert learned.strangers == 1
    assert learned.unmarked == ()


def test_the_card_says_what_held_out_marks_said(taught):
    learned, _, _ = taught
    card = learned.detectors[0].card
    assert card is not None
    assert (card.marks, card.about.evaluators, card.about.design) == (200, 1, "cross_fitted")
    assert card.f1 is not None
    assert card.f1 > 0.98
    assert card.about.detector == learned.detectors[0].name


def test_other_standards_rows_stay_as_the_rules_wrote_them(taught, edition):
    learned, table, _ = taught
    rules = detect(table, edition)
    after = apply_detectors(table, rules, learned.detectors)
    assert after.schema == rules.schema
    others = pa.compute.not_equal(rules["standard"], "greet")
    assert after.filter(others).equals(rules.filter(others))
    assert after["contact"].equals(rules["contact"])


def test_what_does_not_apply_stays_so_and_an_absence_in_a_talk_that_broke_off_is_not_seen(taught, edition):
    learned, _, _ = taught
    rows = [
        conversation(0, ["two tickets please"], channel="phone"),
        conversation(1, ["two tickets please"], complete=False),
        conversation(2, ["hello there sir"], complete=False),
    ]
    table = pa.Table.from_pylist(rows, schema=CONVERSATIONS)
    after = apply_detectors(table, detect(table, edition), learned.detectors).to_pylist()
    status = {row["contact"]: row["status"] for row in after if row["standard"] == "greet"}
    assert (status["c0"], status["c1"]) == ("not_applicable", "not_seen")


def test_in_a_talk_that_broke_off_a_detector_marks_what_was_done_and_never_what_was_not(taught, edition):
    learned, _, _ = taught
    said = ["good morning", "hello there sir", *OTHERS]
    rows = [conversation(i, [text], complete=False) for i, text in enumerate(said)]
    table = pa.Table.from_pylist(rows, schema=CONVERSATIONS)
    never = replace(learned.detectors[0], bias=-1000.0)  # finds nothing, even where the phrases did
    for detector in (learned.detectors[0], learned.detectors[0].with_card(None), never.with_card(None)):
        after = apply_detectors(table, detect(table, edition), [detector]).to_pylist()
        greeted = {
            row["contact"]: (row["status"], row["value"]) for row in after if row["standard"] == "greet"
        }
        assert 0.0 not in {value for _, value in greeted.values()}
        assert greeted["c0"] == (("not_seen", None) if detector.bias == never.bias else ("marked", 1.0))
        assert {greeted[f"c{i}"] for i in range(2, len(said))} == {("not_seen", None)}


def test_a_detector_without_a_card_decides_at_even_odds(taught, edition):
    learned, table, met = taught
    bare = [learned.detectors[0].with_card(None)]
    after = apply_detectors(table, detect(table, edition), bare).to_pylist()
    said = [row["value"] for row in after if row["standard"] == "greet"]
    assert np.mean([value == one for value, one in zip(said, met, strict=True)]) > 0.95


def test_the_same_marks_teach_the_same(taught, edition):
    learned, table, met = taught
    greet = [mark(f"c{i}", "greet", float(met[i])) for i in range(200)]
    again = learn(edition, table, observed(*reversed(greet)), made_on="2026-11-22").detectors[0]
    assert write_detector(again.with_card(None)) == write_detector(learned.detectors[0].with_card(None))


def test_a_learned_detector_comes_back_with_its_card(taught):
    detector = taught[0].detectors[0]
    assert read_detector(write_detector(detector)).card == detector.card


def test_a_detector_of_another_edition_is_refused(taught, edition):
    detectors = taught[0].detectors
    check_detectors(detectors, edition)
    other = read_edition(EDITION.replace("id: shop", "id: salon")).edition
    with pytest.raises(EngineInputError) as refused:
        check_detectors(detectors, other)
    assert refused.value.code == "detector_edition"
    assert refused.value.facts["edition"] == "salon@2"


def test_a_batch_without_rows_or_detectors_comes_back_as_it_was(taught, edition):
    learned, table, _ = taught
    rules = detect(table, edition)
    assert apply_detectors(table, rules, []) is rules
    empty = OBSERVATIONS.empty_table()
    assert apply_detectors(table.slice(0, 0), empty, learned.detectors) is empty


def test_a_scorer_sent_to_another_process_says_the_same(taught, edition):
    learned, table, _ = taught
    (batch,) = table.combine_chunks().to_batches()
    scorer = LearnedScorer(edition, learned.detectors)
    here = scorer(batch)
    there = pickle.loads(pickle.dumps(scorer))(batch)  # noqa: S301  (our own bytes)
    assert there.equals(here)
    assert pa.Table.from_batches([here]).equals(
        apply_detectors(table, detect(table, edition), learned.detectors)
    )
