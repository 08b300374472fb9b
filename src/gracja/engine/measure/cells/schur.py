"""What is left of the information when the largest facet is eliminated: sums over its levels; and what its
inverse says of contrasts that touch few columns.
"""

from __future__ import annotations

from typing import Any

import numpy as np

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


@compiled()
def make_spherical(schur: Any, scale: Any) -> Any:
    """The lower triangle, from effects in logits to spherical ones, whose own information is 1 each."""
    last = len(scale) - 1
    for row in range(last + 1):
        own = scale[row]
        for column in range(row + 1):
            schur[row, column] *= own * scale[column]
        if row < last:
            schur[row, row] += 1.0


@compiled(fastmath={"contract", "nsz", "reassoc"})
def add_scattered(left: Any, inverse: Any, start: int, stop: int, form: Any) -> Any:
    """Form (n,) += what the columns outside start-stop add to left inverse left'; left: (n, n_rest)."""
    size = left.shape[1]
    touched = np.empty(size, dtype=np.int64)
    for row in range(len(left)):
        mine, count = left[row], 0
        for column in range(size):
            if mine[column] == 0.0 or start <= column < stop:
                continue
            line, across = inverse[column], 0.0
            for other in range(start, stop):
                across += line[other] * mine[other]
            for before in range(count):
                across += line[touched[before]] * mine[touched[before]]
            form[row] += mine[column] * (2.0 * across + mine[column] * line[column])
            touched[count] = column
            count += 1
