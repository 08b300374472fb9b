"""The log-likelihood of one cell's counts, and how it bends.

With p = P(met), s = P(marked met | met), t = P(marked not met | not met), each the logistic of its own sum
of effects, a detector marks *met* with q = p s + (1 - p)(1 - t). All automatic marks enter by q. Where a
person judged too, their mark enters by its probability given the automatic one,
log P(human, automatic) - log P(automatic): so a review may be chosen by what the detector said.
Source: Rogan and Gladen (1978), Am. J. Epidemiology 107:71 (q); Joseph et al. (1995), ibid. 141:263.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit, log_expit

from gracja.engine.measure.cells import Floats

_EDGE: Final = 1e-12


@dataclass(frozen=True)
class Bend:
    """value: the log-likelihood of all cells. slope: (3, cells), by the three sums of effects: of the truth,
    of s and of t. weights: (3, 3, cells), minus the second derivatives.
    """

    value: float
    slope: Floats
    weights: Floats


def bend_of(counts: Floats, sums: Floats) -> Bend:
    """counts: (cells, 8) as `tallies.COUNTS`; sums: (3, cells) in logits."""
    met, false, b11, b10, b01, b00, alone_met, alone_not = counts.T
    p, s, t = expit(sums)
    judged_met, judged_not = b11 + b10 + alone_met, b01 + b00 + alone_not
    # The share marked met by the detector; marks that both made stand in `met` too and are taken out again.
    q = np.clip(p * s + (1 - p) * (1 - t), _EDGE, 1 - _EDGE)
    ones, zeros = met - b11 - b01, false - b10 - b00
    better = s + t - 1
    p_bend, s_bend, t_bend = p * (1 - p), s * (1 - s), t * (1 - t)
    move = np.stack([p_bend * better, p * s_bend, -(1 - p) * t_bend])
    pull = ones / q - zeros / (1 - q)
    slope = pull * move
    slope[0] += judged_met - (judged_met + judged_not) * p
    slope[1] += b11 - (b11 + b10) * s
    slope[2] += b00 - (b00 + b01) * t
    weights = (ones / q**2 + zeros / (1 - q) ** 2) * move[:, None] * move[None, :]
    weights[0, 0] += (judged_met + judged_not) * p_bend - pull * p_bend * (1 - 2 * p) * better
    weights[1, 1] += (b11 + b10) * s_bend - pull * p * s_bend * (1 - 2 * s)
    weights[2, 2] += (b00 + b01) * t_bend + pull * (1 - p) * t_bend * (1 - 2 * t)
    for other, cross in ((1, p_bend * s_bend), (2, p_bend * t_bend)):
        weights[0, other] -= pull * cross
        weights[other, 0] -= pull * cross
    value = ones @ np.log(q) + zeros @ np.log1p(-q)
    value += judged_met @ log_expit(sums[0]) + judged_not @ log_expit(-sums[0])
    value += b11 @ log_expit(sums[1]) + b10 @ log_expit(-sums[1])
    value += b00 @ log_expit(sums[2]) + b01 @ log_expit(-sums[2])
    return Bend(float(value), slope, weights)
