"""Runs of letters and of words, each known by a number of 64 bits; compiled, for millions of turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gracja.engine.compiled import compiled
from gracja.engine.detect.learned.letters import Letters
from gracja.engine.detect.scan.numbers import Array, Number

Numbers = NDArray[np.int64]
# signed, because numba makes a float of an unsigned and a signed whole number
_OFFSET: Final = np.int64(14695981039346656037 - 2**64)
_PRIME: Final = np.int64(1099511628211)
_SPACE: Final = np.uint32(32)
_CALL: Final = np.uint32(33)  # ! and ? are words of their own, and no letters
_ASK: Final = np.uint32(63)


@dataclass(frozen=True)
class Grams:
    """The n-grams of texts in their order, repeats included, shape (m,).

    key: the n-gram's number. start, end: its place in `Letters.codes`; what is no letter there reads as a
    space. rows: text i has the n-grams from rows[i] up to rows[i + 1].
    """

    key: Numbers
    start: Numbers
    end: Numbers
    rows: Numbers


def grams(letters: Letters, *, seed: int, by_letter: bool, lowest: int, highest: int) -> Grams:
    """Runs of `lowest` to `highest` letters in words with a space at either end, or of that many words.

    seed: a number of the block, so that the same letters elsewhere are another n-gram.
    """
    most = len(letters.codes) * (highest - lowest + 1) * (2 if by_letter else 1)
    found = np.empty((3, most), dtype=np.int64)
    rows = np.zeros(len(letters.starts), dtype=np.int64)
    runs = _letter_runs if by_letter else _word_runs
    many = runs(letters.codes, letters.starts, seed, lowest, highest, found, rows)
    return Grams(found[0, :many], found[1, :many], found[2, :many], rows)


def keys_of(names: Letters, seeds: Numbers) -> Numbers:
    """The numbers of n-grams given by name, one text each, with the seed of the block of each."""
    keys = np.empty(len(seeds), dtype=np.int64)
    _keys(names.codes, names.starts, seeds, keys)
    return keys


def name_of(letters: Letters, start: int, end: int, *, by_letter: bool) -> str:
    """How an n-gram reads; by this name `keys_of` finds its number again."""
    read = "".join(chr(code) for code in letters.codes[max(start, 0) : end])
    if by_letter:
        return " " * int(start < 0) + read.replace("?", " ").replace("!", " ")
    return " ".join(read.replace("?", " ? ").replace("!", " ! ").split())


@compiled()
def _mixed(key: Number, code: Number) -> Number:
    """One step of FNV-1a, over a whole code point."""
    return (key ^ np.int64(code)) * _PRIME


@compiled()
def _seeded(seed: Number) -> Number:
    return _mixed(_mixed(_OFFSET, seed), 0x110000)


@compiled()
def _word_end(codes: Array, at: Number, end: Number) -> Number:
    if codes[at] == _ASK or codes[at] == _CALL:
        return at + 1
    while at < end and codes[at] != _SPACE and codes[at] != _ASK and codes[at] != _CALL:
        at += 1
    return at


@compiled()
def _word_runs(
    codes: Array, starts: Array, seed: Number, lowest: int, highest: int, found: Array, rows: Array
) -> int:
    n = 0
    for row in range(len(starts) - 1):
        end = starts[row + 1]
        begin = starts[row]
        while begin < end:
            if codes[begin] == _SPACE:
                begin += 1
                continue
            following = _word_end(codes, begin, end)
            mixed, at, words = _seeded(seed), begin, 0
            while at < end and words < highest:
                if codes[at] == _SPACE:
                    at += 1
                    continue
                if words:
                    mixed = _mixed(mixed, _SPACE)
                word_end = _word_end(codes, at, end)
                for i in range(at, word_end):
                    mixed = _mixed(mixed, codes[i])
                at = word_end
                words += 1
                if words >= lowest:
                    found[0, n], found[1, n], found[2, n] = mixed, begin, at
                    n += 1
            begin = following
        rows[row + 1] = n
    return n


@compiled()
def _letter_runs(
    codes: Array, starts: Array, seed: Number, lowest: int, highest: int, found: Array, rows: Array
) -> int:
    n = 0
    for row in range(len(starts) - 1):
        end = starts[row + 1]
        begin = starts[row]
        while begin < end:
            if codes[begin] == _SPACE or codes[begin] == _ASK or codes[begin] == _CALL:
                begin += 1
                continue
            word_end = _word_end(codes, begin, end)
            for start in range(begin - 1, word_end):
                mixed = _seeded(seed)
                for i in range(start, min(start + highest, word_end + 1)):
                    mixed = _mixed(mixed, codes[i] if begin <= i < word_end else _SPACE)
                    if i - start + 1 >= lowest:
                        found[0, n], found[1, n], found[2, n] = mixed, start, i + 1
                        n += 1
            begin = word_end
        rows[row + 1] = n
    return n


@compiled()
def _keys(codes: Array, starts: Array, seeds: Array, keys: Array) -> None:
    for row in range(len(seeds)):
        mixed = _seeded(seeds[row])
        for i in range(starts[row], starts[row + 1] - 1):  # without the space that ends a text
            mixed = _mixed(mixed, codes[i])
        keys[row] = mixed
