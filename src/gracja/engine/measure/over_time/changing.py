"""When a share changed: the most likely moment, and how sure that it changed at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure.over_time.charts import chart
from gracja.engine.measure.over_time.run import NEIGHBOURS

DRAWS: Final = 4_000
LEAST_PERIODS: Final = 8  # of which something was judged
_ROUNDING: Final = 1e-9
_LEAST_SHARE: Final = 0.1  # of all that was judged, before and after: less says nothing


@dataclass(frozen=True, slots=True)
class Change:
    """period: the first one after. before, after: shares. p: how often so clear a change would be seen where
    nothing changed. sure: p is at most the level asked.
    """

    period: int
    before: float
    after: float
    p: float
    sure: bool


def change(
    met: ArrayLike, judged: ArrayLike, *, level: float = 0.01, draws: int = DRAWS, seed: int = 0
) -> Change | None:
    """The clearest change of one series of shares: (periods,), whole numbers, met <= judged.

    The largest standardised difference between what comes before and after a period, against its largest in
    series that do not change and vary as this one does between neighbouring periods; so a share that moves
    from day to day more than counts would is not taken for one that changed. None: too few periods to tell,
    or all or none met. Raises EngineInputError: as `charts.chart`; change_level (facts: given).
    Source: D. V. Hinkley, Biometrika 57 (1970) 1; critical values by simulation.
    """
    if not 0 < level < 1:
        raise EngineInputError("change_level", Where(field="level"), given=level)
    seen = chart(np.asarray(met)[None], np.asarray(judged)[None])
    counted = seen.judged[0] > 0
    if counted.sum() < LEAST_PERIODS or not 0 < seen.centre[0] < 1:
        return None
    above, below = seen.met[0][counted].astype(np.float64), seen.judged[0][counted].astype(np.float64)
    part = np.cumsum(below)[:-1] / below.sum()
    open_ = (part >= _LEAST_SHARE) & (part <= 1 - _LEAST_SHARE)
    if not open_.any():
        return None
    weight = np.sqrt(below / below.sum())
    clearness = _clearness(seen.z[0][counted].astype(np.float64)[None] * weight, part, open_)[0]
    at = int(np.argmax(clearness))
    random = np.random.default_rng(seed)
    null = _clearness(_unchanging(random, draws, len(below)) * weight, part, open_).max(axis=1)
    # one more than counted, on both sides: a p of nothing cannot be simulated
    p = float((1 + (null >= clearness[at]).sum()) / (1 + draws))
    if p <= level:
        p = max(p, _by_permutation(random, above, below, part, open_, draws))
    return Change(
        period=int(np.flatnonzero(counted)[at + 1]),
        before=float(above[: at + 1].sum() / below[: at + 1].sum()),
        after=float(above[at + 1 :].sum() / below[at + 1 :].sum()),
        p=p,
        sure=p <= level,
    )


def _unchanging(random: np.random.Generator, draws: int, periods: int) -> NDArray[np.float64]:
    """(draws, periods), each in standard deviations that are estimated from itself, as those of the series
    are: of few periods that is the larger part of chance.
    """
    drawn = random.standard_normal((draws, periods))
    apart = np.abs(np.diff(drawn, axis=1)).mean(axis=1, keepdims=True) / NEIGHBOURS
    return drawn / apart


def _by_permutation(
    random: np.random.Generator,
    met: NDArray[np.float64],
    judged: NDArray[np.float64],
    part: NDArray[np.float64],
    open_: NDArray[np.bool_],
    draws: int,
) -> float:
    """How often so clear a change comes about where what was met falls anywhere. Where nearly all is met,
    most periods are alike: hardly any spread is seen between neighbours, and a single miss would stand out.
    """
    drawn = random.multivariate_hypergeometric(
        judged.astype(np.int64), int(met.sum()), draws, method="marginals"
    )
    apart = np.concatenate([met[None], drawn]) - judged * met.sum() / judged.sum()
    clearness = _clearness(apart, part, open_).max(axis=1)
    return float((clearness >= clearness[0] * (1 - _ROUNDING)).mean())


def _clearness(
    weighed: NDArray[np.float64], part: NDArray[np.float64], open_: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """(series, periods - 1): how far apart before and after are; nothing where one of them is too short."""
    sums = np.cumsum(weighed, axis=1)
    apart = sums[:, :-1] - part * sums[:, -1:]
    return np.where(open_, np.abs(apart) / np.sqrt(part * (1 - part)), -np.inf)
