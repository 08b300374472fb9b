"""Near misses: what resembles a standard's phrases in conversations where it was due and not met."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gracja.engine.words.tokens import Token, tokenise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR: Final = 0.28  # between UNLIKE and ALIKE of the `like:` sentences: worth a look, not a hit
SHOWN: Final = 6
_MOST_SENTENCES: Final = 8_000
_LONGEST_WINDOW: Final = 5
_SENTENCE: Final = re.compile(r"[^.!?\n]+[.!?]*")

Spot = tuple[int, int, int]


@dataclass(frozen=True)
class Resembling:
    """row: which conversation; spot: turn, start and end of the words; phrase: what to add to count them."""

    row: int
    spot: Spot
    side: str
    likeness: float
    phrase: str


def resembling(
    talks: Sequence[Mapping[str, Any]], said: Mapping[str, Sequence[str]], taken: set[tuple[int, int]]
) -> list[Resembling]:
    """The sentences most like the phrases, the likest first; of the same words one, of a conversation one.

    talks: rows of tables.CONVERSATIONS. said: phrases as they sound, by speaker. taken: (row, turn) where
    a phrase was heard, at another moment than the standard asks for.
    """
    found = [
        one
        for side, phrases in said.items()
        for one in _resembling(_sentences(talks, side, taken), side, phrases)
    ]
    return sorted(found, key=lambda one: -one.likeness)


def _resembling(said: list[tuple[Spot, str]], side: str, phrases: Sequence[str]) -> Iterator[Resembling]:
    scores = _alike(phrases, [text for _, text in said])
    rows, words = set[int](), set[str]()
    for at in sorted(range(len(said)), key=lambda at: -scores[at]):
        if scores[at] < NEAR:
            return
        (row, number, start), text = said[at]
        key = " ".join(token.folded for token in tokenise(text))
        known = row in rows or key in words
        rows.add(row)
        words.add(key)
        low, high, phrase = (0, 0, "") if known else _window(text, phrases)
        if phrase:
            yield Resembling(row, (number, start + low, start + high), side, float(scores[at]), phrase)


def _sentences(
    talks: Sequence[Mapping[str, Any]], side: str, taken: set[tuple[int, int]]
) -> list[tuple[Spot, str]]:
    """((row, turn, where it starts), text) of each sentence of this side, of the newest talks first."""
    found: list[tuple[Spot, str]] = []
    for row, talk in enumerate(talks):
        for number, turn in enumerate(talk["turns"]):
            if turn["speaker"] == side and (row, number) not in taken:
                found += [
                    ((row, number, match.start()), match.group())
                    for match in _SENTENCE.finditer(turn["text"])
                ]
        if len(found) > _MOST_SENTENCES:
            break
    return found


def _window(text: str, phrases: Sequence[str]) -> tuple[int, int, str]:
    """The few words of a sentence that are most like a phrase: where they stand, and as a phrase."""
    tokens = tokenise(text)
    longest = min(_LONGEST_WINDOW, max(len(tokenise(phrase)) for phrase in phrases) + 1)
    windows: list[Sequence[Token]] = [
        tokens[at : at + size]
        for size in range(min(2, longest), longest + 1)
        for at in range(len(tokens) - size + 1)
    ]
    if not windows:
        windows = [tokens]
    if not tokens:
        return 0, 0, ""
    scores = _alike(phrases, [" ".join(token.text for token in window) for window in windows])
    best = windows[max(range(len(windows)), key=lambda at: (round(float(scores[at]), 3), -len(windows[at])))]
    words = ["{number}" if token.text.isdecimal() else token.text for token in best]
    return best[0].start, best[-1].end, " ".join(words)


def _alike(phrases: Sequence[str], texts: list[str]) -> NDArray[np.float64]:
    from gracja.engine.detect.learned.similarity import likeness  # noqa: PLC0415  (loads as long as a page)

    return likeness(list(phrases), texts)
