"""Ordered marks: how long a company of 10^5 marks on a scale of five steps takes, and how near its truth."""

from __future__ import annotations

import time

import numpy as np
from figure import figure

from gracja.engine.measure import ordered
from gracja.engine.measure.ordered.simulated import OnScale, ScaleShape, simulated_steps


def on_scales() -> None:
    """Print the figures."""
    _timed(simulated_steps(np.random.default_rng(1), ScaleShape()))  # compiles
    shape = ScaleShape(500, 50, 200, 4, slope=1.0)
    drawn = simulated_steps(np.random.default_rng(1), shape)
    seconds, found = _timed(drawn)
    figure(f"{len(drawn.value):,} marks on a scale of 5 steps, 3 facets: fit", round(seconds, 2), "CPU s",
           "< 2", seconds < 2)  # fmt: skip
    off = float(np.abs(found.thresholds() - shape.thresholds).max())
    figure("its thresholds, furthest from the truth", round(off, 4), "logits")


def _timed(drawn: OnScale) -> tuple[float, ordered.OrderedFit]:
    began = time.process_time()
    found = ordered.fit(drawn.value, drawn.codes, tops=[4])
    return time.process_time() - began, found
