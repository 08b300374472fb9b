"""What is scanned: STAR's turns, the demo's Polish ones among them, and Polish turns full of hits."""

from __future__ import annotations

from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random

from convert import conversation, dialogues

from gracja.demo.company import demo_company

SEED = 2026
POLISH_IN_EVERY = 3  # a third of the mixed turns are Polish
FILLERS = (
    "no tak", "jasne", "już sprawdzam", "w naszym salonie", "jutro o piętnastej", "pani Anno",
    "to będzie dla nas drobiazg", "moment", "w poniedziałek", "zaraz wracam", "mamy wolne terminy",
)  # fmt: skip
SAID = (
    "Dzień dobry", "witamy", "dziękuję", "Dziękujemy", "proszę", "Miłego dnia", "zapraszam", "rozumiem",
    "do zobaczenia", "W czym mogę Pani pomóc", "przepraszam", "niestety", "czy mogę Panu coś jeszcze",
    "chwileczkę", "zgadza się", "od razu", "Do widzenia", "dzieki", "prosze", "coś jeszcze",
)  # fmt: skip


@cache
def star_turns(data: Path) -> list[str]:
    """Every turn of agent or customer with words in it, as it was typed."""
    return [
        turn["text"]
        for dialogue in dialogues(data)
        for turn in conversation(dialogue)["turns"]
        if turn["speaker"] in ("agent", "customer") and turn["text"]
    ]


@cache
def polish_turns() -> list[str]:
    """The Polish turns of the demo company: written by us, so never a measure of quality, only of speed."""
    table = demo_company(SEED).conversations
    return [
        turn["text"]
        for row in table.to_pylist()
        if row["language"] == "pl"
        for turn in row["turns"]
        if turn["speaker"] in ("agent", "customer") and turn["text"]
    ]


def mixed_turns(data: Path) -> list[str]:
    """STAR's turns with a Polish one, in turn, after every second."""
    polish = cycle(polish_turns())
    turns: list[str] = []
    for number, turn in enumerate(star_turns(data), start=1):
        turns.append(turn)
        if number % (POLISH_IN_EVERY - 1) == 0:
            turns.append(next(polish))
    return turns


def dense_turns(count: int) -> list[str]:
    """Polish turns with three things that phrases look for, no two sentences in the same order."""
    random = Random(SEED)  # noqa: S311  (a benchmark, not a lottery)
    turns = []
    for _ in range(count):
        said, fillers = random.sample(SAID, 3), random.sample(FILLERS, 3)
        turns.append(", ".join(f"{a} {b}" for a, b in zip(said, fillers, strict=True)) + ".")
    return turns
