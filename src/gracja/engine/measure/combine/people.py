"""Each employee integrated out where all that they share with others is held: by points, not by the mode.

Their two errors stand on the nodes of an adaptive Gauss-Hermite rule. At each the truth is looked at point by
point: a detector that marks nearly everyone *met* leaves a long tail toward "always", which a normal around
the mode cuts off. The truth is the inner of the two because, the errors given, hundreds of automatic marks
leave little of it open; the errors, the truth given, lie on a narrow ridge, which few nodes would miss.
Source: Naylor and Smith (1982), Applied Statistics 31:214; Liu and Pierce (1994), Biometrika 81:624.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.combine.likelihood import EDGE, log_logistic, logistic, told

# Of the truth, in standard deviations from its mode: even places are exact for a normal.
_POINTS: Final = np.linspace(-5.0, 5.0, 11)
_MOST_STEPS = 12
_NEAR = 0.2  # standard deviations: the points need not stand on the very mode
_LONGEST = 2.0  # logits of a step
_NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class People:
    """height: log-likelihood of everybody, the employees' effects integrated. mean: (employees, 3) of the
    effects on the truth and on both errors; variance: (employees,) of the truth's. squares: (3,) expected and
    added up, of the truth's below 0, of those above, and of both errors'. slope: (3, cells), of the height,
    by the three sums of effects.
    """

    height: float
    mean: Floats
    variance: Floats
    squares: Floats
    slope: Floats


def people_of(
    seen: tuple[Floats, Floats, Ints],
    around: tuple[Floats, Floats],
    spreads: Floats,
    nodes: int,
    *,
    sloping: bool = True,
) -> People:
    """Everybody integrated, the rest held.

    seen: counts (cells, 8); sums (3, cells) without the employees; first (employees + 1,), where the cells of
    each begin. around: where the nodes of errors stand, so many of each: (employees, 3) effects on the truth
    and on both errors, (employees, 2, 2) lower roots of the errors' covariances. spreads: (3,) between
    employees, of the truth below its likeliest value and above, and of the errors. sloping: with slopes.
    """
    at, masses = np.polynomial.hermite_e.hermegauss(nodes)
    rule = (_POINTS, at, np.log(masses / masses.sum()) + 0.5 * at**2)
    found, slope = np.zeros((len(seen[2]) - 1, 8)), np.zeros((3, len(seen[0]) if sloping else 0))
    _integrate(seen, around, spreads, rule, found, slope)
    squares = found[:, 5:].sum(axis=0)
    return People(float(found[:, 0].sum()), found[:, 1:4], found[:, 4], squares, slope)


@compiled()
def _errors_at(counts: Any, sums: Any, cells: Any, s_own: float, t_own: float, errors: Any) -> Any:
    """What marks of both say of these errors; errors: (2, cells of one employee), set to the shares."""
    value = 0.0
    for cell in range(cells[0], cells[1]):
        y, z, here = sums[1, cell] + s_own, sums[2, cell] + t_own, cell - cells[0]
        errors[0, here], errors[1, here] = logistic(y), logistic(z)
        value += told(counts[cell, 2], counts[cell, 3], y) + told(counts[cell, 5], counts[cell, 4], z)
    return value


@compiled()
def _truth_at(counts: Any, sums: Any, cells: Any, errors: Any, truth: float) -> Any:
    """(value, slope, expected curvature) of the truth's effect, both errors given."""
    value, slope, curvature = 0.0, 0.0, 0.0
    for cell in range(cells[0], cells[1]):
        met, false, b11, b10, b01, b00, alone_met, alone_not = counts[cell]
        x = sums[0, cell] + truth
        p, s, t = logistic(x), errors[0, cell - cells[0]], errors[1, cell - cells[0]]
        judged_met, judged_not = b11 + b10 + alone_met, b01 + b00 + alone_not
        judged, ones, zeros = judged_met + judged_not, met - b11 - b01, false - b10 - b00
        if judged > 0.0:
            value += judged_met * log_logistic(x) + judged_not * log_logistic(-x)
            slope += judged_met - judged * p
            curvature += judged * p * (1 - p)
        if ones != 0.0 or zeros != 0.0:
            q = min(max(p * s + (1 - p) * (1 - t), EDGE), 1 - EDGE)
            move = p * (1 - p) * (s + t - 1)
            value += ones * np.log(q) + zeros * np.log1p(-q)
            slope += (ones / q - zeros / (1 - q)) * move
            curvature += (ones + zeros) * move**2 / (q * (1 - q))
    return value, slope, max(curvature, 0.0)


@compiled()
def _lean(counts: Any, sums: Any, cells: Any, errors: Any, truth: float, weight: float, slope: Any) -> None:
    """Add to slope (3, cells) what this truth and these errors say, times their weight."""
    for cell in range(cells[0], cells[1]):
        met, false, b11, b10, b01, b00, alone_met, alone_not = counts[cell]
        p, s, t = logistic(sums[0, cell] + truth), errors[0, cell - cells[0]], errors[1, cell - cells[0]]
        judged_met = b11 + b10 + alone_met
        q = min(max(p * s + (1 - p) * (1 - t), EDGE), 1 - EDGE)
        pull = (met - b11 - b01) / q - (false - b10 - b00) / (1 - q)
        slope[0, cell] += weight * (judged_met - (judged_met + b01 + b00 + alone_not) * p)
        slope[0, cell] += weight * pull * p * (1 - p) * (s + t - 1)
        slope[1, cell] += weight * (pull * p * s * (1 - s) + b11 - (b11 + b10) * s)
        slope[2, cell] += weight * (b00 - (b01 + b00) * t - pull * (1 - p) * t * (1 - t))


@compiled()
def _points_of(
    counts: Any, sums: Any, cells: Any, errors: Any, truth: float, spreads: Any, points: Any, heights: Any
) -> Any:
    """(middle, step) of the truth's points; heights: (points,), set to the log-density at each."""
    deviation = spreads[0]
    for _ in range(_MOST_STEPS):
        _, slope, curvature = _truth_at(counts, sums, cells, errors, truth)
        own = 1 / (spreads[0] if truth < 0.0 else spreads[1]) ** 2
        precision = curvature + own
        step = min(max((slope - truth * own) / precision, -_LONGEST), _LONGEST)
        truth, deviation = truth + step, 1 / np.sqrt(precision)
        if abs(step) < _NEAR * deviation:
            break
    for k in range(len(points)):
        x = truth + deviation * points[k]
        away = x / (spreads[0] if x < 0.0 else spreads[1])
        heights[k] = _truth_at(counts, sums, cells, errors, x)[0] - 0.5 * away**2
    return truth, deviation


@compiled()
def _weigh(
    counts: Any, sums: Any, cells: Any, own: Any, spreads: Any, rule: Any, heights: Any, errors: Any
) -> None:
    """Set heights (nodes of both, points) of one employee; own: (nodes of both, 4), of each node both errors
    and the middle and the step of the truth's points, to be set.
    """
    points, nodes, logs = rule
    for node in range(len(own)):
        s_own, t_own = own[node, 0], own[node, 1]
        seen = _errors_at(counts, sums, cells, s_own, t_own, errors)
        seen -= 0.5 * (s_own**2 + t_own**2) / spreads[2] ** 2
        begin = own[max(node - 1, 0), 2]
        middle, step = _points_of(counts, sums, cells, errors, begin, spreads, points, heights[node])
        own[node, 2], own[node, 3] = middle, step
        heights[node] += seen + logs[node // len(nodes)] + logs[node % len(nodes)] + np.log(step)


@compiled()
def _integrate(seen: Any, around: Any, spreads: Any, rule: Any, found: Any, slope: Any) -> None:
    """Set found (employees, 8), and slope unless it is empty, as in People."""
    counts, sums, first = seen
    centre, roots = around
    points, nodes, _ = rule
    n, both = len(nodes), len(nodes) ** 2
    heights, own = np.empty((both, len(points))), np.empty((both, 4))
    errors = np.empty((2, np.max(first[1:] - first[:-1])))
    width = np.log((points[1] - points[0]) / (0.5 * (spreads[0] + spreads[1]) * np.sqrt(2 * np.pi)))
    for one in range(len(first) - 1):
        cells, root = first[one : one + 2], roots[one]
        for node in range(both):
            x, y = nodes[node // n], nodes[node % n]
            own[node, 0] = centre[one, 1] + root[0, 0] * x
            own[node, 1] = centre[one, 2] + root[1, 0] * x + root[1, 1] * y
        own[0, 2] = centre[one, 0]
        _weigh(counts, sums, cells, own, spreads, rule, heights, errors)
        top = heights.max()
        weights = np.exp(heights - top)
        mass = weights.sum()
        found[one, 0] = top + np.log(mass * root[0, 0] * root[1, 1] / spreads[2] ** 2) + width
        weights /= mass
        for node in range(both):
            whole = weights[node].sum()
            found[one, 2] += whole * own[node, 0]
            found[one, 3] += whole * own[node, 1]
            found[one, 7] += whole * (own[node, 0] ** 2 + own[node, 1] ** 2)
            sloping = slope.shape[1] > 0 and whole > _NEGLIGIBLE
            if sloping:
                _errors_at(counts, sums, cells, own[node, 0], own[node, 1], errors)
            for k in range(len(points)):
                truth, weight = own[node, 2] + own[node, 3] * points[k], weights[node, k]
                found[one, 1] += weight * truth
                found[one, 5 if truth < 0.0 else 6] += weight * truth**2
                if sloping and weight > _NEGLIGIBLE:
                    _lean(counts, sums, cells, errors, truth, weight, slope)
        found[one, 4] = found[one, 5] + found[one, 6] - found[one, 1] ** 2
