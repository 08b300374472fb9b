"""The same eight groups without a label: phrases, the wording of the service, and unlabelled conversations.

What it uses: the phrases and order of benchmarks/star/edition.yaml (their phrases were checked against
labels of the training part when they were written); the reply wording of star_service_flows.json.gz, grouped
by the name of the reply; the words and events of the training part's conversations. The five numbers below
were set on the training part, by its labels, in one sitting; the dev part was not looked at. Detectors are
then taught by these guesses instead of by labels.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from star_turns import GROUPS, Part, group

from gracja.engine.detect.batch import detect
from gracja.engine.detect.learned.similarity import likeness
from gracja.engine.detect.learned.train import train_turns
from gracja.engine.detect.learned.vocabulary import Vocabulary
from gracja.engine.edition.read import read_edition

EDITION = Path(__file__).parents[1] / "star" / "edition.yaml"
# Where phrases of several groups stand in one turn, the first of these is meant.
FIRST = (
    "offer_more_help",
    "ask_name",
    "confirm_before_acting",
    "apologise_out_of_scope",
    "greet",
    "farewell",
)
REQUEST, INFORM = GROUPS.index("request_detail"), GROUPS.index("inform_or_other")
# A request or an answer: likeness to the replies of either kind, and what speaks for one or the other.
FOR_REQUEST, AFTER_AN_EVENT, QUESTION_MARK, ASKING, TELLING = 0.1, 0.4, 0.3, 0.15, 0.15
STRENGTH = 0.3
ASKS = re.compile(
    r"^(how|who|are you|is (it|this|there|your)|any )"
    r"|\b(what|which|when|where|how (many|much)|whats|your|do you|did you|would you|could you|can you|i need"
    r"|please (give|provide|tell|state|specify|enter)|(can|may) i (get|have)|need to know|let me know)\b"
)
TELLS = re.compile(
    r"\b(is|are|was|will|has|have been|booked|success\w*|fail\w*|submitted|confirmed|available|unavailable"
    r"|unfortunately|sorry|its|it's|done|turn|head|follow)\b|\d"
)


def zero_shot(train: Part, test: Part, data: Path) -> NDArray[np.int64]:
    """The group of each test turn, by detectors that no label has taught."""
    guess, sure = guesses(train, data)
    vocabulary = Vocabulary.of(train.turns)
    vectors = vocabulary.vectors(train.turns)
    taught = [
        train_turns(vectors, guess == number, counts=sure, strength=STRENGTH) for number in range(len(GROUPS))
    ]
    weight = np.stack([one.weight for one in taught], axis=1)
    return (vocabulary.scores(test.turns, weight) + [one.bias for one in taught]).argmax(axis=1)


def guesses(part: Part, data: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The guessed group of each turn and how much the guess counts, 0-1."""
    found = _found(part)
    texts: list[Any] = pc.utf8_lower(part.turns.text).to_pylist()
    replies = _replies(data)
    lean = likeness(replies[REQUEST], texts) - likeness(replies[INFORM], texts) + FOR_REQUEST
    lean -= AFTER_AN_EVENT * np.array([bool(event) for event in part.turns.events_before.to_pylist()])
    question = np.array(["?" in text for text in texts])
    lean += QUESTION_MARK * question
    lean += ASKING * (~question & np.array([bool(ASKS.search(text)) for text in texts]))
    lean -= TELLING * np.array([bool(TELLS.search(text)) for text in texts])
    guess = np.where(lean > 0, REQUEST, INFORM)
    for name in reversed(FIRST):
        guess[found[:, GROUPS.index(name)]] = GROUPS.index(name)
    several = found.sum(axis=1)
    counts = np.where(several == 1, 1.0, np.where(several > 1, 0.5, np.clip(2 * np.abs(lean), 0.1, 1)))
    counts[[not text.strip() for text in texts]] = 0
    return guess, counts


def _found(part: Part) -> NDArray[np.bool_]:
    """In which turns the edition's detectors found which group, (n, groups)."""
    observations = detect(part.conversations, read_edition(EDITION.read_text(encoding="utf-8")).edition)
    row = {contact: i for i, contact in enumerate(part.conversations["contact"].to_pylist())}
    places = zip(part.turns.contact.tolist(), part.turns.turn.tolist(), strict=True)
    at = {place: i for i, place in enumerate(places)}
    found = np.zeros((len(part.turns), len(GROUPS)), dtype=np.bool_)
    columns = ["contact", "standard", "value", "evidence"]
    ours = pc.is_in(observations["standard"], value_set=pa.array(FIRST))
    for mark in observations.select(columns).filter(ours).to_pylist():
        turns = [at.get((row[mark["contact"]], place["turn"])) for place in mark["evidence"]]
        if mark["value"] == 1:
            found[[turn for turn in turns if turn is not None], GROUPS.index(mark["standard"])] = True
    return found


def _replies(data: Path) -> dict[int, list[str]]:
    """The sentences of the replies of each group; single words are the names of buttons."""
    with gzip.open(data / "star_service_flows.json.gz", "rt", encoding="utf-8") as file:
        flows = json.load(file)
    replies: dict[int, set[str]] = {}
    for flow in flows.values():
        for act, reply in flow["replies"].items():
            if len(reply.split()) > 2:
                replies.setdefault(group(act), set()).add(reply)
    return {number: sorted(sentences) for number, sentences in replies.items()}
