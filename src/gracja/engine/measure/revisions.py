"""Which rows of this edition hold, with notes on those that were left out."""

from __future__ import annotations

import polars as pl

from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure.measured import Note
from gracja.engine.revisions import FAMILY, KEY, latest_version, newest_rows

__all__ = ["KEY", "current_rows", "of_edition"]


def current_rows(rows: pl.DataFrame, notes: list[Note]) -> pl.DataFrame:
    """Rows that no later one corrects. Raises EngineInputError: observation_twice."""
    newest = newest_rows(rows)
    if older := len(rows) - len(newest):
        notes.append(Note("older_revisions_left_out", {"rows": older}))
    return newest


def of_edition(rows: pl.DataFrame, edition: Edition, notes: list[Note]) -> pl.DataFrame:
    """Rows of any version of this edition; of one mark scored under several, the latest version's.

    Raises EngineInputError: edition_does_not_match.
    """
    ours, others = rows.filter(edition.id == FAMILY), rows.filter(edition.id != FAMILY)
    names = others["edition"].unique().sort().to_list()
    if ours.is_empty():
        raise EngineInputError(
            "edition_does_not_match",
            Where(field="observations.edition"),
            edition=edition.name,
            found=names[:20],
        )
    if names:
        notes.append(Note("other_edition", {"rows": len(others), "editions": names}))
    latest = latest_version(ours)
    if doubled := len(ours) - len(latest):
        notes.append(Note("earlier_version_left_out", {"rows": doubled}))
    if earlier := len(latest.filter(pl.col("edition") != edition.name)):
        notes.append(Note("earlier_version", {"rows": earlier}))
    return latest
