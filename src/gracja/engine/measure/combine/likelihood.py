"""The log-likelihood of one cell's counts, and how it bends.

With p = P(met), s = P(marked met | met), t = P(marked not met | not met), each the logistic of its own sum
of effects, a detector marks *met* with q = p s + (1 - p)(1 - t). All automatic marks enter by q. Where a
person judged too, their mark enters by its probability given the automatic one,
log P(human, automatic) - log P(automatic): so a review may be chosen by what the detector said.
Source: Rogan and Gladen (1978), Am. J. Epidemiology 107:71 (q); Joseph et al. (1995), ibid. 141:263.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats

EDGE: Final = 1e-12
"""No share marked is nearer 0 or 1."""


@dataclass(frozen=True)
class Bend:
    """value: the log-likelihood of all cells, NaN with expected weights, where nobody asks. slope: (3,
    cells), by the three sums of effects: of the truth, of s and of t. weights: (3, 3, cells), minus the
    second derivatives.
    """

    value: float
    slope: Floats
    weights: Floats


def bend_of(counts: Floats, sums: Floats, *, expected: bool = False) -> Bend:
    """counts: (cells, 8) as `tallies.COUNTS`; sums: (3, cells) in logits. expected: weights as they are on
    average over what the detector could have marked, which never bend the wrong way.
    """
    slope, weights = np.empty_like(sums), np.empty((3, 3, len(counts)))
    return Bend(_bend(counts, sums, slope, weights, expected), slope, weights)


@compiled()
def logistic(x: float) -> Any:
    """Of one number, however large."""
    return 1.0 / (1.0 + np.exp(-x)) if x >= 0 else np.exp(x) / (1.0 + np.exp(x))


@compiled()
def log_logistic(x: float) -> Any:
    """Of one number, however large."""
    return -np.log1p(np.exp(-x)) if x >= 0 else x - np.log1p(np.exp(x))


@compiled()
def told(met: float, not_met: float, x: float) -> Any:
    """Log-likelihood of so many met and not met of what is met with the logistic of x."""
    value = met * log_logistic(x) if met != 0.0 else 0.0
    return value + (not_met * log_logistic(-x) if not_met != 0.0 else 0.0)


@compiled()
def _bend(counts: Any, sums: Any, slope: Any, weights: Any, expected: Any) -> Any:
    value = 0.0
    for cell in range(len(counts)):
        met, false, b11, b10, b01, b00, alone_met, alone_not = counts[cell]
        judged_met, judged_not = b11 + b10 + alone_met, b01 + b00 + alone_not
        judged, of_met, of_not = judged_met + judged_not, b11 + b10, b01 + b00
        p, s, t = logistic(sums[0, cell]), logistic(sums[1, cell]), logistic(sums[2, cell])
        # The share marked met by the detector; what both marked stands in `met` too and is taken out again.
        q = min(max(p * s + (1 - p) * (1 - t), EDGE), 1 - EDGE)
        ones, zeros = met - b11 - b01, false - b10 - b00
        p_bend, s_bend, t_bend = p * (1 - p), s * (1 - s), t * (1 - t)
        move = (p_bend * (s + t - 1), p * s_bend, -(1 - p) * t_bend)
        pull, hold = ones / q - zeros / (1 - q), ones / q**2 + zeros / (1 - q) ** 2
        if expected:
            hold = max(ones + zeros, 0.0) / (q * (1 - q))
        for one in range(3):
            slope[one, cell] = pull * move[one]
            for other in range(3):
                weights[one, other, cell] = hold * move[one] * move[other]
        slope[0, cell] += judged_met - judged * p
        slope[1, cell] += b11 - of_met * s
        slope[2, cell] += b00 - of_not * t
        if expected:
            pull = 0.0
        weights[0, 0, cell] += judged * p_bend - pull * move[0] * (1 - 2 * p)
        weights[1, 1, cell] += of_met * s_bend - pull * move[1] * (1 - 2 * s)
        weights[2, 2, cell] += of_not * t_bend - pull * move[2] * (1 - 2 * t)
        for other, cross in ((1, p_bend * s_bend), (2, p_bend * t_bend)):
            weights[0, other, cell] -= pull * cross
            weights[other, 0, cell] -= pull * cross
        if expected:
            continue
        if ones != 0.0 or zeros != 0.0:
            value += ones * np.log(q) + zeros * np.log1p(-q)
        value += told(judged_met, judged_not, sums[0, cell])
        value += told(b11, b10, sums[1, cell]) + told(b00, b01, sums[2, cell])
    return np.nan if expected else value
