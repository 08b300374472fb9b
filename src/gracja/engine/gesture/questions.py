"""Questions that grants of gestures raise: about fairness and about abuse. Never a verdict, and nothing
follows from one by itself: there may be a good reason, which only people know.

Each question is asked only where chance alone would hardly make it, given who served whom how often; all of
one kind together are corrected for their number (Holm 1979, Scandinavian Journal of Statistics 6:65-70), so
that where everything is fair, a kind of question is asked at all with probability of at most 5 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

_TIME: Final = pa.timestamp("us", "UTC")
_GRANTS: Final[list[pa.Field[Any]]] = [
    *(pa.field(name, pa.string(), nullable=False) for name in ("employee", "customer", "place", "kind")),
    pa.field("cost_minor", pa.int64(), nullable=False),
    pa.field("at", _TIME, nullable=False),
]
_SERVED: Final[list[pa.Field[Any]]] = [
    *(pa.field(name, pa.string(), nullable=False) for name in ("employee", "customer", "place")),
    pa.field("complained", pa.bool_(), nullable=False),
    pa.field("at", _TIME, nullable=False),
]
GRANTS: Final = pa.schema(_GRANTS)
SERVED: Final = pa.schema(_SERVED)
Code = Literal[
    "same_pair",
    "gives_more",
    "gives_less",
    "complains_first",
    "never_served",
    "split_customer",
    "split_employee",
]
MISS: Final = 0.05
_BEFORE_DAYS: Final = 14
_FEWEST: Final = 3  # gestures after a complaint: twice happens to anybody


@dataclass(frozen=True, slots=True)
class Question:
    """code: what is asked. facts: who, and the counts behind it. chance: how often chance alone would make
    anything as striking among all that was looked at; None where chance has no part.
    """

    code: Code
    facts: dict[str, Any]
    chance: float | None


def questions(grants: pa.Table, served: pa.Table) -> tuple[Question, ...]:
    """What the grants of a period ask, most striking first.

    grants: GRANTS, without remedies; served: SERVED, every contact of that period with an employee and a
    customer who are known, and whether the customer complained. Codes and facts: same_pair (employee,
    customer, grants, contacts, expected), gives_more and gives_less (employee, place, grants, contacts,
    expected), complains_first (customer, times, grants, expected), never_served (employee, customer, grants).
    """
    given = pl.DataFrame(pl.from_arrow(grants.select(GRANTS.names).cast(GRANTS)))
    contacts = pl.DataFrame(pl.from_arrow(served.select(SERVED.names).cast(SERVED)))
    if not len(given):
        return ()
    found = [
        *_never_served(given, contacts),
        *_same_pair(given, contacts),
        *_rates(given, contacts),
        *_complains_first(given, contacts),
    ]
    return tuple(sorted(found, key=lambda one: (one.chance or 0.0, one.code, str(one.facts))))


def _counted(rows: pl.DataFrame, name: str, *by: str) -> pl.DataFrame:
    return rows.group_by(by).agg(pl.len().cast(pl.Int64).alias(name))


def _never_served(given: pl.DataFrame, contacts: pl.DataFrame) -> Iterator[Question]:
    """A gesture to somebody whom this employee did not serve in all the period."""
    pairs = _counted(given, "grants", "employee", "customer")
    for row in pairs.join(contacts, on=["employee", "customer"], how="anti").iter_rows(named=True):
        yield Question("never_served", row, None)


def _same_pair(given: pl.DataFrame, contacts: pl.DataFrame) -> Iterator[Question]:
    """Do an employee's gestures go to one customer more often than to the others whom they serve? As if they
    fell on their contacts at random: hypergeometric.
    """
    from scipy.stats import hypergeom  # noqa: PLC0415  (a second of CPU, which no start should wait for)

    key = ["employee", "customer"]
    rows = (
        _counted(contacts, "contacts", *key)
        .join(_counted(given, "grants", *key), on=key, how="left")
        .with_columns(pl.col("grants").fill_null(0))
        # a contact sees one gesture at most; more than that were given outside the contacts known
        .with_columns(pl.max_horizontal("contacts", "grants").alias("chances"))
        .with_columns(
            pl.col("chances").sum().over("employee").alias("of"),
            pl.col("grants").sum().over("employee").alias("all"),
        )
        # who could never stand out is not among those looked at; chosen without looking at their grants
        .filter((pl.col("all") > 1) & (pl.col("contacts") > 1))
    )
    if not len(rows):
        return
    chances, grants, of, all_ = (rows[name].to_numpy() for name in ("chances", "grants", "of", "all"))
    adjusted = holm(once_each(hypergeom.sf, grants - 1, of, chances, all_))
    for at in np.flatnonzero(adjusted <= MISS):
        facts = rows.row(int(at), named=True)
        expected = facts["all"] * facts["chances"] / facts["of"]
        shown = {name: facts[name] for name in ("employee", "customer", "grants", "contacts")}
        yield Question("same_pair", shown | {"expected": round(expected, 1)}, float(adjusted[at]))


def _rates(given: pl.DataFrame, contacts: pl.DataFrame) -> Iterator[Question]:
    """Does an employee give more, or less, than their contacts at this place would make one expect?"""
    from scipy.stats import hypergeom  # noqa: PLC0415  (a second of CPU, which no start should wait for)

    key = ["place", "employee"]
    rows = (
        _counted(contacts, "contacts", *key)
        .join(_counted(given, "grants", *key), on=key, how="full", coalesce=True)
        .with_columns(pl.col("grants").fill_null(0), pl.col("contacts").fill_null(0))
        .with_columns(pl.max_horizontal("contacts", "grants").alias("chances"))
        .with_columns(
            pl.col("chances").sum().over("place").alias("of"),
            pl.col("grants").sum().over("place").alias("all"),
            pl.len().over("place").alias("people"),
        )
        .filter((pl.col("people") > 1) & (pl.col("all") > 0))
    )
    if not len(rows):
        return
    chances, grants, of, all_ = (rows[name].to_numpy() for name in ("chances", "grants", "of", "all"))
    more = once_each(hypergeom.sf, grants - 1, of, chances, all_)
    less = once_each(hypergeom.cdf, grants, of, chances, all_)
    adjusted = holm(np.minimum(1.0, 2 * np.minimum(more, less)))
    for at in np.flatnonzero(adjusted <= MISS):
        facts = rows.row(int(at), named=True)
        expected = facts["all"] * facts["chances"] / facts["of"]
        shown = {name: facts[name] for name in ("employee", "place", "grants", "contacts")}
        code: Code = "gives_more" if more[at] < less[at] else "gives_less"
        yield Question(code, shown | {"expected": round(expected, 1)}, float(adjusted[at]))


def _complains_first(given: pl.DataFrame, contacts: pl.DataFrame) -> Iterator[Question]:
    """Do a customer's gestures follow their complaints more often than other customers' do?"""
    from scipy.stats import binom  # noqa: PLC0415  (a second of CPU, which no start should wait for)

    complaints = contacts.filter(pl.col("complained")).select("customer", pl.col("at").alias("complained_at"))
    after = (
        given.sort("at")
        .join_asof(
            complaints.sort("complained_at"),
            left_on="at",
            right_on="complained_at",
            by="customer",
            strategy="backward",
            tolerance=f"{_BEFORE_DAYS}d",
            check_sortedness=False,
        )
        .group_by("customer")
        .agg(pl.len().cast(pl.Int64).alias("grants"), pl.col("complained_at").count().alias("times"))
    )
    grants, times = (after[name].to_numpy().astype(np.int64) for name in ("grants", "times"))
    others, others_times = grants.sum() - grants, times.sum() - times
    usual = (others_times + 1) / (others + 2)  # never 0: a small place has seen little
    adjusted = holm(np.asarray(binom.sf(times - 1, grants, usual)))
    for at in np.flatnonzero((adjusted <= MISS) & (times >= _FEWEST)):
        facts = after.row(int(at), named=True)
        expected = round(float(grants[at] * usual[at]), 1)
        yield Question("complains_first", facts | {"expected": expected}, float(adjusted[at]))


def once_each(
    chance: Callable[..., Any], *columns: NDArray[np.int64] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """A chance for each row of the columns, reckoned once for rows that are alike: few differ, and scipy's
    hypergeometric takes them one by one.
    """
    if not len(columns[0]):
        return np.empty(0, dtype=np.float64)
    cases, alike = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    return np.asarray(chance(*cases.T), dtype=np.float64)[alike.reshape(-1)]


def holm(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances corrected for how many were looked at."""
    order = np.argsort(chances)
    factors = np.arange(len(chances), 0, -1)
    adjusted = np.empty_like(chances)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(chances[order] * factors))
    return adjusted
