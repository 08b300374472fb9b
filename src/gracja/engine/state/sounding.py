"""The learned part over the turns of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gracja.engine.detect.scan.numbers import as_column
from gracja.engine.state.hearing import Heard
from gracja.engine.state.learned import LANGUAGE, Model, model
from gracja.engine.state.phrases import CUES, HINTS, LANGUAGES, SAYS
from gracja.engine.state.turns import Turns

# Turns read at once: their n-grams take about 30 kB a turn while they are read.
_TURNS: Final = 10_000


@dataclass(frozen=True)
class Sound:
    """turn: the turns that were read, rows of the batch, ascending. probability, gain: (turns, learned cues),
    from all words up to and with each turn, and how much its own words raised the log odds.
    """

    turn: NDArray[np.int64]
    probability: NDArray[np.float64]
    gain: NDArray[np.float64]

    @classmethod
    def silent(cls) -> Sound:
        width = len(model().cues)
        return cls(np.zeros(0, np.int64), np.zeros((0, width)), np.zeros((0, width)))


def sound(talks: Turns, heard: list[Heard]) -> Sound:
    """How the turns in English sound."""
    learned = model()
    turn = np.flatnonzero(talks.language == LANGUAGES.index(LANGUAGE))
    if not len(turn):
        return Sound.silent()
    counts = _counts(heard, turn, learned)
    contact = talks.talk_of[turn]
    odds = np.empty((len(turn), len(learned.cues)))
    for begin, end in _slices(contact):
        texts = talks.texts.array.take(as_column(turn[begin:end]))
        odds[begin:end] = learned.odds(texts, contact[begin:end], counts[begin:end])
    first = np.concatenate([[True], contact[1:] != contact[:-1]])
    bias = np.array([cue.bias for cue in learned.cues.values()])
    before = np.where(first[:, None], bias, np.concatenate([odds[:1], odds[:-1]]))
    return Sound(turn, learned.probability(odds), odds - before)


def _counts(heard: list[Heard], turn: NDArray[np.int64], learned: Model) -> NDArray[np.int64]:
    """(turns, learned cues, 2): how many phrases said each cue, and hinted at it."""
    counts = np.zeros((len(turn), len(learned.cues), 2), dtype=np.int64)
    numbers = {CUES.index(name): number for number, name in enumerate(learned.cues)}
    chosen = [one for one in heard if one.cue in numbers and one.kind in (SAYS, HINTS)]
    row = np.searchsorted(turn, np.array([one.text for one in chosen], dtype=np.int64))
    for one, at in zip(chosen, row.tolist(), strict=True):
        if at < len(turn) and turn[at] == one.text:
            counts[at, numbers[one.cue], int(one.kind == HINTS)] += 1
    return counts


def _slices(contact: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Cuts between contacts after about `_TURNS` turns."""
    begins = np.searchsorted(contact, contact[::_TURNS])
    cuts = [*dict.fromkeys(begins.tolist()), len(contact)]
    return [*pairwise(cuts)]
