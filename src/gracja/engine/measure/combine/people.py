"""Each employee's own posterior where all that they share with others is held: on a grid, not by its mode.

A detector that marks nearly everyone *met* leaves a long tail toward "always"; a normal around the mode cuts
it off. So the truth of an employee is looked at point by point, their two errors at the mode for each.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.measure.combine.likelihood import EDGE, logistic, told

_STEPS = 12
# Logits between two steps: what is left changes the height by less than a hundred-thousandth.
_SETTLED = 1e-4


@compiled()
def _truth_at(counts: Any, sums: Any, cells: Any, truth: float, shares: Any) -> Any:
    """What people saw, at this truth; shares: (cells of one employee,), set to the share met of each."""
    value = 0.0
    for cell in range(cells[0], cells[1]):
        x = sums[0, cell] + truth
        shares[cell - cells[0]] = logistic(x)
        met = counts[cell, 2] + counts[cell, 3] + counts[cell, 6]
        not_met = counts[cell, 4] + counts[cell, 5] + counts[cell, 7]
        value += told(met, not_met, x)
    return value


@compiled()
def _errors_at(counts: Any, sums: Any, cells: Any, shares: Any, s_own: float, t_own: float) -> Any:
    """(value, slope by s, by t, weights ss, st, tt) of what the detector saw of one employee."""
    value, g_s, g_t, w_ss, w_st, w_tt = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for cell in range(cells[0], cells[1]):
        met, false, b11, b10, b01, b00 = counts[cell, :6]
        if met + false + b11 + b10 + b01 + b00 == 0.0:
            continue
        p, y, z = shares[cell - cells[0]], sums[1, cell] + s_own, sums[2, cell] + t_own
        s, t = logistic(y), logistic(z)
        q = min(max(p * s + (1 - p) * (1 - t), EDGE), 1 - EDGE)
        ones, zeros = met - b11 - b01, false - b10 - b00
        s_bend, t_bend = s * (1 - s), t * (1 - t)
        pull, hold = ones / q - zeros / (1 - q), ones / q**2 + zeros / (1 - q) ** 2
        q_s, q_t = p * s_bend, -(1 - p) * t_bend
        value += ones * np.log(q) + zeros * np.log1p(-q)
        g_s += pull * q_s
        g_t += pull * q_t
        w_ss += hold * q_s * q_s - pull * q_s * (1 - 2 * s)
        w_tt += hold * q_t * q_t - pull * q_t * (1 - 2 * t)
        w_st += hold * q_s * q_t
        if b11 + b10 > 0.0:
            value += told(b11, b10, y)
            g_s += b11 - (b11 + b10) * s
            w_ss += (b11 + b10) * s_bend
        if b01 + b00 > 0.0:
            value += told(b00, b01, z)
            g_t += b00 - (b00 + b01) * t
            w_tt += (b00 + b01) * t_bend
    return value, g_s, g_t, w_ss, w_st, w_tt


@compiled()
def _height_at(counts: Any, sums: Any, cells: Any, shares: Any, errors: Any, precision: float) -> Any:
    """Log of the integral over both errors by Laplace; errors: (2,), moved to their mode."""
    s_own, t_own = errors[0], errors[1]
    value, g_s, g_t, w_ss, w_st, w_tt = _errors_at(counts, sums, cells, shares, s_own, t_own)
    height = value - 0.5 * precision * (s_own**2 + t_own**2)
    for _ in range(_STEPS):
        # Where the height bends the wrong way the prior alone leads back.
        ss, tt, st = w_ss + precision, w_tt + precision, w_st
        if ss <= 0 or tt <= 0 or ss * tt - st * st <= 0:
            ss, tt, st = max(w_ss, 0.0) + precision, max(w_tt, 0.0) + precision, 0.0
        down_s, down_t = g_s - precision * s_own, g_t - precision * t_own
        root = ss * tt - st * st
        step_s, step_t = (tt * down_s - st * down_t) / root, (ss * down_t - st * down_s) / root
        if abs(step_s) + abs(step_t) < _SETTLED:
            break
        length = 1.0
        for _ in range(20):
            next_s, next_t = s_own + length * step_s, t_own + length * step_t
            value, n_s, n_t, n_ss, n_st, n_tt = _errors_at(counts, sums, cells, shares, next_s, next_t)
            there = value - 0.5 * precision * (next_s**2 + next_t**2)
            if there >= height - 1e-9:
                break
            length /= 2
        s_own, t_own, height = next_s, next_t, there
        g_s, g_t, w_ss, w_st, w_tt = n_s, n_t, n_ss, n_st, n_tt
    errors[0], errors[1] = s_own, t_own
    root = (w_ss + precision) * (w_tt + precision) - w_st**2
    return height + np.log(precision) - 0.5 * np.log(max(root, precision**2 * 1e-6))


@compiled()
def people_of(counts: Any, sums: Any, first: Any, centre: Any, reach: Any, spreads: Any, points: Any) -> Any:
    """(means, variances), each (employees,), of the truth's effect.

    counts (cells, 8), sums (3, cells) without the employees, cells sorted by employee from first (employees +
    1,). centre, reach: (employees,) where the grid stands; points: its standard places; spreads: (2,) of the
    truth and of the errors between employees.
    """
    people = len(first) - 1
    mean, variance = np.empty(people), np.empty(people)
    heights, places = np.empty(len(points)), np.empty(len(points))
    shares, precision = np.empty(np.max(first[1:] - first[:-1])), 1 / spreads[1] ** 2
    for one in range(people):
        cells, errors, before = first[one : one + 2], np.zeros(2), np.zeros(2)
        for k in range(len(points)):
            places[k] = centre[one] + reach[one] * points[k]
            seen = _truth_at(counts, sums, cells, places[k], shares)
            own = _height_at(counts, sums, cells, shares, errors, precision)
            heights[k] = seen + own - 0.5 * (places[k] / spreads[0]) ** 2
            if k > 0:  # the errors move on as they moved
                step = errors - before
                before[:] = errors
                errors += step
            else:
                before[:] = errors
        top = heights.max()
        mass, first_moment, second = 0.0, 0.0, 0.0
        for k in range(len(points)):
            weight = np.exp(heights[k] - top)
            mass += weight
            first_moment += weight * places[k]
            second += weight * places[k] ** 2
        mean[one] = first_moment / mass
        variance[one] = second / mass - mean[one] ** 2
    return mean, variance
