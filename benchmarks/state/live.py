"""How long one conversation takes while it goes on, how many a second in batch, and how well phrases do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from figure import figure
from ruamel.yaml import YAML

from gracja.engine.state import read_states, states_so_far
from gracja.engine.tables import CONVERSATIONS

SENTENCES: Final = Path(__file__).parents[2] / "tests/engine/state/sentences.yaml"
TURNS: Final = [
    {"speaker": "customer" if number % 2 == 0 else "agent", "text": text}
    for number, text in enumerate(
        ("Hello, I need a ride to the airport please.", "Sure, what is your name?")
        + (
            "It's Ben, and please hurry, my flight leaves in two hours!",
            "One moment, I am looking for a driver.",
        )
        * 5
    )
]


def live() -> None:
    """The figures of time, and of the sentences written by hand."""
    for language in ("en", "pl"):
        states_so_far(TURNS, language)  # compiles
        spent = []
        for _ in range(50):
            begun = time.perf_counter()
            states_so_far(TURNS, language)
            spent.append(time.perf_counter() - begun)
        slow = float(np.quantile(spent, 0.95)) * 1000
        figure(f"states_so_far, 12 turns, {language}, p95", round(slow, 2), "ms", "< 5 ms", slow < 5)
    one = {"contact": "", "channel": "chat", "language": "en", "complete": True, "turns": TURNS}
    table = pa.Table.from_pylist([one] * 2000, schema=CONVERSATIONS)
    begun = time.perf_counter()
    read_states(table)
    spent_all = time.perf_counter() - begun
    figure("read_states, conversations a second", round(len(table) / spent_all), "of 12 turns")
    book: Any = YAML(typ="safe").load(SENTENCES)
    for half, languages in book.items():
        for language, kinds in languages.items():
            for kind, by_cue in kinds.items():
                right, count = _right(by_cue, language, kind)
                figure(f"sentences, {half}, {language}, {kind}", f"{right} of {count}")


def _right(by_cue: dict[str, list[str]], language: str, kind: str) -> tuple[int, int]:
    given = [(cue, sentence) for cue, sentences in by_cue.items() for sentence in sentences]
    found = [
        next(
            one.status
            for one in states_so_far([{"speaker": "customer", "text": said}], language)
            if one.state == cue
        )
        for cue, said in given
    ]
    return sum((status == "said") == (kind == "said") for status in found), len(given)
