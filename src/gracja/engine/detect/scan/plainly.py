"""Compiled: words of ASCII letters, eight bytes at a time.

Most words of both languages are such. Eight bytes are loaded as one number, checked and folded together,
so that a word costs a few operations, and no branch that a processor could guess wrong.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.detect.scan.numbers import Array, Number

EIGHT: Final = 8
_LOWER: Final = np.uint64(0x2020202020202020)
_HIGH: Final = np.uint64(0x8080808080808080)
_TO_A: Final = np.uint64(0x1F1F1F1F1F1F1F1F)  # 0x80 - ord("a")
_PAST_Z: Final = np.uint64(0x0505050505050505)  # 0x80 - ord("z") - 1
_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_MORE: Final = np.uint64(0xC2B2AE3D27D4EB4F)


def eights(data: Array) -> Array:
    """Every eight bytes that follow one another, as numbers: uint64[n - 7], over the same memory."""
    if data.size < EIGHT:
        data = np.concatenate([data, np.zeros(EIGHT, np.uint8)])
    return np.ndarray((data.size - EIGHT + 1,), "<u8", data, strides=(1,))


@compiled()
def made_of_words(data: Array, begin: int, behind: int) -> Array:
    """bool[n + 1]: where runs of bytes that words are made of begin or end: all but ASCII signs, spaces."""
    edges = np.empty(behind - begin + 1, np.bool_)
    before = False
    for index in range(begin, behind):
        byte = data[index]
        letter = np.uint8((byte | np.uint8(0x20)) - np.uint8(0x61)) < np.uint8(26)
        figure = np.uint8(byte - np.uint8(0x30)) < np.uint8(10)
        inside = letter | figure | (byte > np.uint8(0x7F)) | (byte == np.uint8(0x27))
        edges[index - begin] = inside != before
        before = inside
    edges[behind - begin] = before
    return edges


@compiled(inline="always")
def first_bytes(chunk: Number, count: Number) -> Number:
    """The first `count` (1 to 8) bytes of a chunk, the others 0."""
    return chunk & (_ALL >> np.uint64(64 - 8 * count))


@compiled(inline="always")
def all_letters(chunk: Number, count: Number) -> Number:
    """Whether the first `count` bytes of a chunk are ASCII letters."""
    low = chunk | _LOWER
    letters = (low + _TO_A) & ~(low + _PAST_Z) & ~chunk & _HIGH
    return first_bytes(letters, count) == first_bytes(_HIGH, count)


@compiled(inline="always")
def folded(chunk: Number, count: Number) -> Number:
    """The first `count` letters of a chunk in lower case."""
    return first_bytes(chunk | _LOWER, count)


@compiled(inline="always")
def stirred(digest: Number, chunk: Number) -> Number:
    """A digest with eight more bytes in it."""
    digest = (digest ^ chunk) * _MIX
    return digest ^ (digest >> np.uint64(29))


@compiled()
def digest_of_letters(chunks: Array, begin: Number, count: Number) -> Number:
    """The digest of a word of ASCII letters, whatever their case."""
    digest = np.uint64(count) * _MIX_MORE
    while count > EIGHT:
        digest = stirred(digest, chunks[begin] | _LOWER)
        begin += EIGHT
        count -= EIGHT
    return stirred(digest, folded(chunks[begin], count))


@compiled(inline="always")
def digest_of_beginning(chunk: Number, count: Number) -> Number:
    """The digest of the first `count` (1 to 8) letters of a word, which no word's own digest equals."""
    return stirred(np.uint64(count) * _MIX, folded(chunk, count))
