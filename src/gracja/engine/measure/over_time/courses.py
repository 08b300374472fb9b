"""How shares went, week by week or month by month: of each place, of each standard, and of each standard at
each place. Never of a single employee.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gracja.engine.measure.estimate import UNNAMED
from gracja.engine.measure.over_time.changing import LEAST_PERIODS, Change, change
from gracja.engine.measure.over_time.charts import ALL_RULES, Chart, chart

Grain = Literal["week", "month"]
FEWEST_PEOPLE: Final = 3  # so that nobody's own course can be read from a place's, nor worked out from it
USUAL_IN_A_WEEK: Final = 10  # marks; of fewer a month is one period
FALSE_CHANGES: Final = 0.05  # of the changes told, at most so many are expected to be chance
_DRAWS: Final = 10_000
_EVERY: Final[dict[Grain, str]] = {"week": "1w", "month": "1mo"}
_KINDS: Final = (("place",), ("standard",), ("place", "standard"))
_SMOOTHING: Final = ALL_RULES.smoothing


@dataclass(frozen=True)
class Course:
    """place: None where it is the whole company's; standard: None where all base standards count together.

    begins: first day of each period (Mondays, or firsts of months, UTC), without a gap. met, judged: marks
    met in full, and all. low, high: limits in which chance alone leaves the share (Laney's p'); smoothed: the
    moving average of the share; None where nothing was judged. signals: bits of run.BEYOND, RUN, DRIFT.
    centre: the share of all periods; dispersion: how much more it varies than counts would. change: the
    clearest one, if it is told; its period counts in `begins`.
    """

    place: str | None
    standard: str | None
    grain: Grain
    begins: tuple[date, ...]
    met: tuple[int, ...]
    judged: tuple[int, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    smoothed: tuple[float | None, ...]
    signals: tuple[int, ...]
    centre: float
    dispersion: float
    change: Change | None = None


def courses(marks: pl.DataFrame, beat: Callable[[], None] = lambda: None) -> list[Course]:
    """The courses of marks, by place and standard.

    marks: employee?, place?, standard, occurred_at?, value 0-1, of base standards. beat: called between
    series, so that a long reckoning can be seen to go on. A course has at least 8 periods with marks, of 3
    people or more, and a share that is neither none nor all. It goes by weeks where a usual week has 10
    marks, else by months. A change is told where, of all that are told of its kind of course (places,
    standards, standards at places), 5 in 100 are expected to be chance.

    Source of which changes are told: Benjamini and Hochberg (1995), JRSS B 57:289.
    """
    dated = marks.filter(
        pl.col("occurred_at").is_not_null() & (pl.col("place").is_null() | (pl.col("place") != UNNAMED))
    )
    return [course for kind in _KINDS for course in _told(_of_kind(dated, kind), beat)]


def _of_kind(marks: pl.DataFrame, kind: tuple[str, ...]) -> list[Course]:
    """The courses of a kind, without a change."""
    named = marks.drop_nulls(list(kind))
    people = named.group_by(kind).agg(people=pl.col("employee").drop_nulls().n_unique())
    enough = people.filter(pl.col("people") >= FEWEST_PEOPLE)
    named = named.join(enough, on=list(kind), how="semi")
    if named.is_empty():
        return []
    weeks = _counted(named, kind, "week")
    often = {key for key, (_, judged) in weeks.series.items() if np.median(judged) >= USUAL_IN_A_WEEK}
    months = _counted(named, kind, "month")
    return [
        *_charted(weeks, kind, often),
        *_charted(months, kind, months.series.keys() - often),
    ]


@dataclass(frozen=True)
class _Counted:
    """series: names -> (met, judged), each (periods,)."""

    grain: Grain
    begins: tuple[date, ...]
    series: dict[tuple[str, ...], tuple[NDArray[np.int64], NDArray[np.int64]]]


def _counted(marks: pl.DataFrame, kind: tuple[str, ...], grain: Grain) -> _Counted:
    period = pl.col("occurred_at").dt.truncate(_EVERY[grain]).dt.date()
    counts = marks.group_by(*kind, period=period).agg(
        met=(pl.col("value") >= 1).sum().cast(pl.Int64), judged=pl.len().cast(pl.Int64)
    )
    first, last = counts.select(
        pl.col("period").min().alias("first"), pl.col("period").max().alias("last")
    ).row(0)
    begins = pl.date_range(first, last, interval=_EVERY[grain], eager=True).to_list()
    position = {day: place for place, day in enumerate(begins)}
    series: dict[tuple[str, ...], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
    for *names, day, met, judged in counts.sort(*kind, "period").iter_rows():
        own = series.setdefault(
            tuple(names), (np.zeros(len(begins), np.int64), np.zeros(len(begins), np.int64))
        )
        own[0][position[day]], own[1][position[day]] = met, judged
    return _Counted(grain, tuple(begins), series)


def _charted(counted: _Counted, kind: tuple[str, ...], which: Iterable[tuple[str, ...]]) -> list[Course]:
    names = sorted(key for key in which if int((counted.series[key][1] > 0).sum()) >= LEAST_PERIODS)
    if not names:
        return []
    made = chart(*(np.stack([counted.series[key][side] for key in names]) for side in (0, 1)))
    return [
        _course(counted, dict(zip(kind, key, strict=True)), made, site)
        for site, key in enumerate(names)
        if 0 < made.centre[site] < 1
    ]


def _course(counted: _Counted, named: dict[str, str], made: Chart, site: int) -> Course:
    low, high = made.limits(site)
    return Course(
        place=named.get("place"),
        standard=named.get("standard"),
        grain=counted.grain,
        begins=counted.begins,
        met=tuple(made.met[site].tolist()),
        judged=tuple(made.judged[site].tolist()),
        low=_known(low),
        high=_known(high),
        smoothed=_smoothed(made, site),
        signals=tuple(made.signals[site].tolist()),
        centre=float(made.centre[site]),
        dispersion=float(made.dispersion[site]),
    )


def _known(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in values)


def _smoothed(made: Chart, site: int) -> tuple[float | None, ...]:
    """The moving average of the share itself: the chart's own is of standardised ones."""
    average, found = float(made.centre[site]), list[float | None]()
    for met, judged in zip(made.met[site].tolist(), made.judged[site].tolist(), strict=True):
        if judged:
            average += _SMOOTHING * (met / judged - average)
        found.append(average if judged else None)
    return tuple(found)


def _told(found: list[Course], beat: Callable[[], None]) -> list[Course]:
    """The courses, with those changes that are told. One that its own chart does not see is none."""
    seen: list[tuple[float, int, Change]] = []
    for number, course in enumerate(found):
        beat()
        if any(course.signals):
            one = change(np.array(course.met), np.array(course.judged), draws=_DRAWS)
            if one is not None:
                seen.append((one.p, number, one))
    seen.sort(key=lambda one: one[:2])
    passed = [at for at, (p, _, _) in enumerate(seen, 1) if p <= FALSE_CHANGES * at / len(found)]
    told = {number: one for _, number, one in seen[: max(passed, default=0)]}
    return [replace(course, change=told.get(number)) for number, course in enumerate(found)]
