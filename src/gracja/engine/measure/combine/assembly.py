"""Weights of cells added up to the information matrix, in compiled passes."""

from __future__ import annotations

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats, Ints


@compiled()
def of_employees(
    weights: Floats, who: Ints, columns: Ints, kinds: Ints, employees: int, n_rest: int
) -> tuple[Floats, Floats]:
    """Blocks of employees (employees, 3, 3), and what they share with the rest (employees, 3, n_rest).

    weights: (3, 3, cells). who: (cells,), -1 where nobody. columns: (cells, width) in the rest, -1 for none;
    kinds: (width,), which of the three sums each belongs to.
    """
    block = np.zeros((employees, 3, 3))
    across = np.zeros((employees, 3, n_rest))
    for cell in range(len(who)):
        own = who[cell]
        if own < 0:
            continue
        block[own] += weights[:, :, cell]
        for slot in range(columns.shape[1]):
            if columns[cell, slot] >= 0:
                across[own, :, columns[cell, slot]] += weights[:, kinds[slot], cell]
    return block, across


@compiled()
def of_rest(weights: Floats, columns: Ints, kinds: Ints, n_rest: int) -> Floats:
    """(n_rest, n_rest): what the rest's effects share with each other."""
    rest = np.zeros((n_rest, n_rest))
    for cell in range(len(columns)):
        for slot in range(columns.shape[1]):
            for beside in range(columns.shape[1]):
                if columns[cell, slot] >= 0 and columns[cell, beside] >= 0:
                    rest[columns[cell, slot], columns[cell, beside]] += weights[
                        kinds[slot], kinds[beside], cell
                    ]
    return rest
