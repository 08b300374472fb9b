"""Compiled: cut a buffer of texts into words, and say of each word whether a phrase may want it.

One pass over UTF-8 bytes. A word's folded letters are hashed as they go by (64 bits, FNV-1a), so that a
trailing `*` costs one look-up at the lengths where some phrase's beginning ends, and nothing elsewhere.
"""

from __future__ import annotations

from typing import Final

import numba as nb
import numpy as np

from gracja.engine.detect.scan.letters import APOSTROPHE, BLOCK, CLASS_BITS, DIGIT, LETTER, MARK, UPPER
from gracja.engine.detect.scan.numbers import Array, Number

SEED: Final = np.uint64(14695981039346656037)
PRIME: Final = np.uint64(1099511628211)
IS_DIGITS: Final = 1
IS_CAPITALISED: Final = 2
IS_GLUED: Final = 4  # a hyphen, figure, apostrophe or underscore follows at once
NOT_KNOWN: Final = -1  # a word that some phrase may want, seen for the first time
LONGEST_BEGINNING: Final = 63
_BLOCK: Final = BLOCK
_LOWER_A: Final = 0x61
_STRAIGHT: Final = 0x27
_ASCII: Final = np.uint64(0x9E3779B97F4A7C15)  # an ASCII word is spelt as it folds, but for its case


@nb.njit(cache=True, inline="always")
def mixed(digest: Number, code: Number) -> Number:
    return (digest ^ np.uint64(code)) * PRIME


@nb.njit(cache=True, inline="always")
def slot_of(digest: Number, mask: Number) -> Number:
    """Where the search for a digest begins: FNV's low bits alone are poor."""
    return (digest ^ (digest >> np.uint64(29)) ^ (digest >> np.uint64(47))) & mask


@nb.njit(cache=True, inline="always")
def found_at(keys: Array, digest: Number) -> Number:
    """Where a digest stands in an open table of 2**n keys (0: free), or -1."""
    mask = np.uint64(keys.size - 1)
    at = slot_of(digest, mask)
    while keys[at] != 0:
        if keys[at] == digest:
            return np.int64(at)
        at = (at + np.uint64(1)) & mask
    return np.int64(-1)


@nb.njit(cache=True)
def put(keys: Array, values: Array, digests: Array, numbers: Array) -> None:
    """Enter digests with their numbers; the table has room."""
    mask = np.uint64(keys.size - 1)
    for index in range(digests.size):
        at = slot_of(digests[index], mask)
        while keys[at] != 0 and keys[at] != digests[index]:
            at = (at + np.uint64(1)) & mask
        keys[at] = digests[index]
        values[at] = numbers[index]


@nb.njit(cache=True, inline="always")
def decoded(data: Array, at: Number) -> tuple[int, int]:
    """The code point at a byte of valid UTF-8, and how many bytes it takes."""
    first = int(data[at])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        return (first & 0x1F) << 6 | (int(data[at + 1]) & 0x3F), 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | (int(data[at + 1]) & 0x3F) << 6 | (int(data[at + 2]) & 0x3F), 3
    return (
        (first & 0x07) << 18
        | (int(data[at + 1]) & 0x3F) << 12
        | (int(data[at + 2]) & 0x3F) << 6
        | (int(data[at + 3]) & 0x3F)
    ), 4


@nb.njit(cache=True)
def word_from(
    data: Array,
    at: Number,
    behind: Number,
    kinds: Array,
    folded: Array,
    several: Array,
    spelt: Array,
    known: Array,
    beginnings: Array,
    lengths: Number,
    missing: Array,
) -> tuple[Number, int, Number, bool]:
    """The word at a byte: (byte behind it, its code points, its folded digest, whether it is wanted)."""
    digest, length, candidate, place = SEED, 0, False, 0
    code, width = decoded(data, at)
    inside = kinds[code] & CLASS_BITS
    while True:
        fold = folded[code]
        pieces = 1 if fold >= 0 else several[-1 - fold, 1] - several[-1 - fold, 0]
        for piece in range(pieces if fold != 0 else 0):
            digest = mixed(digest, fold if fold > 0 else spelt[several[-1 - fold, 0] + piece])
            length += 1
            if length <= LONGEST_BEGINNING and (lengths >> np.uint64(length)) & np.uint64(1):
                candidate = candidate or found_at(beginnings, digest) >= 0
        at += width
        place += 1
        if at >= behind:
            break
        code, width = decoded(data, at)
        if not known[code // _BLOCK]:
            missing[code // _BLOCK] = True
        what = kinds[code] & CLASS_BITS
        if inside == DIGIT:
            goes_on = what == DIGIT
        elif what == APOSTROPHE and at + width < behind:
            following, _ = decoded(data, at + width)
            goes_on = kinds[following] & CLASS_BITS == LETTER
        else:
            goes_on = what == LETTER or what == MARK  # noqa: PLR1714  (compiled: no tuple)
        if not goes_on:
            break
    return at, place, digest, candidate


@nb.njit(cache=True, nogil=True)
def cut_words(
    data: Array,  # uint8: the texts, joined
    offsets: Array,  # int64[n + 1]: where each text begins
    chosen: Array,  # int64: which texts
    plain: Array,  # uint8[256]: see Letters
    glues: Array,  # bool[256]
    kinds: Array,
    folded: Array,
    several: Array,
    spelt: Array,
    known: Array,
    wanted: Array,  # uint64: digests of folded words
    beginnings: Array,  # uint64: digests of folded beginnings
    lengths: Number,  # bit n: some beginning has n code points
    every: bool,  # whether every word is wanted: any may begin a slot
    types: Array,  # uint64: digests of the spellings seen before, and ...
    type_class: Array,  # ... their classes
    first: Array,  # out, int64[chosen + 1]: the first word of each text
    start: Array,  # out, int32: code points
    end: Array,
    word_class: Array,  # out, int32
    flags: Array,  # out, uint8
    unknown: Array,  # out, int64[., 3]: word, first byte, byte behind
    unknown_digest: Array,  # out, uint64
    missing: Array,  # out, bool[blocks]: blocks of code points to be learnt
) -> tuple[int, int, bool]:
    """(words, unknown words, whether all fitted); a text with letters of an unlearnt block is cut in vain."""
    words = 0
    unknowns = 0
    longest = LONGEST_BEGINNING if lengths else 0
    for index in range(chosen.size):
        first[index] = words
        at = offsets[chosen[index]]
        behind = offsets[chosen[index] + 1]
        if words + (behind - at) > start.size:
            return words, unknowns, False
        place = 0  # in code points
        while at < behind:
            letter = plain[data[at]]
            if letter == 1:
                at += 1
                place += 1
                continue
            begins = at
            digest, length, candidate = SEED, 0, False
            while letter > 1:
                digest = mixed(digest, np.int64(letter))
                length += 1
                if length <= longest and (lengths >> np.uint64(length)) & np.uint64(1):
                    candidate = candidate or found_at(beginnings, digest) >= 0
                at += 1
                letter = plain[data[at]] if at < behind else np.uint8(1)
            flag = IS_CAPITALISED if data[begins] < _LOWER_A else 0
            spelling = digest ^ _ASCII
            if letter == 0 or (at < behind and data[at] == _STRAIGHT):
                # a word with other letters, an apostrophe or figures: the long way
                code, width = decoded(data, begins)
                if not known[code // _BLOCK]:
                    missing[code // _BLOCK] = True
                kind = kinds[code]
                if kind & CLASS_BITS != LETTER and kind & CLASS_BITS != DIGIT:
                    at += width
                    place += 1
                    continue
                at, length, digest, candidate = word_from(
                    data, begins, behind, kinds, folded, several, spelt, known, beginnings, lengths, missing
                )
                flag = IS_DIGITS if kind & CLASS_BITS == DIGIT else 0
                if kind & UPPER:
                    flag |= IS_CAPITALISED
                spelling = SEED
                for byte in range(begins, at):
                    spelling = mixed(spelling, np.int64(data[byte]))
            if at < behind and glues[data[at]]:
                flag |= IS_GLUED
            start[words] = place
            place += length
            end[words] = place
            flags[words] = flag
            word_class[words] = 0
            if candidate or every or found_at(wanted, digest) >= 0:
                seen = found_at(types, spelling)
                if seen >= 0:
                    word_class[words] = type_class[seen]
                else:
                    word_class[words] = NOT_KNOWN
                    unknown[unknowns, 0] = words
                    unknown[unknowns, 1] = begins
                    unknown[unknowns, 2] = at
                    unknown_digest[unknowns] = spelling
                    unknowns += 1
            words += 1
    first[chosen.size] = words
    return words, unknowns, True
