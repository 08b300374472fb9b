"""Did the agent do it anywhere in the conversation? STAR's six checks, F1: from all marks, and from 50.

A mark is a person's yes or no about one standard in one conversation, with or without the words that show it
(here: the turns that have the act). `50 marks` are those of 50 conversations drawn at random from the train
part, the same for all six standards; everything else that is used holds no label: the words of the other
train conversations and the phrases of benchmarks/star/edition.yaml (which were written and checked on the
train part). No threshold is chosen on a label: it makes the expected F1 highest over the train conversations.

Two counts. *picked*: the label of a conversation comes only from turns behind which the agent picked a reply,
so only those turns are asked; all turns are read around them. The published .916 counts this way (n-grams of
these turns alone gave .915 in cross-validation of the train part, .888 over all turns). *every turn*: replies
that the agent wrote freely are asked, too; a "thank you, goodbye" among them counts as wrong, as STAR knows
no act of it. A folder for --eval is judged by its rows outside the train part.

*Somebody who knows the answers*: each typed text, with the events before it and whether it is the first or
the last, is given the act that it mostly has among the very turns that are judged; a text that occurs once is
always right. Nobody who must learn comes near it, so it bounds what these words can tell: agents typed "no",
"ok" or nothing and picked the out-of-scope reply, or said farewell and picked "anything else?".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from checks import CHECKS, labels
from convert import conversation, dialogues
from figure import figure, machine
from numpy.typing import NDArray

from gracja.engine.detect.batch import detect_with
from gracja.engine.detect.learned.contact import (
    ContactMarks,
    learn_contacts,
    phrase_weights,
    threshold_for_f1,
)
from gracja.engine.detect.learned.train import Weights, best_turns
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vocabulary
from gracja.engine.detect.plan import Plan
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError
from gracja.engine.tables import CONVERSATIONS

EDITION = Path(__file__).parents[1] / "star" / "edition.yaml"
MARKS = 50
DRAWS = 20
SEED = 20_261_122
STANDARDS = tuple(CHECKS)
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Vectors = Any  # scipy.sparse.csr_array


@dataclass
class Part:
    """Labelled conversations. met: (contacts, 6). shown, found: (n, 6), turns that have the act; turns that
    phrases find. picked: (n,), behind which a reply was picked. vectors: (n, k).
    """

    turns: AgentTurns
    vectors: Vectors
    met: Bools
    shown: Bools
    found: Bools
    picked: Bools

    @classmethod
    def of(cls, chosen: list[dict[str, Any]], vocabulary: Vocabulary | None) -> tuple[Part, Vocabulary]:
        rows = [_untimed(conversation(one)) for one in chosen]
        table = pa.Table.from_pylist(rows, schema=CONVERSATIONS)
        turns = AgentTurns.of(table)
        known = vocabulary or Vocabulary.of(turns)
        acts = [turn for one in chosen for turn in one["turns"] if turn["speaker"] == "agent"]
        picked = np.array([turn["act"] not in (None, "custom") and bool(turn["typed"]) for turn in acts])
        shown = np.array(
            [
                [real and is_act(turn["act"]) for is_act in CHECKS.values()]
                for turn, real in zip(acts, picked, strict=True)
            ]
        )
        met = np.array([[(labels(one) or {})[check] for check in STANDARDS] for one in chosen])
        found = _found(table, turns)
        return cls(turns, known.vectors(turns), met, shown, found, picked), known


def figures(data: Path, evaluate: Path | None) -> None:
    machine()
    every = list(dialogues(data))
    other = list(dialogues(evaluate)) if evaluate else every
    judged = [one for one in other if one["split"] != "train"] or other
    train, vocabulary = Part.of(_labelled(one for one in every if one["split"] == "train"), None)
    test, _ = Part.of(_labelled(judged), vocabulary)
    figure("STAR conversations judged", len(test.met), f"trained on {len(train.met)}")
    _tell("somebody who knows the answers, picked", _knowing(test), None)
    for count in ("picked", "every turn"):
        asked = [
            part.picked if count == "picked" else np.ones(len(part.picked), bool) for part in (train, test)
        ]
        _report(count, Study(train, test, *asked))


def _report(count: str, study: Study) -> None:
    goals = count == "picked"  # the goals stand beside the published figure, which counts this way
    phrases = study.f1_of_phrases()
    _tell(f"phrases alone, {count}", phrases, None)
    everybody = np.arange(len(study.train.met))
    for how, evidence in (("with evidence", True), ("without evidence", False)):
        scores = study.f1(everybody, evidence=evidence)
        _tell(f"all marks, {how}, {count}", scores, 0.965 if goals else None, ".916 n-grams of the turn")
    random = np.random.default_rng(SEED)
    draws = [np.sort(random.choice(len(everybody), MARKS, replace=False)) for _ in range(DRAWS)]
    for how, evidence in (("with evidence", True), ("without evidence", False)):
        scores = np.array([study.f1(drawn, evidence=evidence) for drawn in draws])
        _tell(f"{MARKS} marks, {how}, {count}", scores.mean(axis=0), 0.92 if goals else None)
        means = scores.mean(axis=1)
        spread = {"sd": means.std(ddof=1), "lowest": means.min(), "highest": means.max(), "draws": DRAWS}
        rounded = {name: round(float(value), 4) for name, value in spread.items()}
        figure(f"STAR checks, {MARKS} marks, {how}, {count}, over draws", rounded, "mean F1")


class Study:
    """Detectors trained on one part and judged on the other; only the turns `asked` can be the standard."""

    def __init__(self, train: Part, test: Part, train_asked: Bools, test_asked: Bools) -> None:
        self.train, self.test = train, test
        self._rows, self._test_rows = np.flatnonzero(train_asked), np.flatnonzero(test_asked)
        self._vectors, self._test_vectors = train.vectors[self._rows], test.vectors[self._test_rows]
        found = train.found[self._rows]
        self._start = [phrase_weights(self._vectors, found[:, j]) for j in range(len(STANDARDS))]

    def f1_of_phrases(self) -> Floats:
        asked = np.zeros_like(self.test.found)
        asked[self._test_rows] = self.test.found[self._test_rows]
        said = np.zeros_like(self.test.met)
        np.logical_or.at(said, self.test.turns.contact, asked)
        return np.array([_f1(self.test.met[:, j], said[:, j]) for j in range(len(STANDARDS))])

    def f1(self, marked: NDArray[np.int64], *, evidence: bool) -> Floats:
        """F1 of each standard, learned from the marks of these train conversations."""
        return np.array([self._one(j, marked, evidence=evidence) for j in range(len(STANDARDS))])

    def _one(self, j: int, marked: NDArray[np.int64], *, evidence: bool) -> float:
        train, test = self.train, self.test
        met = np.full(len(train.met), np.nan)
        met[marked] = train.met[marked, j]
        shown = train.shown[self._rows, j] & evidence
        contact = train.turns.contact[self._rows]
        try:
            learned = learn_contacts(self._vectors, contact, ContactMarks(met, shown), start=self._start[j])
        except EngineInputError:  # 50 conversations without a single apology: phrases have to do
            learned = self._start[j]
        cut = threshold_for_f1(_odds(self._vectors, learned, contact, len(train.met)))
        there = test.turns.contact[self._test_rows]
        return _f1(test.met[:, j], _odds(self._test_vectors, learned, there, len(test.met)) >= cut)


def _knowing(part: Part) -> Floats:
    """F1 of the answer that most turns of the same words, events and place have, in the part itself."""
    turns, rows = part.turns, np.flatnonzero(part.picked)
    words = [" ".join(text.lower().split()).strip(" .!?") for text in turns.text.take(rows).to_pylist()]
    place = zip((turns.from_start[rows] == 0).tolist(), (turns.from_end[rows] == 0).tolist(), strict=True)
    events = turns.events_before.take(rows).to_pylist()
    keys = list(zip(words, events, place, strict=True))
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    same = np.array([number[key] for key in keys])
    scores = []
    for j in range(len(STANDARDS)):
        share = np.bincount(same, part.shown[rows, j]) / np.bincount(same)
        said = np.zeros(len(part.met), dtype=np.bool_)
        np.logical_or.at(said, turns.contact[rows], share[same] >= 0.4)  # what makes F1 highest
        scores.append(_f1(part.met[:, j], said))
    return np.array(scores)


def _odds(vectors: Vectors, learned: Weights, contact: NDArray[np.int64], contacts: int) -> Floats:
    odds = np.asarray(vectors @ learned.weight + learned.bias, dtype=np.float64)
    return best_turns(odds, contact, contacts)[0]


def _found(table: pa.Table, turns: AgentTurns) -> Bools:
    """Where phrases find each standard, (n, 6)."""
    plan = Plan(read_edition(EDITION.read_text(encoding="utf-8")).edition)
    row_of = {contact: row for row, contact in enumerate(table["contact"].to_pylist())}
    place = {at: row for row, at in enumerate(zip(turns.contact.tolist(), turns.turn.tolist(), strict=True))}
    found = np.zeros((len(turns), len(STANDARDS)), dtype=np.bool_)
    for mark in detect_with(plan, table, default_language="en").to_pylist():
        if mark["standard"] in CHECKS and mark["value"]:
            for hit in mark["evidence"]:
                at = place.get((row_of[mark["contact"]], hit["turn"]))
                if at is not None:
                    found[at, STANDARDS.index(mark["standard"])] = True
    return found


def _labelled(chosen: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in chosen if labels(one) is not None]


def _f1(truth: Bools, said: Bools) -> float:
    both = np.count_nonzero(truth) + np.count_nonzero(said)
    return float(2 * np.count_nonzero(truth & said) / both) if both else 0.0


def _tell(name: str, scores: Floats, goal: float | None, peer: str | None = None) -> None:
    mean = round(float(scores.mean()), 4)
    wanted, met = (f">= {goal}", mean >= goal) if goal else (None, None)
    figure(f"STAR checks, {name}", mean, "mean F1", wanted, met, peer)
    by_check = dict(zip(STANDARDS, np.round(scores, 3).tolist(), strict=True))
    figure(f"STAR checks, {name}, by check", by_check, "F1")


def _untimed(row: dict[str, Any]) -> dict[str, Any]:
    """No detector reads the time of a turn, and tables.CONVERSATIONS wants it as a time."""
    return row | {"turns": [{k: v for k, v in turn.items() if k != "at"} for turn in row["turns"]]}
