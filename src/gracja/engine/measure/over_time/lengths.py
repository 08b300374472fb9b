"""How long a chart is silent where nothing changes: its in-control run length, by simulation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gracja.engine.measure.over_time.charts import Rules
from gracja.engine.measure.over_time.run import lengths


@dataclass(frozen=True, slots=True)
class RunLength:
    """mean: periods to the first signal; error: its Monte-Carlo standard error; cut: share of series that had
    not signalled when they were given up.
    """

    mean: float
    error: float
    cut: float


def in_control(rules: Rules, *, series: int = 20_000, longest: int = 20_000, seed: int = 0) -> RunLength:
    """Of standardised shares that are normal and independent: what counts of 5 and more of both kinds a
    period come near to.
    """
    found = lengths(series, longest, rules.plain, seed)
    return RunLength(
        float(found.mean()), float(found.std(ddof=1) / np.sqrt(series)), float((found == longest).mean())
    )
