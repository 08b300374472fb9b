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
            at = root
            for piece in pieces:
                at = self._step(at, piece, alone=alone)
            self.leaves[at].add(leaf)

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
    behind_gap: Array  # bool[nodes]
    first_tests: tuple[Array, ...]  # for each root the tests with which its phrases begin
    stack: Array  # int32[2, .], scratch: room for every branch that a walk can leave open

    def begins(self, tests_first: Array, tests: Array) -> Array:
        """bool[roots, classes]: whether a phrase of a root begins with a word that passes a class's tests."""
        passed_by = np.repeat(np.arange(tests_first.size - 1), np.diff(tests_first))
        begins = np.zeros((len(self.first_tests), tests_first.size - 1), np.bool_)
        for root, asked in enumerate(self.first_tests):
            begins[root, passed_by[np.isin(tests[: passed_by.size], asked)]] = True
        return begins

    @classmethod
    def of(cls, trie: Trie) -> Automaton:
        keys = np.array([(node << 32 | test) + 1 for node, test in trie.words], np.uint64)
        edges = np.zeros(max(16, 1 << int(2 * keys.size).bit_length()), np.uint64)
        edge_to = np.zeros(edges.size, np.int32)
        put(edges, edge_to, keys, np.array([*trie.words.values()], np.int32))
        any_word = np.full(trie.nodes, NONE, np.int32)
        for node, child in trie.any_word.items():
            any_word[node] = child
        behind_gap = np.zeros(trie.nodes, np.bool_)
        for children in trie.gaps.values():
            behind_gap[[*children.values()]] = True
        gap_rows = {n: [(g.fewest, g.most, to) for g, to in es.items()] for n, es in trie.gaps.items()}
        gap_first, gaps = _rows(gap_rows, trie.nodes, 3)
        slot_first, slots = _rows({n: [*es.items()] for n, es in trie.slots.items()}, trie.nodes, 2)
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
            behind_gap,
            tuple(
                np.array([test for node, test in trie.words if node == root], np.int32)
                for root in range(trie.roots)
            ),
            np.empty((2, trie.open_branches()), np.int32),
        )


def _rows(rows: Mapping[int, Sequence[tuple[int, ...]]], nodes: int, width: int) -> tuple[Array, Array]:
    counts = np.zeros(nodes + 1, np.int32)
    for node, several in rows.items():
        counts[node + 1] = len(several)
    flat = [row for node in sorted(rows) for row in rows[node]]
    return np.cumsum(counts, dtype=np.int32), np.array(flat or [(0,) * width], np.int32)
