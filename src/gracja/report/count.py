"""What the observations say about who was seen, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import polars as pl
import pyarrow as pa

from gracja.engine.edition.model import Edition
from gracja.engine.measure import current_rows, of_edition
from gracja.report.model import Counts

_STATUS: Final = (
    "not_applicable",
    "abstained",
    "not_seen",
    "marked",
)  # the weightier one holds for a contact
_WEIGHT: Final = {status: weight for weight, status in enumerate(_STATUS)}


def current_marks(observations: pa.Table, edition: Edition) -> pl.DataFrame:
    """The marks that the measuring counted: last revisions, nothing corrected, one version of each.

    Raises EngineInputError: observation_twice, edition_does_not_match.
    """
    marks = pl.DataFrame(pl.from_arrow(observations))
    return marks if marks.is_empty() else of_edition(current_rows(marks, []), edition, [])


def count_standards(marks: pl.DataFrame) -> dict[str, Counts]:
    """Per standard, each contact once: marked, else not seen, else abstained, else not applicable."""
    rank = pl.col("status").replace_strict(_WEIGHT, default=0, return_dtype=pl.Int8)
    by_contact = marks.group_by("standard", "contact").agg(rank.max().alias("rank"))
    tally = by_contact.group_by("standard", "rank").len()
    valued = marks.filter((pl.col("status") == "marked") & pl.col("value").is_not_null())
    met = valued.group_by("standard").agg(pl.col("value").sum(), pl.len())
    sums = {standard: (float(value), int(number)) for standard, value, number in met.iter_rows()}
    sources = _sources_by_standard(valued)
    contacts: dict[str, dict[str, int]] = {}
    for standard, weight, number in tally.iter_rows():
        contacts.setdefault(standard, {})[_STATUS[weight]] = int(number)
    return {
        standard: Counts(
            **numbers,
            met=sums.get(standard, (0.0, 0))[0],
            marks=sums.get(standard, (0.0, 0))[1],
            sources=sources.get(standard, {}),
        )
        for standard, numbers in contacts.items()
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
