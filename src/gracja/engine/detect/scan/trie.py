"""All phrases of one language in one automaton over words: phrases that begin alike share their beginning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from gracja.engine.detect.scan.cut import put
from gracja.engine.detect.scan.numbers import Array
from gracja.engine.detect.scan.word import WordTest
from gracja.engine.edition.phrases import SLOTS, Gap, Slot, Word, parse_phrase

NONE: Final = -1
_MOST_ENDS: Final = 3  # a name has one to three words, any other slot one end


@dataclass
class Trie:
    """The automaton while it is built: nodes are numbers; an edge takes a word, any word, a gap or a slot."""

    language: str
    tests: dict[WordTest, int] = field(default_factory=dict)
    words: dict[tuple[int, int], int] = field(default_factory=dict)  # (node, test) -> node
    any_word: dict[int, int] = field(default_factory=dict)
    gaps: defaultdict[int, dict[Gap, int]] = field(default_factory=lambda: defaultdict(dict))
    slots: defaultdict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    leaves: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    nodes: int = 0
    roots: int = 0  # the first nodes
    longest: int = 0  # pieces of a phrase
    widest: int = 0  # words of a phrase, gaps at their widest

    @classmethod
    def of(cls, sides: Sequence[Iterable[tuple[int, str]]], language: str) -> Trie:
        """The phrases (leaf, phrase) of each side; the root of a side is the node of its number."""
        trie = cls(language, nodes=len(sides), roots=len(sides))
        for root, phrases in enumerate(sides):
            trie._enter(root, phrases)
        return trie

    def _enter(self, root: int, phrases: Iterable[tuple[int, str]]) -> None:
        for leaf, phrase in phrases:
            pieces = parse_phrase(phrase)
            alone = sum(isinstance(piece, Word) for piece in pieces) == 1
            self.longest = max(self.longest, len(pieces))
            self.widest = max(self.widest, sum(p.most if isinstance(p, Gap) else 1 for p in pieces))
            at = root
            for piece in pieces:
                at = self._step(at, piece, alone=alone)
            self.leaves[at].add(leaf)

    def more_than_words(self, node: int) -> bool:
        """Whether something else than a known word may follow a node, or nothing at all."""
        return any(node in edges for edges in (self.any_word, self.gaps, self.slots, self.leaves))

    def open_branches(self) -> int:
        """The most branches that a depth-first walk can leave open: at each step all edges of one node."""
        edges = np.zeros(self.nodes, np.int64)
        for node, _ in self.words:
            edges[node] += 1
        for node in self.any_word:
            edges[node] += 1
        for node, gaps in self.gaps.items():
            edges[node] += sum(gap.most - gap.fewest + 1 for gap in gaps)
        for node, slots in self.slots.items():
            edges[node] += _MOST_ENDS * len(slots)
        return int(edges.max()) * (1 + self.longest) + 1

    def _node(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def _step(self, at: int, piece: Word | Gap | Slot, *, alone: bool) -> int:
        if isinstance(piece, Gap):
            return self._to(self.gaps[at], piece)
        if isinstance(piece, Slot):
            return self._to(self.slots[at], SLOTS.index(piece.kind))
        if piece.kind == "prefix" and not piece.text:
            return self._to(self.any_word, at)
        test = WordTest.of(piece, self.language, alone=alone)
        return self._to(self.words, (at, self.tests.setdefault(test, len(self.tests))))

    def _to[Key](self, edges: dict[Key, int], key: Key) -> int:
        if key not in edges:
            edges[key] = self._node()
        return edges[key]


@dataclass(frozen=True)
class Automaton:
    """The finished trie as arrays. `*_first` are int32[nodes + 1]: where each node's rows begin."""

    edges: Array  # uint64, open table of (node, test) + 1
    edge_to: Array  # int32
    any_word: Array  # int32[nodes], the node that any word leads to, or -1
    gap_first: Array
    gaps: Array  # int32[., 3]: fewest, most, node
    slot_first: Array
    slots: Array  # int32[., 2]: kind, node
    leaf_first: Array
    leaves: Array  # int32
    gap_number: Array  # int32[nodes]: the number of a node behind a gap, or -1
    tried: Array  # int32[gaps, words of the longest phrase], scratch
    roots: int
    first_tests: dict[int, Array]  # the tests with which phrases go on from roots and behind their slots
    behind_root_slot: list[int]
    anything_follows: Array  # bool[slots of roots]: more than a word may follow, or nothing
    alone: Array  # int32[slots of roots]: 1 where a slot is a whole phrase
    stack: Array  # int32[2, .], scratch: room for every branch that a walk can leave open

    def starts(self, tests_first: Array, tests: Array) -> tuple[Array, Array, Array]:
        """With which classes of words phrases begin, as `find` takes them: begins, goes_on, alone."""
        passed_by = np.repeat(np.arange(tests_first.size - 1), np.diff(tests_first))

        def begins(asked: Sequence[Array]) -> Array:
            rows = np.zeros((max(1, len(asked)), tests_first.size - 1), np.bool_)
            for row, some in zip(rows, asked, strict=False):
                row[passed_by[np.isin(tests[: passed_by.size], some)]] = True
            return rows

        goes_on = begins([self.first_tests[node] for node in self.behind_root_slot])
        goes_on[: self.anything_follows.size][self.anything_follows] = True
        return begins([self.first_tests[root] for root in range(self.roots)]), goes_on, self.alone

    @classmethod
    def of(cls, trie: Trie) -> Automaton:
        keys = np.array([(node << 32 | test) + 1 for node, test in trie.words], np.uint64)
        edges = np.zeros(max(16, 1 << int(2 * keys.size).bit_length()), np.uint64)
        edge_to = np.zeros(edges.size, np.int32)
        put(edges, edge_to, keys, np.array([*trie.words.values()], np.int32))
        any_word = np.full(trie.nodes, NONE, np.int32)
        for node, child in trie.any_word.items():
            any_word[node] = child
        behind_gap = [node for children in trie.gaps.values() for node in children.values()]
        gap_number = np.full(trie.nodes, NONE, np.int32)
        gap_number[behind_gap] = np.arange(len(behind_gap))
        gap_rows = {n: [(g.fewest, g.most, to) for g, to in es.items()] for n, es in trie.gaps.items()}
        gap_first, gaps = _rows(gap_rows, trie.nodes, 3)
        slot_first, slots = _rows({n: [*es.items()] for n, es in trie.slots.items()}, trie.nodes, 2)
        behind_root_slot = [node for root in range(trie.roots) for node in trie.slots.get(root, {}).values()]
        first_tests = {
            at: np.array([test for node, test in trie.words if node == at], np.int32)
            for at in (*range(trie.roots), *behind_root_slot)
        }
        leaf_first, leaves = _rows({n: [(x,) for x in xs] for n, xs in trie.leaves.items()}, trie.nodes, 1)
        return cls(
            edges,
            edge_to,
            any_word,
            gap_first,
            gaps,
            slot_first,
            slots,
            leaf_first,
            leaves[:, 0].copy(),
            gap_number,
            np.empty((len(behind_gap), trie.widest + 1), np.int32),
            trie.roots,
            first_tests,
            behind_root_slot,
            np.array([trie.more_than_words(node) for node in behind_root_slot], np.bool_),
            np.array([int(node in trie.leaves) for node in behind_root_slot] or [0], np.int32),
            np.empty((2, trie.open_branches()), np.int32),
        )


def _rows(rows: Mapping[int, Sequence[tuple[int, ...]]], nodes: int, width: int) -> tuple[Array, Array]:
    counts = np.zeros(nodes + 1, np.int32)
    for node, several in rows.items():
        counts[node + 1] = len(several)
    flat = [row for node in sorted(rows) for row in rows[node]]
    return np.cumsum(counts, dtype=np.int32), np.array(flat or [(0,) * width], np.int32)
