"""How good probabilities are: Brier score, log loss, calibration slope, and the reliability table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from gracja.engine.detect.certainty.calibration import log_loss
from gracja.engine.detect.certainty.intervals import Share, exact_interval
from gracja.engine.detect.certainty.logistic import logistic
from gracja.engine.detect.certainty.thresholds import checked

BINS: Final = 10


@dataclass(frozen=True)
class ReliabilityBin:
    """Marks whose probability lies in [low, high): what was said on average, and what people said."""

    low: float
    high: float
    said: float | None
    met: Share


@dataclass(frozen=True)
class Quality:
    """brier: mean squared distance, 0 is best. log_loss: nats. slope, intercept: of the people's answers on
    the log odds, 1 and 0 where calibrated; slope under 1: too sure of itself. Null where nothing tells.
    """

    marks: int
    brier: float | None
    log_loss: float | None
    slope: float | None
    intercept: float | None
    reliability: tuple[ReliabilityBin, ...]


def quality(probability: ArrayLike, met: ArrayLike) -> Quality:
    """Raises EngineInputError: shape_mismatch, probability_out_of_range."""
    chance, label = checked(probability, met)
    inside = np.clip(chance, 1e-6, 1 - 1e-6)
    slope = intercept = None
    if label.any() and not label.all() and len(np.unique(inside)) > 1:
        features = np.stack([logit(inside), np.ones(len(inside))], axis=1)
        slope, intercept = map(float, logistic(features, label.astype(np.float64)))
    number = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    bins = []
    for position in range(BINS):
        inside_bin = number == position
        said = float(chance[inside_bin].mean()) if inside_bin.any() else None
        share = exact_interval(int(label[inside_bin].sum()), int(inside_bin.sum()))
        bins.append(ReliabilityBin(position / BINS, (position + 1) / BINS, said, share))
    brier = float(np.mean((chance - label) ** 2)) if len(label) else None
    loss = log_loss(inside, label) if len(label) else None
    return Quality(len(label), brier, loss, slope, intercept, tuple(bins))
