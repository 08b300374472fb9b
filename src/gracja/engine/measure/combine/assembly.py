"""Effects added up for cells, and what cells say added up for effects, in compiled passes."""

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
        for one in range(3):
            for other in range(3):
                block[own, one, other] += weights[one, other, cell]
        for slot in range(columns.shape[1]):
            column, kind = columns[cell, slot], kinds[slot]
            if column >= 0:
                for one in range(3):
                    across[own, one, column] += weights[one, kind, cell]
    return block, across


@compiled()
def of_rest(weights: Floats, alike: Ints, columns: Ints, kinds: Ints, n_rest: int) -> Floats:
    """(n_rest, n_rest): what the rest's effects share with each other.

    alike: (cells,), which row of columns (rows, width) each cell has: of all employees they are the same few.
    """
    total = np.zeros((len(columns), 3, 3))
    for one in range(3):
        for other in range(3):
            for cell in range(len(alike)):
                total[alike[cell], one, other] += weights[one, other, cell]
    rest = np.zeros((n_rest, n_rest))
    for row in range(len(columns)):
        for slot in range(columns.shape[1]):
            column = columns[row, slot]
            if column < 0:
                continue
            for beside in range(columns.shape[1]):
                if columns[row, beside] >= 0:
                    rest[column, columns[row, beside]] += total[row, kinds[slot], kinds[beside]]
    return rest


@compiled()
def sums_of_cells(own: Floats, others: Floats, who: Ints, columns: Ints, kinds: Ints) -> Floats:
    """(3, cells): effects added up. own: (employees, 3), others: (n_rest,), in logits."""
    sums = np.zeros((3, len(who)))
    for cell in range(len(who)):
        if who[cell] >= 0:
            for one in range(3):
                sums[one, cell] = own[who[cell], one]
        for slot in range(columns.shape[1]):
            if columns[cell, slot] >= 0:
                sums[kinds[slot], cell] += others[columns[cell, slot]]
    return sums


@compiled()
def slopes_of(
    slope: Floats, who: Ints, columns: Ints, kinds: Ints, employees: int, n_rest: int
) -> tuple[Floats, Floats]:
    """(employees, 3) and (n_rest,): the cells' slopes (3, cells) by each effect."""
    own, others = np.zeros((employees, 3)), np.zeros(n_rest)
    for cell in range(len(who)):
        if who[cell] >= 0:
            for one in range(3):
                own[who[cell], one] += slope[one, cell]
        for slot in range(columns.shape[1]):
            if columns[cell, slot] >= 0:
                others[columns[cell, slot]] += slope[kinds[slot], cell]
    return own, others
