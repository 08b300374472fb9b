"""CPU seconds of one core, so that a neighbour's work does not count."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any


def timed[Found](search: Callable[[], Found]) -> tuple[Found, float]:
    """What it found, and the CPU seconds that it took."""
    started = time.process_time()
    found = search()
    return found, time.process_time() - started


def typical(search: Callable[[], Any], repeats: int) -> float:
    """CPU seconds of one of `repeats` runs: the median."""
    return statistics.median(timed(search)[1] for _ in range(repeats))
