"""A learned detector: what it was made for, what it knows, and how likely it finds each contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gracja.engine.detect.certainty.card import Card
from gracja.engine.detect.learned.train import best_turns
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.learned.vocabulary import Vocabulary

FAR: Final = 30.0  # log odds beyond which nothing changes; a contact without agent's turns is so far off


@dataclass(frozen=True)
class Detector:
    """One standard's detector. log odds of a turn = its vector @ weight + bias.

    edition: the edition it was learned with, `salon@3`; it serves every version of `salon` that has the
    standard. version: of the way of learning. training: SHA-256 of the marks and conversations. card: what
    is known of its error; None: unknown.
    """

    standard: str
    edition: str
    version: int
    training: str
    vocabulary: Vocabulary
    weight: NDArray[np.float32]
    bias: float
    card: Card | None = None

    @property
    def name(self) -> str:
        """How rows name it: `learned:greet@1:ab12cd`."""
        return f"learned:{self.standard}@{self.version}:{self.training[:6]}"

    @cached_property
    def known(self) -> str:
        """SHA-256 of the vocabulary, so that detectors which share one read the turns once."""
        words = self.vocabulary
        digest = sha256("\n".join(words.name).encode())
        digest.update(words.block.tobytes())
        digest.update(words.rarity.astype("<f4").tobytes())
        return digest.hexdigest()

    def with_card(self, card: Card | None) -> Detector:
        return replace(self, card=card)

    def probability(self, odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log odds of contacts -> probabilities, calibrated where there is a card."""
        if self.card is not None:
            return self.card.calibration.probability(np.clip(odds, -FAR, FAR))
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -FAR, FAR))))


@dataclass(frozen=True)
class Scored:
    """odds: log odds of each contact by its likeliest turn, (contacts,); -inf without agent turns.
    turn: that turn's number in AgentTurns, or -1.
    """

    odds: NDArray[np.float64]
    turn: NDArray[np.int64]


def score_turns(detectors: Sequence[Detector], turns: AgentTurns) -> NDArray[np.float32]:
    """Log odds of every turn for every detector, (n, detectors)."""
    odds = np.zeros((len(turns), len(detectors)), dtype=np.float32)
    by_vocabulary: dict[str, list[int]] = {}
    for number, detector in enumerate(detectors):
        by_vocabulary.setdefault(detector.known, []).append(number)
    for numbers in by_vocabulary.values():
        weights = np.stack([detectors[number].weight for number in numbers], axis=1)
        bias = np.array([detectors[number].bias for number in numbers], dtype=np.float32)
        odds[:, numbers] = detectors[numbers[0]].vocabulary.scores(turns, weights) + bias
    return odds


def score_contacts(detectors: Sequence[Detector], turns: AgentTurns, contacts: int) -> list[Scored]:
    """What each detector finds of each of the `contacts` rows of the batch."""
    odds: Any = score_turns(detectors, turns).astype(np.float64)
    return [Scored(*best_turns(odds[:, number], turns.contact, contacts)) for number in range(len(detectors))]
