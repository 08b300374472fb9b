"""The turns of some conversations, as far as customer state looks at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from gracja.engine.detect.rules.talks import CUSTOMER, Talks
from gracja.engine.detect.scan import Texts
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.state.phrases import LANGUAGES


@dataclass(frozen=True)
class Turns:
    """first int64[talks + 1]: where each conversation's turns begin; talk_of int64[turns]; texts: the words.

    language: int64[turns], number in LANGUAGES of what a customer says; below 0: a turn that is not read.
    """

    first: Array
    talk_of: Array
    texts: Texts
    language: Array

    def __len__(self) -> int:
        return len(self.first) - 1

    def length(self, turn: int) -> int:
        """Code points of a turn."""
        return len(self.texts.array[turn].as_py())

    @classmethod
    def of(cls, talks: Talks, until_turn: Sequence[int | None] | None) -> Turns:
        """The customers' turns of a batch, each conversation's only before the turn `until_turn`."""
        turns = int(talks.first[-1])
        talk_of = talks.talk_of[:turns]
        read = talks.speaker[:turns] == CUSTOMER
        if until_turn is not None:
            ends = np.array([turns if end is None else end for end in until_turn], dtype=np.int64)
            read &= np.arange(turns) - talks.first[talk_of] < ends[talk_of]
        known = np.array([LANGUAGES.index(n) if n in LANGUAGES else -1 for n in talks.language.names] + [-1])
        return cls(talks.first, talk_of, talks.texts, np.where(read, known[talks.language.code][talk_of], -1))

    @classmethod
    def of_one(cls, turns: Sequence[Mapping[str, Any]], language: str | None) -> Turns:
        """One conversation, without the detour over a table."""
        short = (language or "").replace("_", "-").split("-")[0].lower()
        number = LANGUAGES.index(short) if short in LANGUAGES else -1
        return cls(
            np.array([0, len(turns)]),
            np.zeros(len(turns), np.int64),
            Texts.of(pa.array([turn["text"] for turn in turns], pa.large_string())),
            np.array([number if turn["speaker"] == "customer" else -1 for turn in turns], np.int64),
        )
