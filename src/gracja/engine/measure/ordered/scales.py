"""Which standards are marked on a scale, and which of them share one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gracja.engine.edition.model import Edition, ScaleMeasure
from gracja.engine.measure.cells import Floats, Ints

FEWEST_STEPS: Final = 2
MOST_STEPS: Final = 25
# A value so near to a step is that step: values come as 32-bit numbers.
_NEAR: Final = 1e-4


@dataclass(frozen=True)
class Scales:
    """tops: the highest step of each scale, counted from 0; the first is yes or no. of: standard -> scale;
    who is not named is yes or no.
    """

    tops: tuple[int, ...]
    of: dict[str, int]

    def among(self, standards: Iterable[str]) -> bool:
        """Whether any of these is marked on a scale of three steps or more."""
        return any(name in self.of for name in standards)


def scales_of(edition: Edition) -> Scales:
    """Standards whose scales have the same words share its thresholds. Two steps are yes or no; of more than
    25 a mark counts by its share, as half a mark met does.
    """
    tops, of, known = [1], {}, {}
    for _, _, standard in edition.standards():
        measure = standard.measure
        if isinstance(measure, ScaleMeasure) and 2 < len(measure.scale) <= MOST_STEPS:
            words = tuple(str(anchor) for anchor in measure.scale)
            if words not in known:
                known[words] = len(tops)
                tops.append(len(words) - 1)
            of[standard.standard] = known[words]
    return Scales(tuple(tops), of)


def split_steps(values: Floats, tops: Ints) -> tuple[Ints, Ints, Floats]:
    """Values 0-1 as steps 0 to tops: (marks,) row, step and how much of the row's mark lies on it.

    A value between two steps is shared out over both: a quasi-likelihood, as a mark of 0.5 is half a mark
    met.
    """
    exact = values * tops
    nearest = np.rint(exact)
    exact = np.where(np.abs(exact - nearest) < _NEAR * tops, nearest, exact)
    lower = np.floor(exact)
    above = exact - lower
    row, between = np.arange(len(values)), np.flatnonzero(above > 0)
    step = np.concatenate([lower, lower[between] + 1]).astype(np.int64)
    return np.concatenate([row, between]), step, np.concatenate([1 - above, above[between]])
