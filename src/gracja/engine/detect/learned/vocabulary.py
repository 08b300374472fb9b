"""The n-grams that a detector knows, and turns as vectors over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from gracja.engine.compiled import compiled
from gracja.engine.detect.learned.blocks import BLOCKS, fields
from gracja.engine.detect.learned.grams import Grams, keys_of, name_of
from gracja.engine.detect.learned.letters import Letters
from gracja.engine.detect.learned.turns import AgentTurns
from gracja.engine.detect.scan.numbers import Array, Number

CUSTOMERS_AT_LEAST: Final = 5
Numbers = NDArray[np.int64]
Vectors = Any  # scipy.sparse.csr_array of float32; its stubs name no shape


@dataclass(frozen=True)
class Vocabulary:
    """The known n-grams, those of a block together, in the order of BLOCKS.

    block: the number of each one's block. name: how it reads. rarity: inverse document frequency, in a plain
    block the block's scale. All (k,).
    """

    block: NDArray[np.int8]
    name: tuple[str, ...]
    rarity: NDArray[np.float32]

    @classmethod
    def of(cls, turns: AgentTurns, *, customers_at_least: int = CUSTOMERS_AT_LEAST) -> Vocabulary:
        """The n-grams that occur with `customers_at_least` customers or more; no others are ever kept.

        A conversation whose customer is not known counts as a customer of its own.
        """
        person = _people(turns)
        numbers: list[int] = []
        names: list[str] = []
        rarities: list[NDArray[np.float32]] = []
        for number, block, letters in fields(turns):
            found = block.grams(letters, number)
            first, seen_in = _shared(found, person, customers_at_least)
            numbers += [number] * len(first)
            names += [
                name_of(letters, int(found.start[i]), int(found.end[i]), by_letter=block.unit == "letters")
                for i in first
            ]
            rarity = np.log((1 + len(turns)) / (1 + seen_in)) + 1
            rarities.append((np.full(len(first), block.scale) if block.plain else rarity).astype(np.float32))
        return cls(np.array(numbers, np.int8), tuple(names), np.concatenate(rarities))

    @cached_property
    def bounds(self) -> Numbers:
        """Block b has the columns from bounds[b] up to bounds[b + 1]."""
        return np.searchsorted(self.block, np.arange(len(BLOCKS) + 1))

    @cached_property
    def _table(self) -> tuple[Numbers, Numbers]:
        names = Letters.of(pa.array(self.name, pa.large_string()))
        keys = keys_of(names, self.block.astype(np.int64))
        size = 1 << max(4, int(np.ceil(np.log2(len(keys) * 2 + 1))))
        slots, columns = np.zeros(size, dtype=np.int64), np.full(size, -1, dtype=np.int64)
        _fill(keys, slots, columns)
        return slots, columns

    def parts(self, turns: AgentTurns) -> Iterator[tuple[slice, Vectors]]:
        """The vectors of the turns, a block of columns at a time: (which columns, (n, width) csr)."""
        for number, block, letters in fields(turns):
            lo, hi = self.bounds[number : number + 2]
            part = self._part(
                block.grams(letters, number), int(lo), int(hi), 0.0 if block.plain else block.scale
            )
            yield slice(int(lo), int(hi)), part

    def vectors(self, turns: AgentTurns) -> Vectors:
        """The turns as rows of one sparse matrix, (n, k) float32."""
        return sparse.hstack([part for _, part in self.parts(turns)], format="csr")

    def scores(self, turns: AgentTurns, weights: ArrayLike) -> NDArray[np.float32]:
        """vectors(turns) @ weights for weights (k, d), without the big matrix. Returns (n, d).

        A slice of the turns at a time: the n-grams of a whole batch would fill forty times its bytes.
        """
        given = np.asarray(weights, dtype=np.float32)
        total = np.zeros((len(turns), given.shape[1]), dtype=np.float32)
        for rows, some in turns.slices():
            for columns, part in self.parts(some):
                total[rows] += part @ given[columns]
        return total

    def _part(self, found: Grams, lo: int, hi: int, scale: float) -> Vectors:
        rows = len(found.rows) - 1
        columns = np.empty(len(found.key), dtype=np.int32)
        values = np.empty(len(found.key), dtype=np.float32)
        pointers = np.zeros(rows + 1, dtype=np.int64)
        vectors = (columns, values, pointers)
        kept = _look_up(found.key, found.rows, self._table, self.rarity[lo:hi], lo, scale, vectors)
        return sparse.csr_array((values[:kept], columns[:kept], pointers), shape=(rows, hi - lo))


def _people(turns: AgentTurns) -> Numbers:
    """A number for the customer of each turn; where nobody is named, one for the contact."""
    coded = turns.customer.dictionary_encode()
    known = np.asarray(coded.indices.fill_null(-1), dtype=np.int64)
    return np.where(known < 0, len(coded.dictionary) + turns.contact, known)


def _shared(found: Grams, person: Numbers, at_least: int) -> tuple[Numbers, Numbers]:
    """Of each n-gram with so many customers: its first place in `found`, and how many turns have it."""
    if not len(found.key):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    row = np.repeat(np.arange(len(person)), np.diff(found.rows))
    order = np.argsort(found.key, kind="stable")
    new = np.concatenate([[True], np.diff(found.key[order]) != 0])
    which = np.cumsum(new) - 1
    turns_with = _owners(which, row[order])
    people_with = _owners(which, person[row[order]])
    shared = people_with >= at_least
    return order[new][shared], turns_with[shared]


def _owners(which: Numbers, owner: Numbers) -> Numbers:
    """How many different owners each `which` has. Sorted by hand: numpy's hashed `unique` took 10x longer."""
    width = int(owner.max()) + 1
    pairs = np.sort(which * width + owner)
    new = np.concatenate([[True], np.diff(pairs) != 0])
    return np.bincount(pairs[new] // width, minlength=int(which[-1]) + 1)


@compiled()
def _slot(key: Number, size: int) -> Number:
    return (key ^ (key >> 29) ^ (key >> 47)) & (size - 1)


@compiled()
def _fill(keys: Array, slots: Array, columns: Array) -> None:
    size = len(slots)
    for column in range(len(keys)):
        at = _slot(keys[column], size)
        while columns[at] >= 0:
            at = (at + 1) & (size - 1)
        slots[at], columns[at] = keys[column], column


@compiled()
def _look_up(keys: Array, rows: Array, table: Any, rarity: Array, lo: int, scale: float, vectors: Any) -> int:
    """Fill columns, values and row pointers with each known n-gram once a row; how many there are.

    table: the keys of the slots, and the columns they stand for, less than 0 where free. scale: the length
    that each row gets; 0: rows keep the length they have.
    """
    slots, ids = table
    columns, values, pointers = vectors
    size, n = len(slots), 0
    last_row = np.full(len(rarity), -1, dtype=np.int64)
    for row in range(len(rows) - 1):
        begin, squares = n, 0.0
        for i in range(rows[row], rows[row + 1]):
            at = _slot(keys[i], size)
            while ids[at] >= 0 and slots[at] != keys[i]:
                at = (at + 1) & (size - 1)
            column = ids[at] - lo
            if ids[at] >= 0 and last_row[column] != row:
                last_row[column] = row
                columns[n], values[n] = column, rarity[column]
                squares += rarity[column] ** 2
                n += 1
        if scale > 0 and squares > 0:
            factor = scale / np.sqrt(squares)
            for i in range(begin, n):
                values[i] *= factor
        pointers[row + 1] = n
    return n
