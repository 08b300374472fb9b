"""Control charts of shares, for any number of sites at once: p, Laney's p', EWMA, and run rules.

Sources: D. C. Montgomery, Introduction to Statistical Quality Control, sections 7.3 and 9.2 (p chart, EWMA);
D. B. Laney, Improved control charts for attributes, Quality Engineering 14 (2002) 531 (p'); J. M. Lucas and
M. S. Saccucci, Technometrics 32 (1990) 1 (run lengths of EWMA).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure.over_time.run import follow
from gracja.engine.measure.over_time.signals import IN_A_ROW

Kind = Literal["p", "laney"]
_LEAST_BASELINE: Final = 2


@dataclass(frozen=True)
class Rules:
    """sigmas: limits of the chart. run: so many in a row on one side; 0: not looked at. drift_sigmas: limits
    of the moving average, which takes in each period by `smoothing`; 0: not looked at.
    """

    sigmas: float = 3.0
    run: int = 0
    drift_sigmas: float = 0.0
    smoothing: float = 0.2

    def __post_init__(self) -> None:
        if self.sigmas <= 0 or self.run < 0 or self.drift_sigmas < 0 or not 0 < self.smoothing <= 1:
            raise EngineInputError("chart_rules", Where(field="rules"))

    @property
    def plain(self) -> tuple[float, int, float, float]:
        """As compiled code takes them."""
        return float(self.sigmas), self.run, float(self.drift_sigmas), float(self.smoothing)


THREE_SIGMAS: Final = Rules()
# All three together signal once in 370 periods where nothing changes, as a chart of three sigmas alone does:
# found by `lengths.in_control`, and held to it by a test.
ALL_RULES: Final = Rules(sigmas=3.25, run=IN_A_ROW, drift_sigmas=3.05)


@dataclass(frozen=True)
class Chart:
    """Sites by periods. z: (sites, periods) float32, how far off the centre in standard deviations, NaN where
    nothing was judged. smoothed: the moving average of z in its own. signals: (sites, periods) uint8, bits of
    run.BEYOND, run.RUN, run.DRIFT. centre: (sites,), the baseline's share, NaN where it is empty. dispersion:
    (sites,), how much more the baseline varies than binomial counts would; 1 in a p chart.
    """

    met: NDArray[Any]
    judged: NDArray[Any]
    rules: Rules
    centre: NDArray[np.float64]
    dispersion: NDArray[np.float64]
    z: NDArray[np.float32]
    smoothed: NDArray[np.float32]
    signals: NDArray[np.uint8]

    def limits(self, site: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(periods,) low and high of one site, cut at 0 and 1; NaN where nothing was judged."""
        centre = self.centre[site]
        judged = self.judged[site].astype(np.float64)
        judged[judged == 0] = np.nan
        off = self.rules.sigmas * self.dispersion[site] * np.sqrt(centre * (1 - centre) / judged)
        return np.clip(centre - off, 0, 1), np.clip(centre + off, 0, 1)


def chart(
    met: ArrayLike,
    judged: ArrayLike,
    *,
    kind: Kind = "laney",
    baseline: int | None = None,
    rules: Rules = ALL_RULES,
) -> Chart:
    """Follow shares: (periods,) of one site, or (sites, periods); whole numbers, met <= judged.

    baseline: the first so many periods set centre and dispersion; None: all. A period in which nothing was
    judged is passed over: it neither signals nor ends a run. A site whose baseline is empty, or all or none
    of whose baseline is met, has no limits and signals nothing.
    Raises EngineInputError: shape_mismatch (judged), chart_counts (facts: site, period: the first that is
    impossible), chart_baseline (facts: given, periods), chart_kind (facts: given), chart_rules.
    """
    if kind not in ("p", "laney"):
        raise EngineInputError("chart_kind", Where(field="kind"), given=str(kind))
    above, below = np.atleast_2d(np.asarray(met)), np.atleast_2d(np.asarray(judged))
    if above.ndim != 2 or above.shape != below.shape:
        raise EngineInputError(
            "shape_mismatch", Where(field="judged"), expected=[*above.shape], given=[*below.shape]
        )
    periods = above.shape[1]
    length = periods if baseline is None else baseline
    if not min(_LEAST_BASELINE, periods) <= length <= periods:
        raise EngineInputError("chart_baseline", Where(field="baseline"), given=length, periods=periods)
    counts = _whole(above, below)
    found = follow(*counts, length, kind == "laney", rules.plain)
    return Chart(*counts, rules, *found)


def _whole(met: NDArray[Any], judged: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    wrong = ~((met >= 0) & (judged >= met) & (judged < 2**31))
    for one in (met, judged):
        if one.dtype.kind not in "iub":
            wrong |= one != np.floor(one)
    if wrong.any():
        site, period = (int(number) for number in np.argwhere(wrong)[0])
        raise EngineInputError("chart_counts", Where(field="met"), site=site, period=period)
    return (
        np.ascontiguousarray(met, dtype=np.int32),
        np.ascontiguousarray(judged, dtype=np.int32),
    )
