"""Texts as arrays of plain letters: what n-grams are cut from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gracja.engine.detect.scan.numbers import Column, kernels
from gracja.engine.words.tokens import APOSTROPHES, fold

Codes = NDArray[np.uint32]
DROPPED: Final = 0
SPACE: Final = ord(" ")


@dataclass(frozen=True)
class Letters:
    """Texts one behind the other: text i is codes[starts[i]:starts[i + 1]], which ends with a space.

    A letter has lost its case and its marks, as for phrases; every digit is 0, so that no number is ever
    learned; ? and ! stay; an apostrophe is gone (dont, don't); all else is a space.
    """

    codes: Codes
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Column) -> Letters:
        """texts: strings without nulls, shape (n,)."""
        raw = _code_points(texts)
        lengths = np.asarray(kernels.utf8_length(texts), dtype=np.int64) + 1
        codes = _plain(raw)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        dropped = np.flatnonzero(codes == DROPPED)
        return cls(np.delete(codes, dropped), starts - np.searchsorted(dropped, starts))


def _code_points(texts: Column) -> Codes:
    words: Column = pa.ListArray.from_arrays(
        pa.array([0, len(texts)], pa.int32()), texts.cast(pa.large_string())
    )
    joined = kernels.binary_join(words, pa.scalar(" ", pa.large_string()))[0].as_py()
    return np.frombuffer((joined + " " * bool(len(texts))).encode("utf-32-le"), dtype=np.uint32)


def _plain(raw: Codes) -> Codes:
    foreign = np.flatnonzero(raw > 127)
    if not len(foreign):
        return _ASCII[raw]
    plain = _ASCII[np.minimum(raw, 127)]
    found, which = np.unique(raw[foreign], return_inverse=True)
    plain[foreign] = np.array([_letter(chr(code)) for code in found], dtype=np.uint32)[which]
    return plain


def _letter(char: str) -> int:
    if char in APOSTROPHES or unicodedata.combining(char):
        return DROPPED
    if char in "?!":
        return ord(char)
    if char.isdigit():
        return ord("0")
    if not char.isalpha():
        return SPACE
    # a ligature keeps its first letter, so that a text never grows
    return ord((fold(char) or char)[0])


_ASCII: Final = np.array([_letter(chr(code)) for code in range(128)], dtype=np.uint32)
