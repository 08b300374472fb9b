"""A coefficient with its interval: what the pages and the command line ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure.agreement import coefficients as made
from gracja.engine.measure.agreement.units import Floats, Units, alike, clustered, numbers, read_units

DRAWS: Final = 10_000
FEWEST_UNITS: Final = 10  # judged twice; of ten the interval holds the truth in 9 of 10 cases
_LEVELS: Final = ("nominal", "ordinal", "interval", "ratio")
_CELLS_AT_ONCE: Final = 4_000_000  # 32 MB of numbers
# From so many patterns on the drawn sums are normal to within what 10,000 draws show, and faster to draw
_PATTERNS_DRAWN_ONE_BY_ONE: Final = 2_000
Coefficient = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Agreement:
    """value, low, high: null where it was not measured, and then why: `nothing_judged_twice`, `no_variation`
    (all judged everything alike, and chance cannot be told from agreement). low, high: a bootstrap over
    units, the middle `coverage` of its draws; null also where there is a value of which the draws would say
    too much: `few_units` (an interval of five holds the truth in 6 of 10 cases), `no_difference` (every draw
    gives the same: nobody differed in anything). undefined: share of draws without variation, left out.
    """

    value: float | None
    low: float | None
    high: float | None
    units: int
    judgements: int
    why: Literal["", "nothing_judged_twice", "no_variation", "few_units", "no_difference"] = ""
    undefined: float = 0.0


def alpha(
    unit: ArrayLike,
    value: ArrayLike,
    *,
    level: made.Level = "nominal",
    cluster: ArrayLike | None = None,
    draws: int = DRAWS,
    coverage: float = 0.95,
    seed: int = 0,
) -> Agreement:
    """Krippendorff's alpha of any number of judges, judgements missing wherever they like.

    unit, value: (n,), a row a judgement; NaN: none was given. cluster: (n,), units that the bootstrap draws
    together because they hang together, such as the standards of one contact. Values of a nominal or ordinal
    level are codes in their order; of a ratio they have a true zero.
    Raises EngineInputError: agreement_level (facts: given, known), agreement_negative_ratio (facts: given)
    and as `read_units`.
    """
    if level not in _LEVELS:
        raise EngineInputError(
            "agreement_level", Where(field="level"), given=str(level), known=", ".join(_LEVELS)
        )
    units = read_units(unit, value, cluster)
    if level == "ratio" and len(units.values) and units.values[0] < 0:
        raise EngineInputError("agreement_negative_ratio", Where(field="value"), given=float(units.values[0]))
    return _with_interval(
        units,
        made.coincidences(units),
        lambda sums, values: made.alpha_of(sums, values, level),
        _Drawing(draws, coverage, seed),
    )


def ac1(
    unit: ArrayLike,
    value: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    draws: int = DRAWS,
    coverage: float = 0.95,
    seed: int = 0,
) -> Agreement:
    """Gwet's AC1 of any number of judges: steady where nearly all is judged alike, unlike alpha and kappa.

    unit, value, cluster: as `alpha`, nominal. Raises EngineInputError: as `read_units`.
    """
    units = read_units(unit, value, cluster)
    return _with_interval(units, made.shares(units), made.ac1_of, _Drawing(draws, coverage, seed))


def kappa(
    first: ArrayLike,
    second: ArrayLike,
    *,
    weights: made.Weights = "none",
    cluster: ArrayLike | None = None,
    draws: int = DRAWS,
    coverage: float = 0.95,
    seed: int = 0,
) -> Agreement:
    """Cohen's kappa of two judges of the same units.

    first, second: (n,), what each said of the unit; NaN: nothing. cluster: as `alpha`. Weights go by the
    order of the values.
    Raises EngineInputError: agreement_weights (facts: given, known), shape_mismatch (second), and as
    `read_units`.
    """
    known = ("none", "linear", "quadratic")
    if weights not in known:
        raise EngineInputError(
            "agreement_weights", Where(field="weights"), given=str(weights), known=", ".join(known)
        )
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape:
        raise EngineInputError(
            "shape_mismatch", Where(field="second"), expected=[*one.shape], given=[*other.shape]
        )
    both = ~(np.isnan(one) | np.isnan(other))
    pair = np.flatnonzero(both)
    together = None if cluster is None else np.asarray(cluster)
    if together is not None and together.shape != one.shape:
        raise EngineInputError(
            "shape_mismatch", Where(field="cluster"), expected=[*one.shape], given=[*together.shape]
        )
    units = read_units(np.concatenate([pair, pair]), np.concatenate([one[both], other[both]]))
    width = max(1, len(units.values))
    cell = np.searchsorted(units.values, one[both]) * width + np.searchsorted(units.values, other[both])
    table = np.bincount(cell, minlength=width * width)
    # a pair of values is a pattern of its own here: who said which matters
    pairs = Units(
        units.values,
        np.full((width * width, 1), 2, dtype=np.int64),
        table,
        None if together is None else clustered(numbers(together[both]), cell, width * width),
    )
    return _with_interval(
        pairs,
        np.eye(width * width),
        lambda sums, values: made.kappa_of(sums, values, weights),
        _Drawing(draws, coverage, seed),
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    draws: int
    coverage: float
    seed: int

    def __post_init__(self) -> None:
        if self.draws < 1 or not 0 < self.coverage < 1:
            raise EngineInputError(
                "agreement_drawing", Where(field="draws"), given=self.draws, coverage=self.coverage
            )


def _with_interval(units: Units, adds: Floats, coefficient: Coefficient, drawing: _Drawing) -> Agreement:
    """adds: (patterns, k), what a unit of each pattern adds to the sums that the coefficient takes."""
    counted = (units.judged, units.judgements)
    if not units.judged:
        return Agreement(None, None, None, *counted, why="nothing_judged_twice")
    value = float(coefficient((units.times @ adds)[None], units.values)[0])
    if np.isnan(value):
        return Agreement(None, None, None, *counted, why="no_variation")
    if units.drawn < FEWEST_UNITS:
        return Agreement(value, None, None, *counted, why="few_units")
    drawn = np.concatenate([coefficient(sums, units.values) for sums in _drawn(units, adds, drawing)])
    varied = drawn[~np.isnan(drawn)]
    undefined = 1 - len(varied) / len(drawn)
    if not len(varied) or (drawing.draws > 1 and np.ptp(varied) == 0):
        return Agreement(value, None, None, *counted, why="no_difference", undefined=undefined)
    edge = (1 - drawing.coverage) / 2
    low, high = np.quantile(varied, [edge, 1 - edge]).tolist()
    return Agreement(value, low, high, *counted, undefined=undefined)


def _drawn(units: Units, adds: Floats, drawing: _Drawing) -> list[Floats]:
    """Sums of as many units, or clusters of them, drawn with replacement, in pieces of (draws, k).

    Units judged alike are one pattern, so that a draw is one multinomial count of patterns. With very many
    patterns or clusters the sums are drawn as normal with the same mean and covariance.
    """
    random = np.random.default_rng(drawing.seed)
    if units.clusters is None:
        there = units.times > 0
        times, adds = units.times[there], adds[there]
    elif units.clusters.shape[0] * units.clusters.shape[1] <= _CELLS_AT_ONCE:
        groups, _, times = alike(units.clusters.toarray())
        adds = groups @ adds
    else:
        total = units.clusters.shape[0]
        return [_normal(random, drawing.draws, total, *_moments(units.clusters, adds))]
    total = int(times.sum())
    share = times / total
    if len(times) > _PATTERNS_DRAWN_ONE_BY_ONE:
        mean = share @ adds
        off = (adds - mean) * np.sqrt(share)[:, None]
        return [_normal(random, drawing.draws, total, mean, off.T @ off)]
    step = max(1, _CELLS_AT_ONCE // max(len(times), adds.shape[1]))
    return [
        random.multinomial(total, share, size=min(step, drawing.draws - begin)) @ adds
        for begin in range(0, drawing.draws, step)
    ]


def _normal(random: np.random.Generator, draws: int, total: int, mean: Floats, covariance: Floats) -> Floats:
    """(draws, k) sums of so many that have this mean (k,) and covariance (k, k)."""
    size, direction = np.linalg.eigh(covariance)
    spread = direction * np.sqrt(np.clip(size, 0, None) * total)
    return np.asarray(mean * total + random.standard_normal((draws, len(mean))) @ spread.T)


def _moments(clusters: Any, adds: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of what one drawn cluster adds, by what the patterns have in common: a row of sums
    for each of a million clusters need not be held.
    """
    common = (clusters.T @ clusters) / clusters.shape[0]
    mean = (clusters.sum(axis=0) / clusters.shape[0]) @ adds
    return mean, adds.T @ (common @ adds) - np.outer(mean, mean)
