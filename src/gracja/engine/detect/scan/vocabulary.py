"""The words that phrases ask for, as tables: which words of a text may be wanted, and by which tests."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from gracja.engine.detect.scan.cut import LONGEST_BEGINNING, PRIME, SEED, put
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.detect.scan.word import WordTest
from gracja.engine.edition.phrases import SLOTS
from gracja.engine.words.slots import may_begin
from gracja.engine.words.tokens import Token, composed, fold

_MOST_REMEMBERED: Final = 1 << 20  # distinct spellings; then all are forgotten, so that memory stays flat


class Vocabulary:
    """The tests of all phrases in one language, and the classes of words that pass the same tests.

    tests_first: int32[classes + 1] and tests: int32: the tests that each class passes; class 0 passes none.
    slots: uint8[classes], bit k: a slot of kind k may begin with a word of this class.
    """

    def __init__(self, tests: Sequence[WordTest], language: str, kinds: Sequence[str]) -> None:
        """kinds: the kinds of slots that phrases ask for."""
        self._all = tests
        self._language = language
        self._kinds = [(1 << SLOTS.index(kind), kind) for kind in kinds]
        self._by_folded: defaultdict[str, list[int]] = defaultdict(list)
        self._by_beginning: defaultdict[str, list[int]] = defaultdict(list)
        for number, test in enumerate(tests):
            for folded in test.folded:
                if test.word.kind == "prefix":
                    self._by_beginning[folded[:LONGEST_BEGINNING]].append(number)
                else:
                    self._by_folded[folded].append(number)
        self.wanted = _digests(self._by_folded)
        self.beginnings = _digests(self._by_beginning)
        self.lengths = np.uint64(sum(1 << length for length in {len(b) for b in self._by_beginning}))
        self._classes: dict[tuple[int, tuple[int, ...]], int] = {(0, ()): 0}
        self._forget()
        self._lay_out()

    def _forget(self) -> None:
        self.types = np.zeros(1 << 12, np.uint64)
        self.type_class = np.zeros(1 << 12, np.int32)
        self._remembered = 0

    def _lay_out(self) -> None:
        self.slots = np.array([bits for bits, _ in self._classes], np.uint8)
        self.tests_first = np.cumsum([0, *(len(passed) for _, passed in self._classes)], dtype=np.int32)
        self.tests = np.array([n for _, passed in self._classes for n in passed] or [0], np.int32)

    def tables(self) -> tuple[Any, ...]:
        """As `cut_words` takes them; where slots are asked for, every word is wanted: any may begin one."""
        wanted = self.wanted, self.beginnings, self.lengths, bool(self._kinds)
        return *wanted, self.types, self.type_class

    def learn(self, digests: Array, spellings: Sequence[str]) -> Array:
        """The classes (int32) of new words, given with the digests of their bytes; remembered from now on."""
        classes = np.array([self._class_of(spelling) for spelling in spellings], np.int32)
        self._remember(digests, classes)
        self._lay_out()
        return classes

    def _class_of(self, spelling: str) -> int:
        token = Token(composed(spelling), fold(spelling), 0, len(spelling))
        passed = tuple(n for n in sorted(set(self._asked(token.folded))) if self._all[n].takes(token))
        return self._classes.setdefault((self._slots_of(spelling), passed), len(self._classes))

    def _slots_of(self, spelling: str) -> int:
        if any(map(unicodedata.combining, spelling)):
            return sum(bit for bit, _ in self._kinds)  # only the text itself can tell
        return sum(bit for bit, kind in self._kinds if may_begin(kind, spelling, self._language))

    def _asked(self, folded: str) -> Iterable[int]:
        yield from self._by_folded.get(folded, ())
        for length in range(1, min(len(folded), LONGEST_BEGINNING) + 1):
            yield from self._by_beginning.get(folded[:length], ())

    def _remember(self, digests: Array, classes: Array) -> None:
        if self._remembered + digests.size > _MOST_REMEMBERED:
            self._forget()
        self._remembered += digests.size
        size = self.types.size
        while size < 2 * self._remembered:
            size *= 2
        if size > self.types.size:
            keys, values = self.types, self.type_class
            self.types, self.type_class = np.zeros(size, np.uint64), np.zeros(size, np.int32)
            put(self.types, self.type_class, keys[keys > 0], values[keys > 0])
        put(self.types, self.type_class, digests, classes)


def digest_of(codes: Iterable[int]) -> np.uint64:
    """FNV-1a of bytes or code points, as the compiled scan makes it."""
    digest = int(SEED)
    for code in codes:
        digest = (digest ^ code) * int(PRIME) & 0xFFFFFFFFFFFFFFFF
    return np.uint64(digest)


def _digests(words: Iterable[str]) -> Array:
    """An open table of the digests of folded words."""
    digests = np.array([digest_of(map(ord, word)) for word in words], np.uint64)
    keys = np.zeros(max(16, 1 << int(2 * digests.size).bit_length()), np.uint64)
    put(keys, np.zeros(keys.size, np.int32), digests, np.zeros(digests.size, np.int32))
    return keys
