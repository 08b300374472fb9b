"""What was judged, counted: units that were judged alike are one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from gracja.engine.errors import EngineInputError, Where

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_VALUES: Final = 200  # different ones: a table of all pairs of them is kept


@dataclass(frozen=True)
class Units:
    """values: (values,) ascending. patterns: (patterns, values), how often a unit got each value. times:
    (patterns,), how many units were judged so. Units with one judgement count where the coefficient says so.
    clusters: (clusters, patterns), how many units of each pattern are drawn together; None: each unit alone.
    """

    values: Floats
    patterns: Ints
    times: Ints
    clusters: Any = None

    @property
    def judged(self) -> int:
        """Units with two judgements or more."""
        return int(self.times[self.patterns.sum(axis=1) >= 2].sum())

    @property
    def drawn(self) -> int:
        """What the bootstrap draws of: clusters, or else units, with a unit judged twice or more."""
        if self.clusters is None:
            return self.judged
        twice = (self.patterns.sum(axis=1) >= 2).astype(np.int64)
        return int(((self.clusters @ twice) > 0).sum())

    @property
    def judgements(self) -> int:
        """Of those units."""
        each = self.patterns.sum(axis=1)
        return int((each * self.times)[each >= 2].sum())


def read_units(unit: ArrayLike, value: ArrayLike, cluster: ArrayLike | None = None) -> Units:
    """Judgements in any order: (n,) unit, of any kind that sorts; (n,) value, NaN where none was given; (n,)
    cluster that the unit belongs to, such as the contact of a mark.

    Raises EngineInputError: shape_mismatch (value, cluster), agreement_value_not_finite (facts: given),
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
    number = numbers(units[there])
    width = max(1, len(values))
    how_many = int(number.max()) + 1 if len(number) else 0
    counts = np.bincount(number * width + category, minlength=how_many * width).reshape(how_many, width)
    patterns, own, times = alike(counts)
    if cluster is None:
        return Units(values, patterns, times)
    given_cluster = np.asarray(cluster)
    if given_cluster.shape != units.shape:
        raise EngineInputError(
            "shape_mismatch",
            Where(field="cluster"),
            expected=[*units.shape],
            given=[*given_cluster.shape],
        )
    cluster_of = np.zeros(how_many, dtype=np.int64)
    cluster_of[number] = numbers(given_cluster[there])
    return Units(values, patterns, times, clustered(cluster_of, own, len(patterns)))


def clustered(cluster: Ints, pattern: Ints, patterns: int) -> Any:
    """(clusters, patterns) from the cluster and the pattern of each unit."""
    clusters = int(cluster.max()) + 1 if len(cluster) else 0
    return sparse.csr_array(
        (np.ones(len(cluster), dtype=np.int64), (cluster, pattern)), shape=(clusters, patterns)
    )


def numbers(units: NDArray[Any]) -> Ints:
    """Units as numbers from 0, without a gap."""
    if units.dtype.kind in "iu" and len(units):
        low, high = int(units.min()), int(units.max())
        if high - low < 4 * len(units):  # close together: counted, not sorted
            there = np.bincount(units - low, minlength=high - low + 1) > 0
            found: Ints = (np.cumsum(there) - 1)[units - low]
            return found
    return np.unique(units, return_inverse=True)[1].astype(np.int64)


def alike(counts: Ints) -> tuple[Ints, Ints, Ints]:
    """Different rows, which of them each is, and how often each stands there."""
    base = int(counts.max(initial=0)) + 1
    if base ** counts.shape[1] < 2**62:  # a row as one number sorts ten times faster
        code = counts @ base ** np.arange(counts.shape[1], dtype=np.int64)
        _, first, own, times = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
        return counts[first], own, times.astype(np.int64)
    patterns, own, times = np.unique(counts, axis=0, return_inverse=True, return_counts=True)
    return patterns, own, times.astype(np.int64)
