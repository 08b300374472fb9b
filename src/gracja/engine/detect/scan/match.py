"""Compiled: walk the automaton from every word of every text."""

from __future__ import annotations

from typing import Final

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.detect.scan.cut import IS_CAPITALISED, IS_DIGITS, IS_GLUED, found_at
from gracja.engine.detect.scan.numbers import Array, Number
from gracja.engine.edition.phrases import SLOTS

NOT_ASKED: Final = -2  # whether a slot begins at this word
ASKED: Final = -3
NO_SLOT: Final = -1
_NAME: Final = 1 << SLOTS.index("name")
_NUMBER_OR_DATE: Final = 1 << SLOTS.index("number") | 1 << SLOTS.index("date")


@compiled(inline="always")
def _edge(edges: Array, edge_to: Array, node: Number, test: Number) -> Number:
    at = found_at(edges, np.uint64((np.int64(node) << 32 | np.int64(test)) + 1))
    return np.int32(edge_to[at]) if at >= 0 else np.int32(-1)


@compiled(inline="always")
def _slots_at(word_slots: Number, flag: Number) -> Number:
    """Bit k: a slot of kind k may begin at a word with these slots of its class and this flag."""
    if flag & (IS_CAPITALISED | IS_GLUED):
        word_slots |= _NAME
    if flag & IS_DIGITS:
        word_slots |= _NUMBER_OR_DATE
    return word_slots


@compiled(nogil=True)
def find(
    todo: Array,  # int64: which of the cut texts
    roots: Array,  # int32[cut texts]
    first: Array,
    start: Array,
    end: Array,
    word_class: Array,
    flags: Array,
    tests_first: Array,
    tests: Array,
    class_slots: Array,
    begins: Array,  # bool[roots, classes]: whether a root's phrases begin with a word of the class
    goes_on: Array,  # bool[slots of roots, classes]: whether what follows the slot may begin with the class
    alone: Array,  # int32[slots of roots]: 1 where the slot is a whole phrase
    edges: Array,
    edge_to: Array,
    any_word: Array,
    gap_first: Array,
    gaps: Array,
    slot_first: Array,
    slots: Array,
    leaf_first: Array,
    leaves: Array,
    gap_number: Array,  # int32[nodes]: the number of a node behind a gap, else -1
    tried: Array,  # int32[gaps, words of the longest phrase], scratch: the last walk that came there
    stack: Array,  # int32[2, .], room for every open branch of one walk: node, word
    slot_at: Array,  # int32[kinds, words]: row of slot_ends, or NO_SLOT, NOT_ASKED, ASKED
    slot_ends_first: Array,  # int32[rows + 1]
    slot_ends: Array,  # int32: words behind the slot, longest first
    hit_leaf: Array,  # out, int32
    hit_text: Array,  # out, int64
    hit_start: Array,  # out, int32
    hit_end: Array,  # out, int32
    waiting: Array,  # out, int64[todo]: the texts that wait for slots, to be done again
    asked: Array,  # out, int64: the slots that they wait for, kind << 40 | word
) -> tuple[int, int, int, int]:
    """(texts done, hits, texts waiting, slots asked): fewer than all are done where the hits do not fit."""
    waits, asks, hits, walk = 0, 0, 0, -1
    tried[:] = -1
    done = np.full(any_word.size, -1, np.int64)  # the last walk that found a node's phrases
    needed_before = np.empty(len(SLOTS), np.int64)
    for turn in range(todo.size):
        text = todo[turn]
        root = roots[text]
        before, behind = first[text], first[text + 1]
        hits_before, incomplete = hits, False
        root_slots = 0
        for edge in range(slot_first[root], slot_first[root + 1]):
            # a phrase that begins with a slot needs what follows it: look for that first
            needed_before[slots[edge, 0]] = before
            for word in range(behind - 1, before - 1, -1):
                if goes_on[edge, word_class[word]]:
                    needed_before[slots[edge, 0]] = word + alone[edge]
                    root_slots |= 1 << slots[edge, 0]
                    break
        for at in range(before, behind):
            if not (
                begins[root, word_class[at]]
                or any_word[root] >= 0
                or _slots_at(class_slots[word_class[at]], flags[at]) & root_slots
            ):
                continue
            walk += 1
            stack[0, 0], stack[1, 0], top = root, at, 1
            while top > 0:
                top -= 1
                node, word = stack[0, top], stack[1, top]
                if gap_number[node] >= 0 and word - at < tried.shape[1]:
                    if tried[gap_number[node], word - at] == walk:
                        continue  # another gap led here before, and all from here on is known
                    tried[gap_number[node], word - at] = walk
                if leaf_first[node + 1] > leaf_first[node] and done[node] != walk:
                    done[node] = walk
                    if hits + leaf_first[node + 1] - leaf_first[node] > hit_leaf.size:
                        return turn, hits_before, waits, asks
                    for index in range(leaf_first[node], leaf_first[node + 1]):
                        hit_leaf[hits], hit_text[hits] = leaves[index], text
                        hit_start[hits], hit_end[hits] = start[at], end[word - 1]
                        hits += 1
                if word >= behind:
                    continue
                one = word_class[word]
                if any_word[node] >= 0:
                    stack[0, top], stack[1, top] = any_word[node], word + 1
                    top += 1
                for index in range(tests_first[one], tests_first[one + 1]):
                    child = _edge(edges, edge_to, node, tests[index])
                    if child >= 0:
                        stack[0, top], stack[1, top] = child, word + 1
                        top += 1
                for edge in range(gap_first[node], gap_first[node + 1]):
                    for skipped in range(gaps[edge, 1], gaps[edge, 0] - 1, -1):  # fewest on top
                        if word + skipped < behind:
                            stack[0, top], stack[1, top] = gaps[edge, 2], word + skipped
                            top += 1
                for edge in range(slot_first[node], slot_first[node + 1]):
                    kind = slots[edge, 0]
                    if node == root and at >= needed_before[kind]:
                        continue
                    if not _slots_at(class_slots[one], flags[word]) >> kind & 1:
                        continue
                    row = slot_at[kind, word]
                    if row == NOT_ASKED:
                        slot_at[kind, word] = ASKED
                        asked[asks] = np.int64(kind) << 40 | word
                        asks += 1
                    if row in (NOT_ASKED, ASKED):
                        incomplete = True
                    elif row != NO_SLOT:
                        for index in range(slot_ends_first[row + 1] - 1, slot_ends_first[row] - 1, -1):
                            stack[0, top], stack[1, top] = slots[edge, 1], slot_ends[index]
                            top += 1
        if incomplete:
            hits = hits_before
            waiting[waits] = text
            waits += 1
    return todo.size, hits, waits, asks
