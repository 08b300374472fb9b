"""What the observations say about who was seen, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import polars as pl
import pyarrow as pa

from gracja.report.model import Counts

_KEY: Final = ("contact", "segment", "employee", "standard", "edition", "source", "evaluator")


def current_marks(observations: pa.Table) -> pl.DataFrame:
    """The last revision of every mark."""
    marks = pl.DataFrame(pl.from_arrow(observations))
    if marks.is_empty() or marks["revision"].max() == 0:
        return marks
    return marks.sort("revision").unique(subset=_KEY, keep="last", maintain_order=True)


def count_standards(marks: pl.DataFrame) -> dict[str, Counts]:
    """Per standard, each contact once: marked, else not seen, else abstained, else not applicable."""
    said = [
        (pl.col("status") == status).any().alias(status) for status in ("marked", "not_seen", "abstained")
    ]
    by_contact = marks.group_by("standard", "contact").agg(said)
    tally = by_contact.group_by("standard").agg(
        pl.col("marked").sum(),
        (~pl.col("marked") & pl.col("not_seen")).sum().alias("not_seen"),
        (~pl.col("marked") & ~pl.col("not_seen") & pl.col("abstained")).sum().alias("abstained"),
        (~pl.col("marked") & ~pl.col("not_seen") & ~pl.col("abstained")).sum().alias("not_applicable"),
    )
    valued = marks.filter((pl.col("status") == "marked") & pl.col("value").is_not_null())
    met = valued.group_by("standard").agg(pl.col("value").sum().alias("met"), pl.len().alias("marks"))
    sources = _sources_by_standard(valued)
    return {
        row["standard"]: Counts(
            **{name: int(row[name]) for name in ("marked", "not_seen", "abstained", "not_applicable")},
            met=float(row["met"] or 0),
            marks=int(row["marks"] or 0),
            sources=sources.get(row["standard"], {}),
        )
        for row in tally.join(met, on="standard", how="left").iter_rows(named=True)
    }


def _sources_by_standard(valued: pl.DataFrame) -> dict[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = valued.group_by("standard", "source").agg(pl.col("contact").n_unique().alias("n"))
    for standard, source, count in rows.sort("n", descending=True).iter_rows():
        found.setdefault(standard, {})[source] = int(count)
    return dict(found)


def count_sources(marks: pl.DataFrame) -> dict[str, int]:
    """Contacts by who saw them, the most frequent first."""
    seen = marks.filter(pl.col("status") == "marked")
    rows = seen.group_by("source").agg(pl.col("contact").n_unique().alias("n"))
    return {
        source: int(count) for source, count in rows.sort("n", "source", descending=[True, False]).iter_rows()
    }


def count_contacts(marks: pl.DataFrame) -> int:
    return int(marks["contact"].n_unique()) if len(marks) else 0


def nobodys_contacts(marks: pl.DataFrame) -> int:
    """Contacts in which no mark could be given to an employee."""
    seen = marks.filter(pl.col("status") == "marked")
    nobody = seen.group_by("contact").agg(pl.col("employee").is_null().all().alias("nobody"))
    return int(nobody["nobody"].sum())


def contacts_with(marks: pl.DataFrame, status: str) -> int:
    return int(marks.filter(pl.col("status") == status)["contact"].n_unique())


def times(marks: pl.DataFrame) -> tuple[datetime | None, datetime | None]:
    if marks.is_empty():
        return None, None
    first, last = marks["occurred_at"].min(), marks["occurred_at"].max()
    return (first, last) if isinstance(first, datetime) and isinstance(last, datetime) else (None, None)
