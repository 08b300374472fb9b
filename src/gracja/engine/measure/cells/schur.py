"""What is left of the information when the largest facet is eliminated: sums over its levels."""

from __future__ import annotations

from typing import Any

from gracja.engine.compiled import compiled


@compiled()
def take_slots(schur: Any, times: Any, rows: Any, sums: Any) -> Any:
    """Schur (lower triangle) -= the sum of times * b b', b being a level's slots and, last, the intercept."""
    last = len(schur) - 1
    for big in range(len(times)):
        factor, weight = times[big], sums.weight_big[big]
        begin, end = rows.big_slots[big], rows.big_slots[big + 1]
        schur[last, last] -= factor * weight**2
        for one in range(begin, end):
            column, share = rows.slot_column[one], factor * sums.slots[one]
            if column > last:
                continue
            schur[last, column] -= share * weight
            for other in range(begin, one + 1):
                across = rows.slot_column[other]
                if across <= column:
                    schur[column, across] -= share * sums.slots[other]
                elif across <= last:
                    schur[across, column] -= share * sums.slots[other]


@compiled()
def take_mixed(between: Any, times: Any, rows: Any, sums: Any) -> Any:
    """Between (n_rest + 1, n_inner + 1) -= the sum of times * (a level's slots) x (its row of the block)."""
    for big in range(len(times)):
        own = sums.block[big]
        for one in range(rows.big_slots[big], rows.big_slots[big + 1]):
            share, line = times[big] * sums.slots[one], between[rows.slot_column[one]]
            for level in range(len(own)):
                line[level] -= share * own[level]
