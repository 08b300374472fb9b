"""Compiled: cut a buffer of texts into words, and say of each word whether a phrase may want it.

One pass over runs of UTF-8 bytes that words are made of. Plain words go eight bytes at a time; of others the
folded letters are hashed one by one (64 bits, FNV-1a). A trailing `*` costs one look-up at the lengths where
some phrase's beginning ends, and nothing elsewhere.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.detect.scan.letters import APOSTROPHE, BLOCK, CLASS_BITS, DIGIT, LETTER, MARK, UPPER
from gracja.engine.detect.scan.numbers import Array, Number
from gracja.engine.detect.scan.plainly import EIGHT, all_letters, digest_of_beginning, digest_of_letters

SEED: Final = np.uint64(14695981039346656037)
PRIME: Final = np.uint64(1099511628211)
IS_DIGITS: Final = 1
IS_CAPITALISED: Final = 2
IS_GLUED: Final = 4  # a hyphen, figure, apostrophe or underscore follows at once
NOT_KNOWN: Final = -1  # a word that some phrase may want, seen for the first time
LONGEST_BEGINNING: Final = 63
_BLOCK: Final = BLOCK
_LOWER_A: Final = 0x61
_CASE: Final = 0x20
_EIGHT: Final = EIGHT
RECENT: Final = 1 << 14  # plain words whose class is at hand, each at the place that its digest names
_RECENT_AT: Final = np.uint64(RECENT - 1)
_MOST_CLASSES: Final = (1 << 20) - 1
_CLASS: Final = np.uint64(_MOST_CLASSES)  # the bits that hold class + 1; all above are the digest's
_PLAINLY: Final = np.uint64(0x5851F42D4C957F2D)  # a plain word is spelt as it folds, but for its case


@compiled(inline="always")
def mixed(digest: Number, code: Number) -> Number:
    return (digest ^ np.uint64(code)) * PRIME


@compiled(inline="always")
def slot_of(digest: Number, mask: Number) -> Number:
    """Where the search for a digest begins: FNV's low bits alone are poor."""
    return (digest ^ (digest >> np.uint64(29)) ^ (digest >> np.uint64(47))) & mask


@compiled(inline="always")
def found_at(keys: Array, digest: Number) -> Number:
    """Where a digest stands in an open table of 2**n keys (0: free), or -1."""
    mask = np.uint64(keys.size - 1)
    at = slot_of(digest, mask)
    while keys[at] != 0:
        if keys[at] == digest:
            return np.int64(at)
        at = (at + np.uint64(1)) & mask
    return np.int64(-1)


@compiled()
def put(keys: Array, values: Array, digests: Array, numbers: Array) -> None:
    """Enter digests with their numbers; the table has room."""
    mask = np.uint64(keys.size - 1)
    for index in range(digests.size):
        at = slot_of(digests[index], mask)
        while keys[at] != 0 and keys[at] != digests[index]:
            at = (at + np.uint64(1)) & mask
        keys[at] = digests[index]
        values[at] = numbers[index]


@compiled(inline="always")
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


@compiled()
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


@compiled(nogil=True)
def cut_words(
    data: Array,  # uint8: the texts, joined
    chunks: Array,  # uint64: every eight bytes of them
    offsets: Array,  # int64[n + 1]: where each text begins
    chosen: Array,  # int64, in order: which texts
    runs: Array,  # int64: where runs of bytes that words are made of begin and end, by turns
    glues: Array,  # bool[256]
    kinds: Array,
    folds: Array,
    several: Array,
    spelt: Array,
    known: Array,
    wanted: Array,  # uint64: digests of folded words, of letters plainly and the long way
    beginnings: Array,  # uint64: digests of folded beginnings
    lengths: Number,  # bit n: some beginning has n code points
    begun_by: Array,  # bool[256]: the small letters with which some beginning begins
    plain_lengths: Array,  # int64: the lengths, up to 8, at which plain words are looked up as beginnings
    every: bool,  # whether every word is wanted: any may begin a slot
    types: Array,  # uint64: digests of the spellings seen before, and ...
    type_class: Array,  # ... their classes
    recent: Array,  # uint64[RECENT]: digests of plain spellings with their classes, kept from batch to batch
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
    words, unknowns, run = 0, 0, 0
    for index in range(chosen.size):
        first[index] = words
        begins, behind = offsets[chosen[index]], offsets[chosen[index] + 1]
        if words + (behind - begins) > start.size:
            return words, unknowns, False
        while run < runs.size and runs[run + 1] <= begins:
            run += 2
        shift = begins  # bytes before a letter that are no code points of this text
        while run < runs.size and runs[run] < behind:
            at, stop = max(runs[run], begins), min(runs[run + 1], behind)
            while at < stop:
                word, count = at, stop - at
                plain = word + _EIGHT * ((count + 7) // _EIGHT) <= chunks.size + 7
                chunk = word
                while plain and chunk < stop:
                    plain = all_letters(chunks[chunk], min(stop - chunk, _EIGHT))
                    chunk += _EIGHT
                candidate, one = every, np.int64(NOT_KNOWN)
                if plain:
                    digest = digest_of_letters(chunks, word, count)
                    spelling = digest ^ _PLAINLY
                    kept = recent[spelling & _RECENT_AT]
                    if kept & ~_CLASS == spelling & ~_CLASS:
                        one = np.int64(kept & _CLASS) - 1
                    elif begun_by[data[word] | _CASE]:
                        for length in plain_lengths:
                            if length <= count and not candidate:
                                candidate = (
                                    found_at(beginnings, digest_of_beginning(chunks[word], length)) >= 0
                                )
                    flag = IS_CAPITALISED if data[word] < _LOWER_A else 0
                    at, length = stop, count
                else:
                    # other letters, apostrophes or figures: the long way
                    code, width = decoded(data, at)
                    if not known[code // _BLOCK]:
                        missing[code // _BLOCK] = True
                    kind = kinds[code]
                    what = kind & CLASS_BITS
                    if what != LETTER and what != DIGIT:  # noqa: PLR1714  (compiled: no tuple)
                        at += width
                        shift += width - 1
                        continue
                    at, length, digest, candidate = word_from(
                        data, at, stop, kinds, folds, several, spelt, known, beginnings, lengths, missing
                    )
                    candidate = candidate or every
                    flag = IS_DIGITS if what == DIGIT else 0
                    if kind & UPPER:
                        flag |= IS_CAPITALISED
                    spelling = SEED
                    for byte in range(word, at):
                        spelling = mixed(spelling, np.int64(data[byte]))
                if at < behind and glues[data[at]]:
                    flag |= IS_GLUED
                start[words] = word - shift
                end[words] = word - shift + length
                shift += at - word - length
                flags[words] = flag
                if one < 0:
                    one = np.int64(0)
                    if candidate or found_at(wanted, digest) >= 0:
                        seen = found_at(types, spelling)
                        one = np.int64(type_class[seen] if seen >= 0 else NOT_KNOWN)
                    if one < 0:
                        unknown[unknowns, 0] = words
                        unknown[unknowns, 1] = word
                        unknown[unknowns, 2] = at
                        unknown_digest[unknowns] = spelling
                        unknowns += 1
                    elif plain and one < _MOST_CLASSES:
                        recent[spelling & _RECENT_AT] = spelling & ~_CLASS | np.uint64(one + 1)
                word_class[words] = one
                words += 1
            if runs[run + 1] > behind:
                break
            run += 2
    first[chosen.size] = words
    return words, unknowns, True
