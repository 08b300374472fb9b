"""The words that phrases ask for, as tables: which words of a text may be wanted, and by which tests."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from gracja.engine.detect.scan.cut import LONGEST_BEGINNING, PRIME, RECENT, SEED, put
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.detect.scan.plainly import EIGHT, digest_of_beginning, digest_of_letters, eights
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
        self.wanted = _table([*map(digest_of, self._by_folded), *map(_plain_digest, self._by_folded)])
        short = {beginning[:EIGHT] for beginning in self._by_beginning if _is_plain(beginning)}
        self.plain_lengths = np.array(sorted({len(beginning) for beginning in short}), np.int64)
        self.begun_by = np.isin(np.arange(256), [ord(beginning[0]) for beginning in short])
        of_plain = [digest_of_beginning(_chunk(beginning), len(beginning)) for beginning in short]
        self.beginnings = _table([*map(digest_of, self._by_beginning), *of_plain])
        self.lengths = np.uint64(sum(1 << length for length in {len(b) for b in self._by_beginning}))
        self._classes: dict[tuple[int, tuple[int, ...]], int] = {(0, ()): 0}
        self._recent = np.zeros(RECENT, np.uint64)  # the class of a spelling never changes
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
        beginnings = self.beginnings, self.lengths, self.begun_by, self.plain_lengths
        return self.wanted, *beginnings, bool(self._kinds), self.types, self.type_class, self._recent

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


def digest_of(word: str) -> np.uint64:
    """FNV-1a of the code points of a folded word, as the compiled scan makes it the long way."""
    digest = int(SEED)
    for code in map(ord, word):
        digest = (digest ^ code) * int(PRIME) & 0xFFFFFFFFFFFFFFFF
    return np.uint64(digest)


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha()


def _plain_digest(word: str) -> np.uint64:
    """The digest of a word of ASCII letters; any other has only the long one."""
    if not _is_plain(word):
        return digest_of(word)
    return np.uint64(digest_of_letters(eights(_bytes(word)), 0, len(word)))


def _chunk(letters: str) -> np.uint64:
    return np.uint64(eights(_bytes(letters))[0])


def _bytes(word: str) -> Array:
    """The bytes of a word with room behind, so that eight can be loaded anywhere in it."""
    return np.frombuffer(word.encode("ascii") + bytes(EIGHT), np.uint8)


def _table(digests: Sequence[np.uint64]) -> Array:
    """An open table of digests."""
    keys = np.zeros(max(16, 1 << (2 * len(digests)).bit_length()), np.uint64)
    nothing = np.zeros(max(keys.size, len(digests)), np.int32)
    put(keys, nothing, np.array(digests, np.uint64), nothing)
    return keys
