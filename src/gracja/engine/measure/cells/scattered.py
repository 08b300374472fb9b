"""Passes over cells where few levels of the facet inside occur in a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from gracja.engine.compiled import compiled


@compiled(error_model="numpy")
def read_scattered(rows: Any, base: Any, odds_inside: Any, sums: Any) -> Any:
    """base: (rows,) logits without the facet inside; odds_inside: (n_inner + 1,), the last 1."""
    n_big, outers, last = len(rows.big_rows) - 2, rows.outer.shape[1], len(sums.slope_outer) - 2
    for big in range(n_big + 1):
        for row in range(rows.big_rows[big], rows.big_rows[big + 1]):
            odds_row = np.exp(base[row])
            row_slope = row_weight = 0.0
            for cell in range(rows.row_cells[row], rows.row_cells[row + 1]):
                level = rows.inner[cell]
                odds = odds_row * odds_inside[level]
                left = 1.0 / (1.0 + odds)
                expected = rows.seen[cell] * odds * left
                slope, weight = rows.met[cell] - expected, expected * left
                row_slope += slope
                row_weight += weight
                sums.slope_inner[level] += slope
                sums.weight_inner[level] += weight
                sums.slots[rows.inner_slot[cell]] += weight
                for place in range(outers):
                    sums.between[rows.outer[row, place], level] += weight
            for place in range(outers):
                column = rows.outer[row, place]
                sums.slope_outer[column] += row_slope
                sums.slots[rows.outer_slot[row, place]] += row_weight
                sums.weight_outer[last, column] += row_weight
                for other in range(place + 1):
                    sums.weight_outer[column, rows.outer[row, other]] += row_weight
            sums.slope_big[big] += row_slope
            sums.weight_big[big] += row_weight


@compiled(error_model="numpy")
def not_met_scattered(row_cells: Any, inner: Any, base: Any, odds_inside: Any, left: Any) -> Any:
    """left: (cells,) probability that a mark is not met."""
    for row in range(len(base)):
        odds_row = np.exp(base[row])
        for cell in range(row_cells[row], row_cells[row + 1]):
            left[cell] = 1.0 / (1.0 + odds_row * odds_inside[inner[cell]])


@compiled(error_model="numpy")
def _across(big: int, rows: Any, sums: Any, spread: Any, outward: Any) -> Any:
    """Twice the covariance, in logits, of one level of the largest facet with its slots (outward) and with
    the intercept; and its own variance. Returns the last two.
    """
    last = len(spread.rest) - 2
    begin, end, weight = rows.big_slots[big], rows.big_slots[big + 1], sums.weight_big[big]
    of_last = weight * spread.rest[last, last]
    for one in range(begin, end):
        line = spread.rest[rows.slot_column[one]]
        of_last += sums.slots[one] * line[last]
        total = weight * line[last]
        for other in range(begin, end):
            total += sums.slots[other] * line[rows.slot_column[other]]
        outward[one - begin] = total
    within = weight * of_last
    for one in range(begin, end):
        within += sums.slots[one] * outward[one - begin]
    d = 1.0 + spread.theta**2 * weight
    turn = -2 * spread.theta**2 / d
    outward[: end - begin] *= turn
    return turn * of_last, 1.0 / d + spread.theta**2 * within / d**2


@compiled(error_model="numpy")
def _row_leverage(row: int, begin: int, rows: Any, spread: Any, outward: Any) -> Any:
    total, last = 0.0, len(spread.rest) - 2
    for place in range(rows.outer.shape[1]):
        line = spread.rest[rows.outer[row, place]]
        total += line[rows.outer[row, place]] + 2 * line[last]
        total += outward[rows.outer_slot[row, place] - begin]
        for other in range(place):
            total += 2 * line[rows.outer[row, other]]
    return total


@compiled(error_model="numpy")
def bend_scattered(rows: Any, base: Any, odds_inside: Any, sums: Any, spread: Any, bends: Any) -> Any:
    """base, odds_inside: as `read_scattered`."""
    n_big, outers, n_inner = len(rows.big_rows) - 2, rows.outer.shape[1], len(odds_inside) - 1
    last = len(spread.rest) - 2
    outward = np.zeros(max(1, np.max(rows.big_slots[1:] - rows.big_slots[:-1])))
    for big in range(n_big + 1):
        of_big, begin = spread.rest[last, last], rows.big_slots[big]
        outward[:] = 0.0
        if big < n_big:
            of_last, bends.variance[big] = _across(big, rows, sums, spread, outward)
            of_big += of_last + spread.theta**2 * bends.variance[big]
        for row in range(rows.big_rows[big], rows.big_rows[big + 1]):
            shift = of_big + _row_leverage(row, begin, rows, spread, outward)
            odds_row, all_bend = np.exp(base[row]), 0.0
            for cell in range(rows.row_cells[row], rows.row_cells[row + 1]):
                level, leverage = rows.inner[cell], shift
                if level < n_inner:
                    line = spread.rest[rows.first + level]
                    leverage += line[rows.first + level] + 2 * line[last]
                    leverage += outward[rows.inner_slot[cell] - begin]
                    for place in range(outers):
                        leverage += 2 * line[rows.outer[row, place]]
                odds = odds_row * odds_inside[level]
                left = 1.0 / (1.0 + odds)
                share = odds * left
                bend = rows.seen[cell] * share * left * (left - share) * leverage
                bends.inner[level] += bend
                all_bend += bend
            bends.big[big] += all_bend
            bends.outer[last] += all_bend
            for place in range(outers):
                bends.outer[rows.outer[row, place]] += all_bend
