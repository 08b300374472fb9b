"""Too distant, fitting or too close: contacts by place and part, where it is known what was wanted."""

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa

from gracja.engine.edition.model import Edition
from gracja.engine.measure.contacts import SURELY_DISCREET, SURELY_PERSONAL, with_wanted
from gracja.engine.measure.marks import observation_rows, standards_frame
from gracja.engine.measure.revisions import current_rows, of_edition

_SOURCES: Final = {"human": ("visit", "review"), "automatic": ("automatic",)}
_DONE: Final = 0.5


def closeness(
    observations: pa.Table,
    contacts: pa.Table | None,
    edition: Edition,
    *,
    basis: str,
) -> pl.DataFrame:
    """Contacts of each place and part with a marked standard of a mode.

    basis: human or automatic. Columns: place?, part ("" for the contact as a whole), judged (contacts of
    which it is known what was wanted), distant, close (of these), wanted_close, wanted_distance (of these:
    where closeness, where discretion was surely wanted), unknown (contacts of which it is not), distant_in?,
    close_in? (the newest such contact). Distant: where closeness was surely wanted, a discreet
    standard was done or a personal one of the base was not. Close: the mirror of it where discretion was
    surely wanted. Where neither was, nothing is wrong. What goes beyond expectation is never missed.

    Raises EngineInputError as `measure` does of its two tables.
    """
    rows = of_edition(current_rows(observation_rows(observations), []), edition, []).join(
        standards_frame(edition), on="standard", how="inner"
    )
    marks = rows.filter(
        pl.col("status") == "marked", pl.col("source").is_in(_SOURCES[basis]), pl.col("service_mode") != "any"
    )
    in_part = _sides(with_wanted(marks, contacts))
    whole = in_part.with_columns(part=pl.lit("")).group_by("place", "part", "contact", "segment").agg(_ANY)
    return pl.concat([_counted(in_part), _counted(whole)]).sort("place", "part", nulls_last=True)


_ANY: Final = (
    pl.col("known", "distant", "close", "wanted_close", "wanted_distance").any(),
    pl.col("occurred_at").max(),
)


def _sides(marks: pl.DataFrame) -> pl.DataFrame:
    """One row a place, part, contact and segment; several evaluators of one contact are one voice."""
    of_standard = marks.group_by("place", "part", "contact", "segment", "standard").agg(
        pl.col("value").mean(),
        pl.col("service_mode", "rung", "low", "high").first(),
        pl.col("occurred_at").max(),
    )
    done, personal = pl.col("value") >= _DONE, pl.col("service_mode") == "personal"
    missed = ~done & (pl.col("rung") == "base")
    impersonal = pl.when(personal).then(missed).otherwise(done)
    near = pl.when(personal).then(done).otherwise(missed)
    return (
        of_standard.with_columns(
            known=pl.col("low").is_not_null(),
            wanted_close=SURELY_PERSONAL.fill_null(value=False),
            wanted_distance=SURELY_DISCREET.fill_null(value=False),
            distant=(SURELY_PERSONAL & impersonal).fill_null(value=False),
            close=(SURELY_DISCREET & near).fill_null(value=False),
        )
        .group_by("place", "part", "contact", "segment")
        .agg(_ANY)
    )


def _counted(contacts: pl.DataFrame) -> pl.DataFrame:
    newest = contacts.sort("occurred_at", "contact", nulls_last=False)
    return newest.group_by("place", "part", maintain_order=True).agg(
        pl.col("known").sum().cast(pl.Int64).alias("judged"),
        pl.col("distant", "close", "wanted_close", "wanted_distance").sum().cast(pl.Int64),
        (~pl.col("known")).sum().cast(pl.Int64).alias("unknown"),
        *(pl.col("contact").filter(pl.col(side)).last().alias(f"{side}_in") for side in ("distant", "close")),
    )
