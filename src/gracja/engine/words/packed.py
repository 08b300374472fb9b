"""Compiled: the forms of a lemma from simplemma's packed dictionary, read in one pass.

Unpacking 180,000 English words into Python takes most of a second, and an edition asks for a few lemmas.
"""

from __future__ import annotations

import lzma
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gracja.engine.compiled import compiled

_MAGIC: Final = b"SMFC1"  # the form that is known here
_REVERSED: Final = 1
_SAME_AS_PREVIOUS: Final = 254
_LITERAL: Final = 255
_LONGEST: Final = 1 << 10  # bytes of a word
_SEED: Final = np.uint64(14695981039346656037)
_PRIME: Final = np.uint64(1099511628211)
_A: Final = 0x41
_Z: Final = 0x5A
_CASE: Final = 0x20
_ASCII: Final = 0x80


class Packed:
    """Words by their lemmas. digest: uint64, of each word's lemma in small letters (FNV-1a)."""

    def __init__(self, words: bytes, first: NDArray[np.int64], digest: NDArray[np.uint64]) -> None:
        self._words, self._first, self.digest = words, first, digest
        self._others: defaultdict[str, list[str]] = defaultdict(list)

    def __len__(self) -> int:
        return self.digest.size

    def forms(self, lemma: str) -> Iterator[str]:
        """Every word of this lemma (small letters), in small letters; none for an unknown one."""
        if not lemma.isascii():
            yield from self._others.get(lemma, ())
            return
        wanted = _digest_of(np.frombuffer(lemma.encode(), np.uint8), 0, len(lemma))
        for word in np.flatnonzero(self.digest == wanted):
            yield self.word(int(word))

    def word(self, number: int) -> str:
        return self._words[self._first[number] : self._first[number + 1]].decode().lower()

    def enter(self, number: int, lemma: str) -> None:
        """A lemma with letters that only Python can make small."""
        self._others[lemma].append(self.word(number))


@cache
def packed(language: str) -> Packed | None:
    """The dictionary of a language; None where there is none, or it is packed in another way than known."""
    found = find_spec("simplemma")
    folder = Path(found.origin).parent if found and found.origin else Path()
    path = folder / "strategies" / "dictionaries" / "data" / f"{language}.plzma"
    if not path.is_file():
        return None
    return unpacked(lzma.decompress(path.read_bytes()))


def unpacked(data: bytes) -> Packed | None:
    """As `packed`, from the bytes of a dictionary."""
    if data[: len(_MAGIC)] != _MAGIC or data[len(_MAGIC)] & _REVERSED:
        return None
    count, at = _count(data, len(_MAGIC) + 1)
    room = 64 * count + _LONGEST
    words, lemmas = np.empty(room, np.uint8), np.empty(room, np.uint8)
    first, lemma_first = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    digest, plain = np.empty(count, np.uint64), np.empty(count, np.bool_)
    read = _unpack(np.frombuffer(data, np.uint8), at, words, first, lemmas, lemma_first, digest, plain)
    if read != count:
        return None
    whole = Packed(words[: first[-1]].tobytes(), first, digest)
    for number in np.flatnonzero(~plain).tolist():
        lemma = lemmas[lemma_first[number] : lemma_first[number + 1]].tobytes().decode()
        whole.enter(number, lemma.lower())
    return whole


def _count(data: bytes, at: int) -> tuple[int, int]:
    number, bits = 0, 0
    while True:
        number |= (data[at] & 0x7F) << bits
        at += 1
        if data[at - 1] < _ASCII:
            return number, at
        bits += 7


@compiled()
def _digest_of(data: Any, begin: Any, behind: Any) -> Any:
    digest = _SEED
    for index in range(begin, behind):
        byte = data[index]
        if _A <= byte <= _Z:
            byte |= _CASE
        digest = (digest ^ np.uint64(byte)) * _PRIME
    return digest


@compiled()
def _number(data: Any, at: Any) -> Any:
    """(a number of seven bits a byte, the place behind it); the place is behind the data where it is cut."""
    number, bits = 0, 0
    while at < data.size:
        byte: Any = np.int64(data[at])
        number |= (byte & 0x7F) << bits
        at += 1
        if byte < _ASCII:
            return number, at
        bits += 7
    return 0, data.size + 1


@compiled()
def _unpack(  # noqa: C901, PLR0912  (one pass over bytes, of which calls would cost more than the work)
    data: Any,
    at: Any,
    words: Any,  # out, uint8: all words, joined
    first: Any,  # out, int64[n + 1]
    lemmas: Any,  # out
    lemma_first: Any,  # out
    digest: Any,  # out, uint64[n]
    plain: Any,  # out, bool[n]: whether the lemma is ASCII
) -> Any:
    """How many words there were; -1 where this is not the known form.

    Each word is so many bytes of the one before and some new ones; its lemma is the word but for so many
    bytes at its end, with others in their place, or the lemma before, or a word of its own.
    """
    count, size, lemma_size = 0, 0, 0
    while at < data.size:
        if (
            count >= digest.size
            or size + 2 * _LONGEST > words.size
            or lemma_size + 2 * _LONGEST > lemmas.size
        ):
            return -1
        shared, at = _number(data, at)
        new, at = _number(data, at)
        if at + new >= data.size or shared + new > _LONGEST:
            return -1
        before = first[count - 1] if count else 0
        if before + shared > size:
            return -1
        for index in range(shared):
            words[size + index] = words[before + index]
        for index in range(new):
            words[size + shared + index] = data[at + index]
        begin, size = size, size + shared + new
        at += new
        cut = np.int64(data[at])
        at += 1
        lemma_begin = lemma_size
        if cut == _SAME_AS_PREVIOUS:
            for index in range(lemma_first[count - 1] if count else 0, lemma_begin):
                lemmas[lemma_size] = lemmas[index]
                lemma_size += 1
        else:
            new, at = _number(data, at)
            kept = 0 if cut == _LITERAL else size - begin - cut
            if at + new > data.size or kept < 0 or kept + new > _LONGEST:
                return -1
            for index in range(kept):
                lemmas[lemma_size + index] = words[begin + index]
            for index in range(new):
                lemmas[lemma_size + kept + index] = data[at + index]
            lemma_size += kept + new
            at += new
        digest[count] = _digest_of(lemmas, lemma_begin, lemma_size)
        plain[count] = True
        for index in range(lemma_begin, lemma_size):
            plain[count] &= lemmas[index] < _ASCII
        first[count], lemma_first[count] = begin, lemma_begin
        count += 1
        first[count], lemma_first[count] = size, lemma_size
    return count
