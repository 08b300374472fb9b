"""Which marks may be counted together over time, so that no published count rests on fewer than three people,
nor does any that can be worked out from several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

FEWEST_PEOPLE: Final = 3  # of two, each could subtract themself
_CELL: Final = ("place", "standard", "period")
_PEOPLE: Final = pl.col("employee").drop_nulls().n_unique()
_COUNTS: Final = {
    "met": (pl.col("value") >= 1).sum().cast(pl.Int64),
    "judged": pl.len().cast(pl.Int64),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """places: place, period, met, judged. cells: place?, standard, period, met, judged; place null: places
    together of which none is counted by itself in that period.
    """

    places: pl.DataFrame
    cells: pl.DataFrame


def kept(marks: pl.DataFrame, every: str) -> Kept:
    """What may be counted of the marks, period by period.

    marks: employee?, place?, standard, occurred_at, value. every: a period, as Polars writes it.

    A place counts in a period in which 3 people or more were seen there; where fewer were, and without a
    place, marks are pooled. A standard counts at a place, or in the pool, in a period in which 3 people or
    more were marked on it. What is left of a counted place then rests on 3 people or more, or on none:
    otherwise the standard with the fewest people is left out there as well.

    So marks lie in parts without overlap (a standard at a place, the rest of a place, a standard in the
    pool), each of at least 3 people, and a count is a sum of whole parts. Whatever set of marks can be
    counted by adding and subtracting counts is then made of whole parts too. This holds only while all
    courses have the same periods: months less weeks would leave days.
    """
    dated = marks.select(
        *("employee", "place", "standard", "value"),
        period=pl.col("occurred_at").dt.truncate(every).dt.date(),
    )
    there = dated.group_by("place", "period").agg(people=_PEOPLE, **_COUNTS)
    counted = there.filter(pl.col("place").is_not_null() & (pl.col("people") >= FEWEST_PEOPLE))
    rows = dated.join(
        counted.select("place", "period", by_itself=pl.lit(value=True)), on=["place", "period"], how="left"
    ).with_columns(place=pl.when("by_itself").then("place"))
    cells = rows.group_by(_CELL).agg(people=_PEOPLE, **_COUNTS).filter(pl.col("people") >= FEWEST_PEOPLE)
    rest = rows.filter(pl.col("place").is_not_null()).join(cells, on=list(_CELL), how="anti")
    thin = rest.group_by("place", "period").agg(left=_PEOPLE).filter(pl.col("left") < FEWEST_PEOPLE)
    beside = (
        cells.join(thin, on=["place", "period"], how="semi")
        .sort("people", "judged", "standard")
        .unique(["place", "period"], keep="first", maintain_order=True)
    )
    return Kept(
        counted.drop("people"),
        cells.join(beside, on=list(_CELL), how="anti").drop("people"),
    )
