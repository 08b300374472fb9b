"""What a learned detector looks at: the fields of a turn, and the n-grams that are taken of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.detect.learned.grams import Grams, grams
from gracja.engine.detect.learned.letters import Letters
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.scan.numbers import Column, kernels

Unit = Literal["letters", "words"]


@dataclass(frozen=True)
class Block:
    """N-grams of one field. scale: the length of its vector; of a `plain` one, what each n-gram counts.

    What stands around a turn has half the say of its own words, which held-out conversations liked best.
    """

    name: str
    field: str
    unit: Unit
    lowest: int
    highest: int
    scale: float
    plain: bool = False

    def grams(self, letters: Letters, number: int) -> Grams:
        return grams(
            letters, seed=number, by_letter=self.unit == "letters", lowest=self.lowest, highest=self.highest
        )


BLOCKS: Final = (
    Block("text_letters", "text", "letters", 2, 5, 1.0),
    Block("text_words", "text", "words", 1, 3, 1.0),
    Block("customer_before", "customer_before", "words", 1, 2, 0.5),
    Block("customer_after", "customer_after", "words", 1, 2, 0.5),
    Block("agent_before", "agent_before", "words", 1, 2, 0.5),
    Block("agent_after", "agent_after", "words", 1, 2, 0.5),
    Block("events_before", "events_before", "words", 1, 3, 0.5, plain=True),
    Block("events_after", "events_after", "words", 1, 3, 0.5, plain=True),
    Block("place", "place", "words", 1, 1, 0.5, plain=True),
)


def fields(turns: AgentTurns) -> Iterator[tuple[int, Block, Letters]]:
    """Each block with its number and the letters of its field, read once for each field."""
    read: dict[str, Letters] = {}
    for number, block in enumerate(BLOCKS):
        if block.field not in read:
            texts = _place(turns) if block.field == "place" else getattr(turns, block.field)
            read[block.field] = Letters.of(texts)
        yield number, block, read[block.field]


def _place(turns: AgentTurns) -> Column:
    """Where a turn stands and how long it is, as words: `startc` the agent's third turn, `enda` the last."""
    counts = {
        "start": turns.from_start,
        "end": turns.from_end,
        "words": _words(turns.text),
        "before": _words(turns.customer_before),
        "after": _words(turns.customer_after),
        "events": _stretches(turns.events_before, "\n"),
    }
    named = [_named(name, count) for name, count in counts.items()]
    return kernels.binary_join_element_wise(*named, pa.scalar(" ", pa.large_string()))


def _named(name: str, count: NDArray[np.int64]) -> Column:
    names: Column = pa.array([f"{name}{letter}" for letter in "abcdefghijklm"], pa.large_string())
    return names.take(pa.array(np.minimum(count, len(names) - 1)))


def _words(texts: Column) -> NDArray[np.int64]:
    return _stretches(texts, " ") + np.asarray(kernels.count_substring(texts, "\n"), dtype=np.int64)


def _stretches(texts: Column, between: str) -> NDArray[np.int64]:
    """How many stretches `between` cuts each text into; none of an empty one."""
    count = np.asarray(kernels.count_substring(texts, between), dtype=np.int64) + 1
    return np.where(np.asarray(kernels.equal(texts, pa.scalar("", pa.large_string()))), 0, count)
