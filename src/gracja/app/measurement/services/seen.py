"""What was seen of each employee, standard by standard: counts, and where an example of each side stands.

Counts are plain, not corrected for evaluators or situations: they show what a result rests on.
"""

from __future__ import annotations

from typing import Any, Final, TypedDict

import polars as pl
import pyarrow as pa

from gracja.engine.edition.model import Edition
from gracja.engine.measure import current_rows, of_edition
from gracja.engine.measure.share import share_met_interval

_SOURCES: Final = {"human": ("visit", "review"), "automatic": ("automatic",)}


class Seen(TypedDict):
    """One standard of one employee. share, low, high: 0-1. Examples: contact and place of the words."""

    standard: str
    met: float
    marks: int
    share: float
    low: float
    high: float
    good: dict[str, Any] | None
    bad: dict[str, Any] | None


def seen_of_each(observations: pa.Table, edition: Edition, basis: str) -> dict[str, list[Seen]]:
    """Employee -> what was seen of each standard, in the edition's order. basis: human or automatic."""
    marks = pl.DataFrame(pl.from_arrow(observations))
    if marks.is_empty():
        return {}
    marks = of_edition(current_rows(marks, []), edition, []).filter(
        pl.col("status") == "marked",
        pl.col("employee").is_not_null() & pl.col("value").is_not_null(),
        pl.col("source").is_in(_SOURCES[basis]),
    )
    if basis == "human":
        marks = _one_voice(marks)
    order = [standard.standard for _, _, standard in edition.standards()]
    counted = (
        marks.group_by("employee", "standard")
        .agg(pl.col("value").sum().cast(pl.Float64).alias("met"), pl.len().alias("marks"))
        .filter(pl.col("standard").is_in(order))
    )
    good, bad = _examples(marks, met=True), _examples(marks, met=False)
    intervals = share_met_interval(counted["met"].to_numpy(), counted["marks"].to_numpy())
    found: dict[str, list[Seen]] = {}
    for (employee, standard, met, number), share, low, high in zip(
        counted.iter_rows(), *(column.tolist() for column in intervals), strict=True
    ):
        found.setdefault(employee, []).append(
            Seen(
                standard=standard,
                met=met,
                marks=number,
                share=share,
                low=low,
                high=high,
                good=good.get((employee, standard)),
                bad=bad.get((employee, standard)),
            )
        )
    for rows in found.values():
        rows.sort(key=lambda one: order.index(one["standard"]))
    return found


def _one_voice(marks: pl.DataFrame) -> pl.DataFrame:
    """Several evaluators of one contact are one: where they differ, it was met in part."""
    one = ("contact", "segment", "employee", "standard")
    return marks.group_by(*one, maintain_order=True).agg(
        pl.col("value").mean(), pl.col("source", "occurred_at", "evidence").first()
    )


def _examples(marks: pl.DataFrame, *, met: bool) -> dict[tuple[str, str], dict[str, Any]]:
    """The newest contact in which it was met (or missed); for what was met, one with words to show."""
    value = pl.col("value")
    chosen = marks.filter(value >= 1 if met else value <= 0)
    if met:
        chosen = chosen.sort(pl.col("evidence").list.len() > 0, "occurred_at", nulls_last=False)
    else:
        chosen = chosen.sort("occurred_at", nulls_last=False)
    newest = chosen.group_by("employee", "standard", maintain_order=True).last()
    return {
        (row["employee"], row["standard"]): {
            "contact": row["contact"],
            "source": row["source"],
            "at": row["occurred_at"].isoformat() if row["occurred_at"] else None,
            "evidence": row["evidence"],
        }
        for row in newest.iter_rows(named=True)
    }
