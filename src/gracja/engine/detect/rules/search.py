"""Compiled: where many values stand in a sorted array, when they come nearly in order themselves."""

from __future__ import annotations

import numpy as np

from gracja.engine.compiled import compiled
from gracja.engine.detect.scan.numbers import Array


@compiled()
def below(places: Array, values: Array) -> Array:
    """int64: how many of the sorted places are less than each value, as searchsorted says on the left.

    Each search begins where the last one ended, so values in order cost one pass over both arrays.
    """
    counts = np.empty(values.size, np.int64)
    at = 0
    for index in range(values.size):
        value = values[index]
        if at > 0 and places[at - 1] >= value:
            low, high = 0, at - 1
        else:
            step, low = 1, at
            while low + step <= places.size and places[low + step - 1] < value:
                low += step
                step *= 2
            high = min(low + step - 1, places.size)
        while low < high:
            middle = (low + high) // 2
            if places[middle] < value:
                low = middle + 1
            else:
                high = middle
        at = low
        counts[index] = at
    return counts


@compiled()
def up_to(places: Array, values: Array) -> Array:
    """int64: how many of the sorted whole numbers are at most each value, as searchsorted on the right."""
    return below(places, values + 1)
