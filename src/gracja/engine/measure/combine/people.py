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
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.combine.likelihood import EDGE
from gracja.engine.measure.combine.tallies import Tallies

# Of the truth, in standard deviations from its mode: even places are exact for a normal.
_POINTS: Final = np.linspace(-5.0, 5.0, 11)
_MOST_STEPS = 12
_NEAR = 0.2  # standard deviations: the points need not stand on the very mode
_LONGEST = 2.0  # logits of a step
_NEGLIGIBLE = 1e-6
_FARTHEST = 300.0  # logits: where a spread is hardly known points stand so far off that e to them overflows


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
    tallies: Tallies,
    sums: Floats,
    around: tuple[Floats, Floats],
    spreads: Floats,
    nodes: int,
    *,
    sloping: bool = True,
) -> People:
    """Everybody integrated, the rest held.

    sums: (3, cells) of effects without the employees'. around: where the nodes of errors stand, so many of
    each: (employees, 3) effects on the truth and on both errors, (employees, 2, 2) lower roots of the errors'
    covariances. spreads: (3,) between employees, of the truth below its likeliest value and above, and of the
    errors. sloping: with slopes.
    """
    at, masses = np.polynomial.hermite_e.hermegauss(nodes)
    rule = (_POINTS, at, np.log(masses / masses.sum()) + 0.5 * at**2)
    found, slope = np.zeros((len(tallies.first) - 1, 8)), np.zeros((3, sums.shape[1] if sloping else 0))
    sums = np.clip(sums, -_FARTHEST, _FARTHEST)
    seen = (tallies.sides, sums, np.exp(-sums))
    _integrate(tallies.counts, seen, tallies.first, around, spreads, rule, found, slope)
    squares = found[:, 5:].sum(axis=0)
    return People(float(found[:, 0].sum()), found[:, 1:4], found[:, 4], squares, slope)


@compiled()
def _near(effect: float) -> Any:
    return min(max(effect, -_FARTHEST), _FARTHEST)


@compiled()
def _errors_at(counts: Any, seen: Any, cells: Any, s_own: float, t_own: float, errors: Any) -> Any:
    """What marks of both say of these errors; errors: (2, cells of one employee), set to the shares."""
    sums, odds = seen[1], seen[2]
    s_own, t_own = _near(s_own), _near(t_own)
    value, s_against, t_against = 0.0, np.exp(-s_own), np.exp(-t_own)
    for cell in range(cells[0], cells[1]):
        here, s_odds, t_odds = cell - cells[0], odds[1, cell] * s_against, odds[2, cell] * t_against
        errors[0, here], errors[1, here] = 1 / (1 + s_odds), 1 / (1 + t_odds)
        of_met, of_not = counts[cell, 2] + counts[cell, 3], counts[cell, 5] + counts[cell, 4]
        if of_met != 0.0:
            value -= of_met * np.log(1 + s_odds) + counts[cell, 3] * (sums[1, cell] + s_own)
        if of_not != 0.0:
            value -= of_not * np.log(1 + t_odds) + counts[cell, 4] * (sums[2, cell] + t_own)
    return value


@compiled()
def _height_of(seen: Any, cells: Any, errors: Any, truth: float) -> Any:
    """Log-likelihood of this effect on the truth, both errors given: of each cell but three logarithms."""
    sides, sums, odds = seen
    truth = _near(truth)
    value, against = 0.0, np.exp(-truth)
    for cell in range(cells[0], cells[1]):
        judged_met, judged_not, ones, zeros = sides[cell]
        s, t, against_met = errors[0, cell - cells[0]], errors[1, cell - cells[0]], odds[0, cell] * against
        whole = 1 + against_met
        value -= judged_not * (sums[0, cell] + truth)
        every = judged_met + judged_not + ones + zeros
        if every != 0.0:
            value -= every * np.log(whole)
        if ones != 0.0:
            value += ones * np.log(max(s + against_met * (1 - t), EDGE * whole))
        if zeros != 0.0:
            value += zeros * np.log(max(1 - s + against_met * t, EDGE * whole))
    return value


@compiled()
def _slope_of(seen: Any, cells: Any, errors: Any, truth: float) -> Any:
    """(slope, expected curvature) of the same."""
    sides, _, odds = seen
    slope, curvature, against = 0.0, 0.0, np.exp(-_near(truth))
    for cell in range(cells[0], cells[1]):
        judged_met, judged_not, ones, zeros = sides[cell]
        judged, p = judged_met + judged_not, 1 / (1 + odds[0, cell] * against)
        slope += judged_met - judged * p
        curvature += judged * p * (1 - p)
        if ones != 0.0 or zeros != 0.0:
            s, t = errors[0, cell - cells[0]], errors[1, cell - cells[0]]
            q = min(max(p * s + (1 - p) * (1 - t), EDGE), 1 - EDGE)
            move = p * (1 - p) * (s + t - 1)
            slope += (ones / q - zeros / (1 - q)) * move
            curvature += (ones + zeros) * move**2 / (q * (1 - q))
    return slope, max(curvature, 0.0)


@compiled()
def _lean(counts: Any, seen: Any, cells: Any, errors: Any, truth: float, weight: float, slope: Any) -> None:
    """Add to slope (3, cells) what this truth and these errors say, times their weight."""
    sides, _, odds = seen
    against = np.exp(-_near(truth))
    for cell in range(cells[0], cells[1]):
        judged_met, judged_not, ones, zeros = sides[cell]
        b11, b10, b01, b00 = counts[cell, 2], counts[cell, 3], counts[cell, 4], counts[cell, 5]
        p, s, t = 1 / (1 + odds[0, cell] * against), errors[0, cell - cells[0]], errors[1, cell - cells[0]]
        q = min(max(p * s + (1 - p) * (1 - t), EDGE), 1 - EDGE)
        pull = ones / q - zeros / (1 - q)
        slope[0, cell] += weight * (judged_met - (judged_met + judged_not) * p)
        slope[0, cell] += weight * pull * p * (1 - p) * (s + t - 1)
        slope[1, cell] += weight * (pull * p * s * (1 - s) + b11 - (b11 + b10) * s)
        slope[2, cell] += weight * (b00 - (b01 + b00) * t - pull * (1 - p) * t * (1 - t))


@compiled()
def _points_of(
    seen: Any, cells: Any, errors: Any, truth: float, spreads: Any, points: Any, heights: Any
) -> Any:
    """(middle, step) of the truth's points; heights: (points,), set to the log-density at each."""
    deviation = spreads[0]
    for _ in range(_MOST_STEPS):
        slope, curvature = _slope_of(seen, cells, errors, truth)
        own = 1 / (spreads[0] if truth < 0.0 else spreads[1]) ** 2
        precision = curvature + own
        step = min(max((slope - truth * own) / precision, -_LONGEST), _LONGEST)
        truth, deviation = truth + step, 1 / np.sqrt(precision)
        if abs(step) < _NEAR * deviation:
            break
    for k in range(len(points)):
        x = truth + deviation * points[k]
        away = x / (spreads[0] if x < 0.0 else spreads[1])
        heights[k] = _height_of(seen, cells, errors, x) - 0.5 * away**2
    return truth, deviation


@compiled()
def _weigh(
    counts: Any, seen: Any, cells: Any, own: Any, spreads: Any, rule: Any, heights: Any, errors: Any
) -> None:
    """Set heights (nodes of both, points) of one employee; own: (nodes of both, 4), of each node both errors
    and the middle and the step of the truth's points, to be set.
    """
    points, nodes, logs = rule
    for node in range(len(own)):
        s_own, t_own = own[node, 0], own[node, 1]
        told = _errors_at(counts, seen, cells, s_own, t_own, errors)
        told -= 0.5 * (s_own**2 + t_own**2) / spreads[2] ** 2
        begin = own[max(node - 1, 0), 2]
        middle, step = _points_of(seen, cells, errors, begin, spreads, points, heights[node])
        own[node, 2], own[node, 3] = middle, step
        heights[node] += told + logs[node // len(nodes)] + logs[node % len(nodes)] + np.log(step)


@compiled()
def _integrate(
    counts: Any, seen: Any, first: Any, around: Any, spreads: Any, rule: Any, found: Any, slope: Any
) -> None:
    """Set found (employees, 8), and slope unless it is empty, as in People. seen: `Tallies.sides`; the sums
    of effects and, of each, e to minus it, (3, cells).
    """
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
        _weigh(counts, seen, cells, own, spreads, rule, heights, errors)
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
                _errors_at(counts, seen, cells, own[node, 0], own[node, 1], errors)
            for k in range(len(points)):
                truth, weight = own[node, 2] + own[node, 3] * points[k], weights[node, k]
                found[one, 1] += weight * truth
                found[one, 5 if truth < 0.0 else 6] += weight * truth**2
                if sloping and weight > _NEGLIGIBLE:
                    _lean(counts, seen, cells, errors, truth, weight, slope)
        found[one, 4] = found[one, 5] + found[one, 6] - found[one, 1] ** 2
