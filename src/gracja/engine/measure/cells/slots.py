"""Where each row and each cell adds to the block between the largest facet and the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from gracja.engine.compiled import compiled


@compiled()
def levels_met(inner: Any, row_cells: Any, big_rows: Any, n_inner: int) -> Any:
    """(n_big,): how many levels of the facet inside meet each level of the largest."""
    n_big = len(big_rows) - 2
    last = np.full(n_inner + 1, -1, dtype=np.int64)
    found = np.zeros(n_big, dtype=np.int64)
    for big in range(n_big):
        for cell in range(row_cells[big_rows[big]], row_cells[big_rows[big + 1]]):
            level = inner[cell]
            if level < n_inner and last[level] != big:
                last[level] = big
                found[big] += 1
    return found


@compiled()
def slots_of(columns: Any, row_columns: Any, big_rows: Any, n_rest: int) -> Any:
    """(big_slots: (n_big + 2,), slot_column, slot: as columns).

    columns: the columns among the rest, row after row (row_columns: (rows + 1,)), `n_rest` where none is
    known. A level of the largest facet has one slot for each column that its rows have.
    """
    big_slots = np.zeros(len(big_rows), dtype=np.int64)
    slot, slot_column = np.empty(len(columns), dtype=np.int32), np.empty(len(columns), dtype=np.int32)
    taken = np.full(n_rest + 1, -1, dtype=np.int64)
    used = 0
    for big in range(len(big_rows) - 1):
        began = used
        for one in range(row_columns[big_rows[big]], row_columns[big_rows[big + 1]]):
            column = columns[one]
            if taken[column] < began:
                taken[column] = used
                slot_column[used] = column
                used += 1
            slot[one] = taken[column]
        big_slots[big + 1] = used
    return big_slots, slot_column[:used].copy(), slot
