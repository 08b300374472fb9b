"""The learned part: how a customer's words so far sound, by n-grams that five customers or more have used.

English only. It was taught by scripted customers (see the data file), each word weighed within one task, so
that what a contact is about does not tell the state.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.detect.certainty.calibration import Calibration, calibration_from_dict
from gracja.engine.detect.learned.grams import Grams, grams, keys_of
from gracja.engine.detect.learned.letters import Letters
from gracja.engine.detect.scan.numbers import Column

LANGUAGE: Final = "en"
FILE: Final = "learned.json"
_SPREAD: Final = np.int64(0x9E3779B97F4A7C15 - 2**64)
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """One kind of n-gram: runs of letters in words, or of words."""

    by_letter: bool
    lowest: int
    highest: int

    def grams(self, letters: Letters, seed: int) -> Grams:
        return grams(letters, seed=seed, by_letter=self.by_letter, lowest=self.lowest, highest=self.highest)


BLOCKS: Final = (Block(by_letter=False, lowest=1, highest=2), Block(by_letter=True, lowest=2, highest=5))


@dataclass(frozen=True)
class Cue:
    """What was learned of one cue. high, low: said from `high` up, unsaid from `low` down; None: never."""

    bias: float
    phrases: tuple[float, float]  # log odds for phrases that say it, and that hint at it
    calibration: Calibration
    high: float | None
    low: float | None


@dataclass(frozen=True)
class Model:
    """names: n-grams. block: of each, (k,). weights: (k, cues), columns in the order of `cues`.

    In a block an n-gram counts its weight once, over the root of how many different ones were used so far.
    """

    names: tuple[str, ...]
    block: NDArray[np.int64]
    weights: Floats
    cues: dict[str, Cue]

    @cached_property
    def _sorted(self) -> tuple[Numbers, Numbers]:
        keys = keys_of(Letters.of(pa.array(self.names, pa.large_string())), self.block)
        order = np.argsort(keys)
        return keys[order], order

    def odds(self, texts: Column, contact: Numbers, heard: NDArray[np.int64]) -> Floats:
        """Log odds of each cue from the contact's words up to and with each turn, (turns, cues).

        texts: customers' turns, those of a contact together and in order. contact: int64[turns], ascending.
        heard: int64[turns, cues, 2], how many phrases of the turn say the cue, and hint at it.
        """
        letters = Letters.of(texts)
        total = np.zeros((len(contact), len(self.cues)))
        for number, block in enumerate(BLOCKS):
            row, column = self.first_uses(block.grams(letters, number), contact)
            length = np.sqrt(np.maximum(_running(np.bincount(row, minlength=len(contact)), contact), 1))
            known = column >= 0
            weights = self.weights[column[known]]
            for cue in range(len(self.cues)):
                sums = np.bincount(row[known], weights[:, cue], minlength=len(contact))
                total[:, cue] += _running(sums, contact) / length
        for number, learned in enumerate(self.cues.values()):
            total[:, number] += learned.bias
            for kind, weight in enumerate(learned.phrases):
                total[:, number] += weight * (_running(heard[:, number, kind], contact) > 0)
        return total

    def first_uses(self, found: Grams, contact: Numbers) -> tuple[Numbers, Numbers]:
        """(row, column) of each different n-gram where a contact first uses it; -1: it is not known."""
        keys, order = self._sorted
        row = np.repeat(np.arange(len(contact)), np.diff(found.rows))
        # one number for contact and n-gram: two of them agree by chance once in 2**64
        _, first = np.unique(found.key ^ (contact[row] * _SPREAD), return_index=True)
        row, key = row[first], found.key[first]
        if not len(keys):
            return row, np.full(len(row), -1)
        at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        return row, np.where(keys[at] == key, order[at], -1)

    def probability(self, odds: Floats) -> Floats:
        """Log odds -> calibrated probabilities, (turns, cues)."""
        return np.stack(
            [one.calibration.probability(odds[:, i]) for i, one in enumerate(self.cues.values())], axis=1
        )


def _running(values: NDArray[Any], contact: Numbers) -> NDArray[Any]:
    """The sum of each contact's values up to and with each turn."""
    sums = np.cumsum(values)
    starts = np.searchsorted(contact, contact)
    return sums - (sums[starts] - values[starts]) if len(sums) else sums


@cache
def model() -> Model:
    """The model that Gracja comes with."""
    text = files("gracja.engine.state").joinpath("bundled", FILE).read_text(encoding="utf-8")
    return model_from_dict(json.loads(text))


def model_from_dict(data: Any) -> Model:
    """As `model_to_dict` gives it."""
    rows = data["ngrams"]
    return Model(
        names=tuple(row[1] for row in rows),
        block=np.array([row[0] for row in rows], dtype=np.int64),
        weights=np.array([row[2:] for row in rows], dtype=np.float64),
        cues={
            name: Cue(
                bias=one["bias"],
                phrases=(one["phrases"][0], one["phrases"][1]),
                calibration=calibration_from_dict(one["calibration"]),
                high=one["high"],
                low=one["low"],
            )
            for name, one in data["cues"].items()
        },
    )
