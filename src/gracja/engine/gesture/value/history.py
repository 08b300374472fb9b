"""Purchases -> what each customer has bought so far: frequency, recency, time observed, mean spend."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from gracja.engine.errors import EngineInputError, Where

Period = Literal["day", "week"]
DAYS: Final[dict[Period, int]] = {"day": 1, "week": 7}
_PURCHASES: Final[list[pa.Field[Any]]] = [
    pa.field("customer", pa.string(), nullable=False),
    pa.field("at", pa.timestamp("us", "UTC"), nullable=False),
    pa.field("amount", pa.float64(), nullable=False),
]
_SUMMARY: Final[list[pa.Field[Any]]] = [
    pa.field("customer", pa.string(), nullable=False),
    pa.field("frequency", pa.int64(), nullable=False),
    pa.field("recency", pa.float64(), nullable=False),
    pa.field("observed", pa.float64(), nullable=False),
    pa.field("mean_spend", pa.float64()),
]
PURCHASES: Final = pa.schema(_PURCHASES)
SUMMARY: Final = pa.schema(_SUMMARY)
Floats = NDArray[np.float64]


def summary_of(purchases: pa.Table, until: date, period: Period = "week", *, zone: str = "UTC") -> pa.Table:
    """What each customer had bought by the end of the day `until`, a row each, in the order of their ids.

    purchases: PURCHASES; a currency's amounts only, refunds already taken off their purchase. zone: IANA,
    whose calendar days count; several purchases of one day are one. Purchases after `until` are left for
    later. Returns SUMMARY: frequency (days with a purchase after the first one), recency (from the first
    purchase to the last), observed (from the first purchase to `until`), both in periods; mean_spend of the
    purchases after the first one, null where there are none.

    Raises EngineInputError: amount_below_zero (facts: customer, given), amount_not_a_number (facts:
    customer).
    Source: Fader & Hardie (2005), "Implementing the BG/NBD model"; Fader & Hardie (2013), "The Gamma-Gamma
    model of monetary value".
    """
    rows = pl.DataFrame(pl.from_arrow(purchases.select(PURCHASES.names).cast(PURCHASES)))
    _check_amounts(rows)
    day = pl.col("at").dt.convert_time_zone(zone).dt.date()
    days = (
        rows.with_columns(day.alias("day"))
        .filter(pl.col("day") <= until)
        .group_by("customer", "day")
        .agg(pl.col("amount").sum())
        .sort("customer", "day")
    )
    first, last = pl.col("day").min(), pl.col("day").max()
    length = DAYS[period]
    summary = days.group_by("customer", maintain_order=True).agg(
        (pl.len() - 1).cast(pl.Int64).alias("frequency"),
        ((last - first).dt.total_days() / length).alias("recency"),
        ((pl.lit(until) - first).dt.total_days() / length).alias("observed"),
        pl.col("amount").slice(1).mean().alias("mean_spend"),
    )
    return summary.to_arrow().cast(SUMMARY)


def _check_amounts(rows: pl.DataFrame) -> None:
    broken = rows.filter(~pl.col("amount").is_finite())
    if len(broken):
        raise EngineInputError("amount_not_a_number", Where(field="amount"), customer=broken["customer"][0])
    below = rows.filter(pl.col("amount") < 0)
    if len(below):
        customer, _, given = below.row(0)
        raise EngineInputError("amount_below_zero", Where(field="amount"), customer=customer, given=given)


def checked_history(
    frequency: ArrayLike, recency: ArrayLike, observed: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """The three as float arrays of one shape (n_customers,), if they can be histories.

    Raises EngineInputError: shape_mismatch (facts: given, expected), frequency_not_a_count,
    recency_without_repeat, recency_beyond_observed (facts: row, counted from 1).
    """
    x, last, seen = (np.asarray(values, np.float64) for values in (frequency, recency, observed))
    for given in (last, seen):
        if given.shape != x.shape or x.ndim != 1:
            raise EngineInputError("shape_mismatch", given=list(given.shape), expected=list(x.shape))
    _refuse("frequency_not_a_count", ~(np.isfinite(x) & (x >= 0) & (x == np.floor(x))))
    _refuse("recency_beyond_observed", ~((last >= 0) & (last <= seen) & np.isfinite(seen)))
    _refuse("recency_without_repeat", (x == 0) & (last > 0))
    return x, last, seen


def _refuse(code: str, wrong: NDArray[np.bool_]) -> None:
    if wrong.any():
        raise EngineInputError(code, row=int(np.argmax(wrong)) + 1)
