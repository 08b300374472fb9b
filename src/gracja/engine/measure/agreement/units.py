"""What was judged, counted: units that were judged alike are one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gracja.engine.errors import EngineInputError, Where

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_VALUES: Final = 200  # different ones: a table of all pairs of them is kept


@dataclass(frozen=True)
class Units:
    """values: (values,) ascending. patterns: (patterns, values), how often a unit got each value. times:
    (patterns,), how many units were judged so. Units with one judgement count where the coefficient says so.
    """

    values: Floats
    patterns: Ints
    times: Ints

    @property
    def judged(self) -> int:
        """Units with two judgements or more."""
        return int(self.times[self.patterns.sum(axis=1) >= 2].sum())

    @property
    def judgements(self) -> int:
        """Of those units."""
        each = self.patterns.sum(axis=1)
        return int((each * self.times)[each >= 2].sum())


def read_units(unit: ArrayLike, value: ArrayLike) -> Units:
    """Judgements in any order: (n,) unit, of any kind that sorts; (n,) value, NaN where none was given.

    Raises EngineInputError: shape_mismatch (value), agreement_value_not_finite (facts: given),
    agreement_values_many (facts: given, most).
    """
    units, given = np.asarray(unit), np.asarray(value, dtype=np.float64)
    if units.ndim != 1 or units.shape != given.shape:
        raise EngineInputError(
            "shape_mismatch", Where(field="value"), expected=[*units.shape], given=[*given.shape]
        )
    there = ~np.isnan(given)
    if not np.isfinite(given[there]).all():
        raise EngineInputError("agreement_value_not_finite", Where(field="value"), given=float("inf"))
    values, category = np.unique(given[there], return_inverse=True)
    if len(values) > MOST_VALUES:
        raise EngineInputError(
            "agreement_values_many", Where(field="value"), given=len(values), most=MOST_VALUES
        )
    number = _numbers(units[there])
    width = max(1, len(values))
    how_many = int(number.max()) + 1 if len(number) else 0
    counts = np.bincount(number * width + category, minlength=how_many * width).reshape(how_many, width)
    patterns, times = _alike(counts)
    return Units(values, patterns, times)


def _numbers(units: NDArray[Any]) -> Ints:
    """Units as numbers from 0, without a gap."""
    if units.dtype.kind in "iu" and len(units):
        low, high = int(units.min()), int(units.max())
        if high - low < 4 * len(units):  # close together: counted, not sorted
            there = np.bincount(units - low, minlength=high - low + 1) > 0
            numbers: Ints = (np.cumsum(there) - 1)[units - low]
            return numbers
    return np.unique(units, return_inverse=True)[1].astype(np.int64)


def _alike(counts: Ints) -> tuple[Ints, Ints]:
    """Different rows, and how often each stands there."""
    base = int(counts.max(initial=0)) + 1
    if base ** counts.shape[1] < 2**62:  # a row as one number sorts ten times faster
        code = counts @ base ** np.arange(counts.shape[1], dtype=np.int64)
        _, first, times = np.unique(code, return_index=True, return_counts=True)
        return counts[first], times.astype(np.int64)
    patterns, times = np.unique(counts, axis=0, return_counts=True)
    return patterns, times.astype(np.int64)
