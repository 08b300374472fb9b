"""What every code point is to a word, and what it folds to: the tables that the compiled scan reads.

They are filled from `words.tokens` itself, block by block as texts need them, so that the scan cuts and
folds exactly as the readable code does.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import numpy as np

from gracja.engine.detect.scan.numbers import Array
from gracja.engine.words.tokens import APOSTROPHES, fold

OTHER: Final = 0
LETTER: Final = 1
DIGIT: Final = 2
APOSTROPHE: Final = 3
MARK: Final = 4  # a combining mark: it belongs to the letter before it
CLASS_BITS: Final = 7
UPPER: Final = 8
SPACE: Final = 16

BLOCK: Final = 256
_CODE_POINTS: Final = 0x110000
_AT_FIRST: Final = 0x3100 // BLOCK  # Latin, Greek, Cyrillic ... up to the kana: all spaces are there


class Letters:
    """Tables over all code points.

    kinds: uint8[0x110000], one of the classes above with the UPPER and SPACE bits. folded: int32[0x110000],
    the code point that it folds to, or -1 - n where it folds to the n-th of `several`, and 0 where it folds
    to nothing. glues: bool[256], bytes behind a word that may make a name of it. several:
    int32[n, 2], start and end in `spelt` (int32 code points). known: bool[blocks].
    """

    def __init__(self) -> None:
        self.kinds = np.zeros(_CODE_POINTS, np.uint8)
        self.folded = np.zeros(_CODE_POINTS, np.int32)
        self.known = np.zeros(_CODE_POINTS // BLOCK, np.bool_)
        self._several: list[tuple[int, int]] = []
        self._spelt: list[int] = []
        self.learn([*range(_AT_FIRST)])
        self.glues = np.array([chr(b) in "-_'0123456789" or b > 127 for b in range(256)], np.bool_)

    def tables(self) -> tuple[Array, ...]:
        """As `cut_words` takes them."""
        return self.glues, self.kinds, self.folded, self.several, self.spelt, self.known

    def learn(self, blocks: list[int]) -> None:
        """Fill the tables for these blocks of 256 code points."""
        for block in blocks:
            if not self.known[block]:
                self._learn(block)
        self.several = np.array(self._several or [(0, 0)], np.int32)
        self.spelt = np.array(self._spelt or [0], np.int32)

    def _learn(self, block: int) -> None:
        for code in range(block * BLOCK, (block + 1) * BLOCK):
            character = chr(code)
            self.kinds[code] = _kind(character)
            folded = fold(character) if not 0xD800 <= code <= 0xDFFF else ""
            if len(folded) == 1:
                self.folded[code] = ord(folded)
            elif folded:
                self.folded[code] = -1 - len(self._several)
                self._several.append((len(self._spelt), len(self._spelt) + len(folded)))
                self._spelt.extend(map(ord, folded))
        self.known[block] = True


def _kind(character: str) -> int:
    if character.isdecimal():
        kind = DIGIT
    elif character.isalnum():
        kind = LETTER
    elif character in APOSTROPHES:
        kind = APOSTROPHE
    else:
        kind = MARK if unicodedata.combining(character) else OTHER
    return kind | (UPPER if character.isupper() else 0) | (SPACE if character.isspace() else 0)


@cache
def letters() -> Letters:
    """The tables of this process: filled once, grown where a text needs more."""
    return Letters()
