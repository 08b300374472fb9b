"""What an agent's turn does, STAR, 8 groups, macro-F1: trained, on unseen agents and flows, and zero-shot.

Input: the agent's typed words (`typed[-1]`), the words of both sides around it, the system's events around
it, and its place: what a recorded conversation holds. Never `text`, `act` or `options` of a turn, nor the
customer's instruction, nor anything filled in afterwards. Trained on the train part of $GRACJA_DATA.

Groups: an act with `ask_confirm` confirms, any other with `ask` requests a detail (this gives the published
share of the largest group). Unseen agents: in five folds of agents by the order of a hash, each dev turn is
judged by detectors that never met its agent. Unseen flows: the first seven of the 24 flows in alphabetical
order; trained without any conversation that has one of them, judged on all that have one. With n-grams of
the turn and of the customer's turn before, this rule gives the published .849.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from convert import dialogues
from figure import figure
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from star_turns import FOLDS, GROUPS, UNLABELLED, Part
from zero_shot import zero_shot

from gracja.engine.detect.learned.train import train_turns
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vocabulary

UNSEEN_FLOWS = 7
Bools = NDArray[np.bool_]


def figures(data: Path, evaluate: Path | None) -> None:
    every = list(dialogues(data))
    unseen = set(sorted({flow for one in every for flow in one["labels"]["flows"]})[:UNSEEN_FLOWS])
    train = Part.of([one for one in every if one["split"] == "train"], unseen)
    judged = list(dialogues(evaluate)) if evaluate else [one for one in every if one["split"] == "dev"]
    test = Part.of([one for one in judged if one["labels"]["completion"] == "Complete"], unseen)
    counted = test.label != UNLABELLED
    figure("STAR turns judged", int(counted.sum()))

    everywhere = np.ones(len(train.label), dtype=np.bool_)
    found = _trained(train, everywhere, test)
    _tell("trained", test, found, counted, 0.94, 0.921)
    found = np.full(len(test.label), UNLABELLED)
    for fold in range(FOLDS):
        mine = test.agent_fold == fold
        found[mine] = _trained(train, train.agent_fold != fold, test)[mine]
    _tell("unseen agents", test, found, counted, 0.925, 0.903)
    found = _trained(train, ~train.unseen_flow, test)
    _tell("7 unseen flows", test, found, counted & test.unseen_flow, 0.89, 0.849)
    _tell("zero-shot", test, zero_shot(train, test, data), counted, 0.82, 0.628)


def _trained(train: Part, chosen: Bools, test: Part) -> NDArray[np.int64]:
    """The group of each test turn by eight detectors, one a group, trained on the chosen turns."""
    vocabulary = Vocabulary.of(_taken(train, chosen))
    vectors = vocabulary.vectors(train.turns)
    rows = np.flatnonzero(chosen & (train.label != UNLABELLED))
    learned = [train_turns(vectors[rows], train.label[rows] == number) for number in range(len(GROUPS))]
    weight = np.stack([one.weight for one in learned], axis=1)
    return (vocabulary.scores(test.turns, weight) + [one.bias for one in learned]).argmax(axis=1)


def _taken(part: Part, chosen: Bools) -> AgentTurns:
    """The turns of the conversations that have a chosen turn (a fold or a flow takes whole conversations)."""
    rows = np.unique(part.turns.contact[chosen])
    return AgentTurns.of(part.conversations.take(pa.array(rows)))


def _tell(name: str, test: Part, found: NDArray[np.int64], counted: Bools, goal: float, peer: float) -> None:
    numbers = range(len(GROUPS))
    truth, said = test.label[counted], found[counted]
    each = f1_score(truth, said, average=None, labels=numbers, zero_division=0)
    by_group = dict(zip(GROUPS, np.round(each, 3).tolist(), strict=True))
    macro = round(float(each.mean()), 4)
    told = f"char TF-IDF + logistic regression {peer}" if peer > 0.7 else f"cosine to the wording {peer}"
    figure(f"STAR turns, {name}", macro, "macro-F1", f">= {goal}", macro >= goal, f"published: {told}")
    figure(f"STAR turns, {name}, by group", by_group, "F1")
