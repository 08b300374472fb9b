"""Compiled passes over ordered marks: what each adds to height, slope, information and its bend.

A mark of step x on scale s has log-probability x a h + c_x - log sum_k exp(k a h + c_k): h the sum of its
effects, a the scale's slope, c its thresholds' sums (c_0 = c_top = 0). At two steps this is the logit.
Source: Andrich (1978), Psychometrika 43:561; Muraki (1992), Appl. Psychol. Meas. 16:159, for the slope.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats, Ints


class Steps(NamedTuple):
    """Cells of marks: equal levels and step are one.

    big: (cells,) level of the largest facet, n_big where none is known. columns: (cells, facets) among the
    rest, `n_all` where none is known; the last is the intercept's. scale, step, weight: (cells,). tops,
    firsts: (scales,) the highest step, and the column among the rest of the first threshold's sum.
    """

    big: Ints
    columns: Ints
    scale: Ints
    step: Ints
    weight: Floats
    tops: Ints
    firsts: Ints


@compiled()
def chances(logit: float, top: int, first: int, rest: Floats, into: Floats) -> float:
    """Probabilities of the steps 0 to top, written to `into`; returns the log of their sum before."""
    highest = 0.0
    for k in range(top + 1):
        into[k] = k * logit
        if 0 < k < top:
            into[k] += rest[first + k - 1]
        highest = max(highest, into[k])
    total = 0.0
    for k in range(top + 1):
        into[k] = np.exp(into[k] - highest)
        total += into[k]
    for k in range(top + 1):
        into[k] /= total
    return float(highest + np.log(total))


@compiled()
def _sum_at(cell: int, steps: Steps, big: Floats, rest: Floats) -> float:
    found = big[steps.big[cell]]
    for slot in range(steps.columns.shape[1]):
        found += rest[steps.columns[cell, slot]]
    return float(found)


@compiled()
def sums(
    steps: Steps, slopes: Floats, big: Floats, rest: Floats
) -> tuple[float, Floats, Floats, Floats, Floats, Floats]:
    """Log-likelihood at these effects, in logits (the last of each is 0, for what is not known); its slopes
    by big and rest; the information's blocks: (n_big + 1,) of big, (n_big + 1, n_all + 1) between,
    (n_all + 1, n_all + 1) of the rest, its lower triangle.
    """
    height = 0.0
    slope_big, slope_rest = np.zeros_like(big), np.zeros_like(rest)
    own, between = np.zeros_like(big), np.zeros((len(big), len(rest)))
    block = np.zeros((len(rest), len(rest)))
    chance, shared = np.empty(steps.tops.max() + 1), np.empty(steps.tops.max() + 1)
    width = steps.columns.shape[1]
    for cell in range(len(steps.big)):
        scale, step, weight, level = steps.scale[cell], steps.step[cell], steps.weight[cell], steps.big[cell]
        top, first, slope = steps.tops[scale], steps.firsts[scale], slopes[scale]
        logit = slope * _sum_at(cell, steps, big, rest)
        log_sum = chances(logit, top, first, rest, chance)
        height += weight * (step * logit + (rest[first + step - 1] if 0 < step < top else 0.0) - log_sum)
        mean, square = 0.0, 0.0
        for k in range(1, top + 1):
            mean += k * chance[k]
            square += k * k * chance[k]
        up = weight * slope * (step - mean)
        heavy = weight * slope * slope * (square - mean * mean)
        slope_big[level] += up
        own[level] += heavy
        for slot in range(width):
            column = steps.columns[cell, slot]
            slope_rest[column] += up
            between[level, column] += heavy
            for beside in range(slot + 1):
                # facets follow each other, the intercept last: the later slot is the lower row
                block[column, steps.columns[cell, beside]] += heavy
        for k in range(1, top):
            row = first + k - 1
            slope_rest[row] += weight * ((1.0 if k == step else 0.0) - chance[k])
            shared[k] = weight * slope * chance[k] * (k - mean)
            between[level, row] += shared[k]
            for slot in range(width):
                block[row, steps.columns[cell, slot]] += shared[k]
            block[row, row] += weight * chance[k]
            for j in range(1, k + 1):
                block[row, first + j - 1] -= weight * chance[k] * chance[j]
    return float(height), slope_big, slope_rest, own, between, block


@compiled()
def bends(
    steps: Steps,
    slopes: Floats,
    big: Floats,
    rest: Floats,
    variance_big: Floats,
    across: Floats,
    inverse: Floats,
) -> tuple[Floats, Floats, Floats]:
    """What moves half the log-determinant: by big (n_big + 1,), by rest (n_all + 1,), and by the log of each
    scale's slope (scales,), to which the height's own slope is added.

    variance_big, across, inverse: the effects' covariance, in logits, 0 where something is not integrated.
    """
    bend_big, bend_rest, by_slope = np.zeros_like(big), np.zeros_like(rest), np.zeros(len(steps.tops))
    chance, width = np.empty(steps.tops.max() + 1), steps.columns.shape[1]
    for cell in range(len(steps.big)):
        scale, step, weight, level = steps.scale[cell], steps.step[cell], steps.weight[cell], steps.big[cell]
        top, first, slope = steps.tops[scale], steps.firsts[scale], slopes[scale]
        logit = slope * _sum_at(cell, steps, big, rest)
        chances(logit, top, first, rest, chance)
        mean = 0.0
        for k in range(1, top + 1):
            mean += k * chance[k]
        square, cube = 0.0, 0.0
        for k in range(top + 1):
            away = k - mean
            square += away * away * chance[k]
            cube += away * away * away * chance[k]
        spread = variance_big[level]
        for slot in range(width):
            column = steps.columns[cell, slot]
            spread += 2 * across[level, column] + inverse[column, column]
            for beside in range(slot):
                spread += 2 * inverse[column, steps.columns[cell, beside]]
        half = 0.5 * weight * slope * slope * spread
        bend_big[level] += half * slope * cube
        for slot in range(width):
            bend_rest[steps.columns[cell, slot]] += half * slope * cube
        for k in range(1, top):
            bend_rest[first + k - 1] += half * chance[k] * ((k - mean) ** 2 - square)
        by_slope[scale] += weight * (step - mean) * logit - half * (2 * square + logit * cube)
    return bend_big, bend_rest, by_slope


@compiled()
def slid(
    steps: Steps, slopes: Floats, big: Floats, rest: Floats, moved_big: Floats, moved_rest: Floats
) -> Floats:
    """(scales,) how the mode's slope along `moved` changes with the log of each scale's slope."""
    found, chance = np.zeros(len(steps.tops)), np.empty(steps.tops.max() + 1)
    for cell in range(len(steps.big)):
        scale, step = steps.scale[cell], steps.step[cell]
        top, first, slope = steps.tops[scale], steps.firsts[scale], slopes[scale]
        logit = slope * _sum_at(cell, steps, big, rest)
        chances(logit, top, first, rest, chance)
        mean, square = 0.0, 0.0
        for k in range(1, top + 1):
            mean += k * chance[k]
            square += k * k * chance[k]
        along = _sum_at(cell, steps, moved_big, moved_rest)
        change = along * slope * (step - mean - (square - mean * mean) * logit)
        for k in range(1, top):
            change -= moved_rest[first + k - 1] * logit * chance[k] * (k - mean)
        found[scale] += steps.weight[cell] * change
    return found


@compiled()
def take_products(block: Floats, rows: Floats) -> None:
    """Block (lower triangle) -= rows' rows. Of a row few columns are not 0: whom one employee never met."""
    touched = np.empty(rows.shape[1], dtype=np.int64)
    for row in range(len(rows)):
        count = _touched(rows[row], touched)
        for one in range(count):
            column, amount = touched[one], rows[row, touched[one]]
            for other in range(one + 1):
                block[column, touched[other]] -= amount * rows[row, touched[other]]


@compiled()
def spread_over(rows: Floats, inverse: Floats) -> Floats:
    """-rows inverse, in the columns that a row touches; 0 elsewhere, where nothing asks for it."""
    found, touched = np.zeros_like(rows), np.empty(rows.shape[1], dtype=np.int64)
    for row in range(len(rows)):
        count = _touched(rows[row], touched)
        for one in range(count):
            total = 0.0
            for other in range(count):
                total -= rows[row, touched[other]] * inverse[touched[one], touched[other]]
            found[row, touched[one]] = total
    return found


@compiled()
def _touched(row: Floats, into: Ints) -> int:
    count = 0
    for column in range(len(row)):
        if row[column] != 0.0:
            into[count] = column
            count += 1
    return count
