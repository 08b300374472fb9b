"""Find all phrases of one language in many texts at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa

from gracja.engine.detect.scan.cut import NOT_KNOWN, cut_words
from gracja.engine.detect.scan.letters import letters
from gracja.engine.detect.scan.match import NO_SLOT, NOT_ASKED, find
from gracja.engine.detect.scan.numbers import Array, Column, one_array
from gracja.engine.detect.scan.order import in_order
from gracja.engine.detect.scan.plainly import eights, made_of_words
from gracja.engine.detect.scan.trie import Automaton, Trie
from gracja.engine.detect.scan.vocabulary import Vocabulary
from gracja.engine.edition.phrases import SLOTS
from gracja.engine.words.slots import ends_of_slot


@dataclass(frozen=True)
class Texts:
    """Texts as Arrow holds them: `data` uint8 and `offsets` int64[n + 1]."""

    array: Column
    data: Array
    offsets: Array

    @classmethod
    def of(cls, column: Column) -> Texts:
        """Over the buffers of an array of strings, which are not copied."""
        array = one_array(column)
        if not pa.types.is_large_string(array.type):
            array = array.cast(pa.large_string())
        _, offsets, data = array.buffers()
        places = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
        letters_of = (
            np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)
        )
        return cls(array, letters_of, places)


@dataclass(frozen=True)
class Hits:
    """Where phrases were found, by leaf, text, start and end, each once.

    first: int64[leaves + 1], where the hits of each leaf begin. text: int64. start, end: int32, code points.
    """

    first: Array
    text: Array
    start: Array
    end: Array

    def of(self, leaf: int) -> slice:
        return slice(int(self.first[leaf]), int(self.first[leaf + 1]))


@dataclass(frozen=True)
class _Words:
    """The words of the chosen texts: `first` int64[texts + 1], the others one entry a word."""

    first: Array
    start: Array
    end: Array
    word_class: Array
    flags: Array


_CUT: Final[Any] = cut_words  # numba's stubs take no unpacked tables
_FIND: Final[Any] = find
_WORD: Final = (1 << 40) - 1
_NO_HITS: Final = tuple(np.empty(0, kind) for kind in (np.int32, np.int64, np.int32, np.int32))


class Scan:
    """All phrases that any side may say in one language, as one automaton.

    sides: for each side its phrases as (leaf, phrase); a leaf is the caller's number for what was said.
    """

    def __init__(self, sides: Sequence[Sequence[tuple[int, str]]], language: str) -> None:
        self.language = language
        self._trie = Trie.of(sides, language)
        self._automaton = Automaton.of(self._trie)
        kinds = {kind for edges in self._trie.slots.values() for kind in edges}
        self._slots_used = bool(kinds)
        self._vocabulary = Vocabulary([*self._trie.tests], language, [SLOTS[kind] for kind in sorted(kinds)])
        self._leaves = 1 + max((leaf for phrases in sides for leaf, _ in phrases), default=0)

    @cached_property
    def _tables(self) -> tuple[Array, ...]:
        a = self._automaton
        return (
            a.edges, a.edge_to, a.any_word, a.gap_first, a.gaps, a.slot_first, a.slots,
            a.leaf_first, a.leaves, a.gap_number, a.tried, a.stack,
        )  # fmt: skip

    def hits(self, texts: Texts, sides: Array, *, leaves: int | None = None) -> Hits:
        """Every hit in every text. sides: int[n], which side says it; below 0: nobody whom we hear.

        leaves: how many leaves the answer has, if more than this language knows.
        """
        chosen = np.flatnonzero(sides >= 0)
        words = self._cut(texts, chosen)
        leaf, text, start, end = self._find(texts, chosen, sides[chosen].astype(np.int32), words)
        return Hits(*in_order(leaf, chosen[text], start, end, leaves or self._leaves))

    def _cut(self, texts: Texts, chosen: Array) -> _Words:
        table = letters()
        sizes = texts.offsets[chosen + 1] - texts.offsets[chosen]
        room = int(sizes.sum()) // 3 + int(sizes.max(initial=0)) + 1
        first = np.empty(chosen.size + 1, np.int64)
        begin, behind = int(texts.offsets[0]), int(texts.offsets[-1])
        runs = begin + np.flatnonzero(made_of_words(texts.data, begin, behind))
        chunks = eights(texts.data)
        while True:
            start, end = np.empty(room, np.int32), np.empty(room, np.int32)
            word_class, flags = np.empty(room, np.int32), np.empty(room, np.uint8)
            unknown, digests = np.empty((room, 3), np.int64), np.empty(room, np.uint64)
            missing = np.zeros_like(table.known)
            count, new, fitted = _CUT(
                texts.data, chunks, texts.offsets, chosen, runs, *table.tables(), *self._vocabulary.tables(),
                first, start, end, word_class, flags, unknown, digests, missing,
            )  # fmt: skip
            if missing.any():
                table.learn(np.flatnonzero(missing).tolist())
            elif fitted:
                break
            else:
                room = int(sizes.sum()) + int(sizes.max(initial=0)) + 1
        if new:
            self._learn(texts, word_class, unknown[:new], digests[:new])
        return _Words(first, start[:count], end[:count], word_class[:count], flags[:count])

    def _learn(self, texts: Texts, word_class: Array, unknown: Array, digests: Array) -> None:
        """Work out the classes of words seen for the first time, each spelling once."""
        distinct, at, which = np.unique(digests, return_index=True, return_inverse=True)
        spellings = [
            texts.data[begin:behind].tobytes().decode("utf-8") for _, begin, behind in unknown[at].tolist()
        ]
        word_class[unknown[:, 0]] = self._vocabulary.learn(distinct, spellings)[which]
        assert NOT_KNOWN not in word_class[unknown[:, 0]]

    def _find(
        self, texts: Texts, chosen: Array, roots: Array, words: _Words
    ) -> tuple[Array, Array, Array, Array]:
        """(leaf, place in `chosen`, start, end) of all hits, by text and start."""
        slots = _Slots(texts, chosen, words, self.language, used=self._slots_used)
        v, parts, again = self._vocabulary, list[tuple[Array, ...]](), False
        starts = self._automaton.starts(v.tests_first, v.tests)
        todo, room = np.arange(chosen.size, dtype=np.int64), words.start.size // 4 + 1024
        while todo.size:
            found = [np.empty(room, kind) for kind in (np.int32, np.int64, np.int32, np.int32)]
            waiting, asked = np.empty(todo.size, np.int64), np.empty(slots.at.size, np.int64)
            done, hits, waits, asks = _FIND(
                todo, roots, words.first, words.start, words.end, words.word_class, words.flags,
                v.tests_first, v.tests, v.slots, *starts, *self._tables, *slots.tables(), *found,
                waiting, asked,
            )  # fmt: skip
            parts.append(tuple(column[:hits] for column in found))
            slots.answer(asked[:asks])
            again |= waits > 0
            todo = np.concatenate([waiting[:waits], todo[done:]])
            room *= 2
        parts = parts or [_NO_HITS]
        leaf, text, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
        if again:
            order = np.argsort(text, kind="stable")
            leaf, text, start, end = leaf[order], text[order], start[order], end[order]
        return leaf, text, start, end


class _Slots:
    """Where numbers, dates and names begin: worked out only for the words at which a phrase waits for one."""

    def __init__(self, texts: Texts, chosen: Array, words: _Words, language: str, *, used: bool) -> None:
        self._texts, self._chosen, self._words, self._language = texts, chosen, words, language
        self.at = np.full((len(SLOTS), words.start.size if used else 1), NOT_ASKED, np.int32)
        self._first, self._ends = [0], list[int]()

    def tables(self) -> tuple[Any, ...]:
        return self.at, np.array(self._first, np.int32), np.array(self._ends or [0], np.int32)

    def answer(self, asked: Array) -> None:
        """Work out the slots that were asked for, a text at a time."""
        asked = asked[np.argsort(asked & _WORD)]
        texts = np.searchsorted(self._words.first, asked & _WORD, side="right") - 1
        for text, several in groupby(zip(texts.tolist(), asked.tolist(), strict=True), itemgetter(0)):
            spoken = self._texts.array[int(self._chosen[text])].as_py()
            first, behind = int(self._words.first[text]), int(self._words.first[text + 1])
            starts = self._words.start[first:behind].tolist()
            for _, question in several:
                kind, word = question >> 40, question & _WORD
                found = ends_of_slot(SLOTS[kind], spoken, starts[word - first], self._language)
                self.at[kind, word] = len(self._first) - 1 if found else NO_SLOT
                if found:
                    self._ends.extend(first + bisect_left(starts, end) for end in found)
                    self._first.append(len(self._ends))
