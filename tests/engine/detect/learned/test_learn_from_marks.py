"""Which marks teach a detector, which measure it, and whom its rows are about."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from gracja.engine.detect.batch import detect
from gracja.engine.detect.learned.apply import apply_detectors, check_detectors
from gracja.engine.detect.learned.learn import Learned, learn
from gracja.engine.edition.model import Edition
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS

COUNT = 40


def shop(**more: Any) -> Edition:
    """An edition with `greet` and `smile` in chats; `more` changes `greet`."""
    greet = {"standard": "greet", "behaviour": "Greets", "channels": ["chat"]}
    greet |= {"detect": {"agent_says": ["good morning"]}} | more
    smile = {"standard": "smile", "behaviour": "Smiles", "channels": ["chat"]}
    smile |= {"detect": {"agent_says": ["nice"]}}
    part = {"enhancer": "noticed", "title": "Noticed", "standards": [greet, smile]}
    sequence = [{"part": "welcome", "title": "Welcome", "enhancers": [part]}]
    kept = {"gracja": 1, "id": "shop", "version": 2, "title": "Shop", "service": {"kind": "encounter"}}
    return read_edition(json.dumps(kept | {"sequence": sequence})).edition


def talk(number: int, **more: Any) -> dict[str, Any]:
    """Every second one greets."""
    said = "hello there sir" if number % 2 else "two tickets please"
    turns = [{"speaker": "customer", "text": "hi"}, {"speaker": "agent", "text": said}]
    whole = {"contact": f"c{number}", "employee": "ewa", "customer": f"k{number}", "channel": "chat"}
    return whole | {"language": "en", "complete": True, "turns": turns} | more


def talks(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=CONVERSATIONS)


def mark(number: int, standard: str = "greet", **more: Any) -> dict[str, Any]:
    row = {"contact": f"c{number}", "segment": 0, "standard": standard, "edition": "shop@2"}
    row |= {"source": "review", "evaluator": "borys", "status": "marked", "value": float(number % 2)}
    return row | {"evidence": [], "revision": 1} | more


def taught(marks: list[dict[str, Any]], edition: Edition | None = None, **more: Any) -> Learned:
    table = more.pop("table", talks(*(talk(i) for i in range(COUNT))))
    observed = pa.Table.from_pylist(marks, schema=OBSERVATIONS)
    return learn(edition or shop(), table, observed, made_on="2026-11-22", **more)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return taught([mark(i) for i in range(COUNT)])


def refusals(learned: Learned) -> list[tuple[str, str, int, int]]:
    return [(one.standard, one.why, one.marks, one.rarer) for one in learned.refused]


@pytest.mark.parametrize(("drawn", "marks"), [(range(1, COUNT, 2), COUNT // 2), ((), 0)])
def test_a_standard_whose_drawn_marks_all_say_the_same_does_not_stop_the_others(drawn, marks):
    smiles = [mark(i, "smile", value=float(i // 2 % 2), contact=f"c{i}") for i in range(COUNT)]
    chosen = {f"c{i}" for i in drawn}
    learned = taught([mark(i) for i in range(COUNT)] + smiles, drawn=chosen)
    assert ("greet", "too_few_to_measure", marks, 0) in refusals(learned)
    assert [one.standard for one in learned.detectors] == (["smile"] if chosen else [])


def test_a_card_measures_only_contacts_that_the_detector_will_judge():
    others = [
        talk(COUNT, channel="phone"),
        talk(COUNT + 1, channel="phone"),
        talk(COUNT + 2, complete=False),
        talk(COUNT + 3, complete=False),
    ]
    unmarked = [talk(COUNT + 4), talk(COUNT + 5, channel="phone"), talk(COUNT + 6, complete=False)]
    table = talks(*(talk(i) for i in range(COUNT)), *others, *unmarked)
    (one,) = taught([mark(i) for i in range(COUNT + 4)], table=table).detectors
    assert one.card is not None
    assert one.card.marks == COUNT
    assert one.card.scores.count == 1


def test_contacts_that_all_broke_off_measure_nothing():
    table = talks(*(talk(i, complete=False) for i in range(COUNT)))
    assert refusals(taught([mark(i) for i in range(COUNT)], table=table)) == [
        ("greet", "too_few_to_measure", 0, 0)
    ]


def test_a_standard_without_automatic_marks_is_not_learned():
    learned = taught([mark(i) for i in range(COUNT)], shop(detect="none"))
    assert refusals(learned) == [("greet", "not_detected", COUNT, COUNT // 2)]


def test_a_detector_of_a_standard_that_is_counted_is_refused(learned):
    with pytest.raises(EngineInputError) as refused:
        check_detectors(learned.detectors, shop(measure={"count_at_least": 2}))
    assert refused.value.code == "detector_measure"
    assert refused.value.facts["standard"] == "greet"


def test_an_absence_where_no_agent_spoke_is_the_contacts_employees(learned):
    bare = [one.with_card(None) for one in learned.detectors]
    table = talks(talk(0, turns=[{"speaker": "customer", "text": "hello?"}]), talk(2))
    rules = detect(table, shop())
    rows = pl.DataFrame(pl.from_arrow(apply_detectors(table, rules, bare)))
    greet = rows.filter(pl.col("standard") == "greet")
    assert greet["value"].to_list() == [0.0, 0.0]
    assert greet["employee"].to_list() == ["ewa", "ewa"]


def test_only_marks_that_count_are_evidence_and_name_evaluators(learned):
    (plain,) = learned.detectors
    shown = [{"turn": 1, "start": 0, "end": 5}]
    before = [mark(i, evidence=shown if i % 2 else []) for i in range(COUNT)]
    corrected = [mark(i, revision=2) for i in range(COUNT)]
    elsewhere = [mark(i, edition="salon@1", evaluator=f"z{i}", evidence=shown) for i in range(COUNT)]
    (one,) = taught(before + corrected + elsewhere).detectors
    assert one.card is not None
    assert one.card.about.evaluators == 1
    assert one.weight.tolist() == plain.weight.tolist()
