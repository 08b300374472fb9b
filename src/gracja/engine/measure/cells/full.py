"""Passes over full rows: every row has a place for every level of the facet inside, so that a processor
reads many at a step.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from gracja.engine.compiled import compiled

# Sums may be taken in another order; nothing here is infinite or not a number.
_LOOSE: Final = {"contract", "nsz", "arcp", "reassoc", "nnan"}


@compiled(error_model="numpy", fastmath=_LOOSE)
def _weights(met: Any, seen: Any, odds_row: float, odds_inside: Any, slope: Any, weight: Any) -> Any:
    for level in range(len(odds_inside)):
        odds = odds_row * odds_inside[level]
        left = 1.0 / (1.0 + odds)
        expected = seen[level] * odds * left
        weight[level] = expected * left
        slope[level] = met[level] - expected


@compiled(error_model="numpy", fastmath=_LOOSE)
def _add(target: Any, what: Any, times: float) -> Any:
    for level in range(len(what)):
        target[level] += times * what[level]


@compiled(error_model="numpy", fastmath=_LOOSE)
def _sum(what: Any) -> Any:
    total = 0.0
    for level in range(len(what)):
        total += what[level]
    return total


@compiled(error_model="numpy", fastmath=_LOOSE)
def _dot(one: Any, other: Any) -> Any:
    total = 0.0
    for level in range(len(other)):
        total += one[level] * other[level]
    return total


@compiled(error_model="numpy")
def read_full(rows: Any, base: Any, odds_inside: Any, sums: Any) -> Any:
    """base: (rows,) logits without the facet inside; odds_inside: (n_inner + 1,), the last 1."""
    n_big, outers, last = len(rows.big_rows) - 2, rows.outer.shape[1], len(sums.slope_outer) - 2
    slope, weight = np.empty(len(odds_inside)), np.empty(len(odds_inside))
    for big in range(n_big + 1):
        for row in range(rows.big_rows[big], rows.big_rows[big + 1]):
            _weights(rows.met[row], rows.seen[row], np.exp(base[row]), odds_inside, slope, weight)
            row_slope, row_weight = _sum(slope), _sum(weight)
            _add(sums.block[big], weight, 1.0)
            _add(sums.slope_inner, slope, 1.0)
            for place in range(outers):
                column = rows.outer[row, place]
                _add(sums.between[column], weight, 1.0)
                sums.slope_outer[column] += row_slope
                sums.slots[rows.outer_slot[row, place]] += row_weight
                sums.weight_outer[last, column] += row_weight
                for other in range(place + 1):
                    sums.weight_outer[column, rows.outer[row, other]] += row_weight
            sums.slope_big[big] += row_slope
            sums.weight_big[big] += row_weight


@compiled(error_model="numpy", fastmath=_LOOSE)
def _not_met(odds_row: float, odds_inside: Any, left: Any) -> Any:
    for level in range(len(odds_inside)):
        left[level] = 1.0 / (1.0 + odds_row * odds_inside[level])


@compiled(error_model="numpy")
def not_met_full(base: Any, odds_inside: Any, left: Any) -> Any:
    """left: (rows, n_inner + 1) probability that a mark is not met."""
    for row in range(len(base)):
        _not_met(np.exp(base[row]), odds_inside, left[row])


@compiled(error_model="numpy", fastmath=_LOOSE)
def _bends(seen: Any, odds_row: float, odds_inside: Any, leverage: Any, shift: float, bend: Any) -> Any:
    for level in range(len(odds_inside)):
        odds = odds_row * odds_inside[level]
        left = 1.0 / (1.0 + odds)
        share = odds * left
        bend[level] = seen[level] * share * left * (left - share) * (leverage[level] + shift)


@compiled(error_model="numpy")
def _across(big: int, rows: Any, sums: Any, spread: Any, mine: Any, outward: Any) -> Any:
    """Twice the covariance, in logits, of one level of the largest facet with the levels inside (mine), with
    its slots (outward) and with the intercept; and its own variance. Returns the last two.
    """
    n_inner, last = len(mine), len(spread.rest) - 2
    begin, end = rows.big_slots[big], rows.big_slots[big + 1]
    inside = slice(rows.first, rows.first + n_inner)
    own, weight = sums.block[big], sums.weight_big[big]
    of_last = weight * spread.rest[last, last] + _dot(own, spread.rest[last, inside])
    mine[:] = spread.crossed[big]
    _add(mine, spread.rest[last, inside], weight)
    for one in range(begin, end):
        line = spread.rest[rows.slot_column[one]]
        _add(mine, line[inside], sums.slots[one])
        of_last += sums.slots[one] * line[last]
        total = weight * line[last] + _dot(own, line[inside])
        for other in range(begin, end):
            total += sums.slots[other] * line[rows.slot_column[other]]
        outward[one - begin] = total
    within = weight * of_last + _dot(own, mine)
    for one in range(begin, end):
        within += sums.slots[one] * outward[one - begin]
    d = 1.0 + spread.theta**2 * weight
    turn = -2 * spread.theta**2 / d
    mine *= turn
    outward[: end - begin] *= turn
    return turn * of_last, 1.0 / d + spread.theta**2 * within / d**2


@compiled(error_model="numpy")
def bend_full(rows: Any, base: Any, odds_inside: Any, sums: Any, spread: Any, bends: Any) -> Any:
    """base, odds_inside: as `read_full`."""
    n_big, outers, n_inner = len(rows.big_rows) - 2, rows.outer.shape[1], len(odds_inside) - 1
    last = len(spread.rest) - 2
    inside = slice(rows.first, rows.first + n_inner)
    alone = np.zeros(n_inner + 1)  # of a cell, without its row and without the largest facet
    for level in range(n_inner):
        column = rows.first + level
        alone[level] = spread.rest[column, column] + 2 * spread.rest[last, column]
    mine, leverage, bend = np.zeros(n_inner), np.empty(n_inner + 1), np.empty(n_inner + 1)
    outward = np.zeros(max(1, np.max(rows.big_slots[1:] - rows.big_slots[:-1])))
    for big in range(n_big + 1):
        of_big, begin = spread.rest[last, last], rows.big_slots[big]
        mine[:] = 0.0
        outward[:] = 0.0
        if big < n_big:
            of_last, bends.variance[big] = _across(big, rows, sums, spread, mine, outward)
            of_big += of_last + spread.theta**2 * bends.variance[big]
        for row in range(rows.big_rows[big], rows.big_rows[big + 1]):
            shift = of_big
            leverage[:] = alone
            _add(leverage, mine, 1.0)
            for place in range(outers):
                line = spread.rest[rows.outer[row, place]]
                shift += line[rows.outer[row, place]] + 2 * line[last]
                shift += outward[rows.outer_slot[row, place] - begin]
                _add(leverage, line[inside], 2.0)
                for other in range(place):
                    shift += 2 * line[rows.outer[row, other]]
            _bends(rows.seen[row], np.exp(base[row]), odds_inside, leverage, shift, bend)
            total = _sum(bend)
            _add(bends.inner, bend, 1.0)
            bends.big[big] += total
            bends.outer[last] += total
            for place in range(outers):
                bends.outer[rows.outer[row, place]] += total
