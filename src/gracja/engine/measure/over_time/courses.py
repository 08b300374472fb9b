"""How shares went, week by week or month by month: of each place, of each standard, and of each standard at
each place. Never of fewer than three people, in any period, nor can that be worked out: see `kept`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gracja.engine.measure.estimate import UNNAMED
from gracja.engine.measure.over_time.changing import LEAST_PERIODS, Change, change
from gracja.engine.measure.over_time.charts import ALL_RULES, Chart, chart
from gracja.engine.measure.over_time.kept import Kept, kept

Grain = Literal["week", "month"]
USUAL_IN_A_WEEK: Final = 10  # marks; a course of fewer has no weeks
FALSE_CHANGES: Final = 0.05  # of the changes told, at most so many are expected to be chance
_DRAWS: Final = 10_000
_EVERY: Final[dict[Grain, str]] = {"week": "1w", "month": "1mo"}
_KINDS: Final = (("place",), ("standard",), ("place", "standard"))
_SMOOTHING: Final = ALL_RULES.smoothing


@dataclass(frozen=True)
class Course:
    """place: None where it is the whole company's; standard: None where all base standards count together.

    begins: first day of each period (Mondays, or firsts of months, UTC), without a gap. met, judged: marks
    met in full, and all that may be counted (`kept`); 0 where nothing was judged, or nothing may be
    counted. low, high: limits in which chance alone leaves the share (Laney's p'); smoothed: the
    moving average of the share; None where judged is 0. signals: bits of run.BEYOND, RUN, DRIFT.
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

    marks: employee?, place?, standard, occurred_at?, value 0-1, of base standards; where several people
    marked a contact, also contact, segment, evaluator? and `share`, less than 1 there: one of them counts,
    for a count knows no halves. beat: called between series, so that a long reckoning can be seen to go on. A
    course has at least 8 periods in which 3 people
    or more were marked, and a share that is neither none nor all. All go by weeks, those whose usual week has
    10 marks, if the usual place is one of them (the usual standard, where no place counts by itself);
    otherwise all by months, or by weeks if there are too few months for any. A change is told where, of all
    that are told of its kind of course (places, standards, standards at places), 5 in 100 are expected to be
    chance.

    Source of which changes are told: Benjamini and Hochberg (1995), JRSS B 57:289.
    """
    dated = _one_mark_each(marks).filter(
        pl.col("occurred_at").is_not_null() & (pl.col("place").is_null() | (pl.col("place") != UNNAMED))
    )
    if dated.is_empty():
        return []
    weeks = _counted(dated, "week")
    found = weeks.charted()
    if not weeks.often:
        found = _counted(dated, "month").charted() or found
    return [course for kind in found for course in _told(kind, beat)]


def _one_mark_each(marks: pl.DataFrame) -> pl.DataFrame:
    if "share" not in marks.columns or (marks["share"] == 1).all():
        return marks
    one = ["contact", "segment", "employee", "standard"]
    return marks.sort(*one, "evaluator").unique(one, keep="first", maintain_order=True)


type _Series = dict[tuple[str, ...], tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True)
class _Counted:
    """kinds: names -> (met, judged), each (periods,), of each of _KINDS."""

    grain: Grain
    begins: tuple[date, ...]
    kinds: tuple[_Series, ...]

    @property
    def often(self) -> bool:
        """Whether the usual course of places, or of standards, has enough marks as a rule."""
        series = next(filter(None, self.kinds), {})
        usual = [np.median(judged) for _, judged in series.values()]
        return bool(usual) and bool(np.median(usual) >= USUAL_IN_A_WEEK)

    def charted(self) -> list[list[Course]]:
        """The courses of each kind, without a change; empty where there is none at all."""
        found = [_charted(self, kind, series) for kind, series in zip(_KINDS, self.kinds, strict=True)]
        return found if any(found) else []


def _counted(marks: pl.DataFrame, grain: Grain) -> _Counted:
    counts = kept(marks, _EVERY[grain])
    days: list[date] = pl.concat([counts.places["period"], counts.cells["period"]]).unique().to_list()
    if not days:
        return _Counted(grain, (), tuple({} for _ in _KINDS))
    begins = pl.date_range(min(days), max(days), interval=_EVERY[grain], eager=True).to_list()
    return _Counted(grain, tuple(begins), tuple(_series(counts, kind, begins) for kind in _KINDS))


def _series(counts: Kept, kind: tuple[str, ...], begins: list[date]) -> _Series:
    own = counts.cells if "standard" in kind else counts.places
    summed = own.drop_nulls(list(kind)).group_by(*kind, "period").agg(pl.col("met", "judged").sum())
    position = {day: at for at, day in enumerate(begins)}
    series: _Series = {}
    for *names, day, met, judged in summed.sort(*kind, "period").iter_rows():
        one = series.setdefault(
            tuple(names), (np.zeros(len(begins), np.int64), np.zeros(len(begins), np.int64))
        )
        one[0][position[day]], one[1][position[day]] = met, judged
    return series


def _charted(counted: _Counted, kind: tuple[str, ...], series: _Series) -> list[Course]:
    names = sorted(
        key
        for key, (_, judged) in series.items()
        if int((judged > 0).sum()) >= LEAST_PERIODS
        and (counted.grain == "month" or np.median(judged) >= USUAL_IN_A_WEEK)
    )
    if not names:
        return []
    made = chart(*(np.stack([series[key][side] for key in names]) for side in (0, 1)))
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
