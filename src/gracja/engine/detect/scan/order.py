"""Compiled: hits in the order of leaf, text, start and end, each once."""

from __future__ import annotations

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.detect.scan.numbers import Array


@compiled(nogil=True)
def in_order(
    leaf: Array, text: Array, start: Array, end: Array, leaves: int
) -> tuple[Array, Array, Array, Array]:
    """The hits by leaf (int64[leaves + 1]: where each begins), then text, start and end, without repeats.

    They come by text and start already, so a counting sort by leaf leaves only the ends to be put right.
    """
    count = np.zeros(leaves + 1, np.int64)
    for one in leaf:
        count[one + 1] += 1
    begins = np.cumsum(count)
    free = begins.copy()
    by_text, by_start, by_end = np.empty_like(text), np.empty_like(start), np.empty_like(end)
    for index in range(leaf.size):
        at = free[leaf[index]]
        free[leaf[index]] += 1
        first = begins[leaf[index]]
        while (
            at > first
            and by_text[at - 1] == text[index]
            and (
                by_start[at - 1] > start[index]
                or (by_start[at - 1] == start[index] and by_end[at - 1] > end[index])
            )
        ):
            by_text[at], by_start[at], by_end[at] = by_text[at - 1], by_start[at - 1], by_end[at - 1]
            at -= 1
        by_text[at], by_start[at], by_end[at] = text[index], start[index], end[index]
    kept = 0
    kept_first = np.zeros(leaves + 1, np.int64)
    for one in range(leaves):
        kept_first[one] = kept
        for at in range(begins[one], begins[one + 1]):
            if (
                kept > kept_first[one]
                and by_text[kept - 1] == by_text[at]
                and by_start[kept - 1] == by_start[at]
                and by_end[kept - 1] == by_end[at]
            ):
                continue
            by_text[kept], by_start[kept], by_end[kept] = by_text[at], by_start[at], by_end[at]
            kept += 1
    kept_first[leaves] = kept
    return kept_first, by_text[:kept], by_start[:kept], by_end[:kept]
