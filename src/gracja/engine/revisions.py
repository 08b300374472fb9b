"""Which row of a mark holds: corrections replace what they correct, later versions earlier ones."""

from __future__ import annotations

from typing import Final

import polars as pl

from gracja.engine.errors import EngineInputError, Where

KEY: Final = ("contact", "segment", "employee", "standard", "edition", "source", "evaluator")
# Rows of one mark, whoever it was about and whichever version of the edition it was made with.
_CHAIN: Final = ("contact", "segment", "standard", "family", "source", "evaluator")
FAMILY: Final = pl.col("edition").str.split("@").list.first()
_VERSION: Final = pl.col("edition").str.split("@").list.get(1, null_on_oob=True)


def newest_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that no later one corrects, in a fixed order: sums are the same whatever the order of rows.

    rows: columns of KEY, `revision` and `supersedes`. Raises EngineInputError: observation_twice.
    """
    kept = _not_superseded(rows)
    newest = kept.filter(pl.col("revision") == pl.col("revision").max().over(KEY))
    twice = newest.filter(newest.select(KEY).is_duplicated())
    if len(twice):
        first = twice.sort("contact", "standard").row(0, named=True)
        raise EngineInputError(
            "observation_twice",
            Where(field="observations"),
            contact=first["contact"],
            standard=first["standard"],
        )
    return newest.sort(KEY, nulls_last=True)


def _not_superseded(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose revision no other row of their chain supersedes.

    A correction replaces the row about the same employee; where there is none, what it corrects is the
    employee, and the row of that revision goes whoever it was about.
    """
    numbered = rows.with_columns(FAMILY.alias("family")).with_row_index("row")
    later = numbered.filter(pl.col("supersedes") < pl.col("revision"))
    if later.is_empty():
        return rows
    claims = later.select(*_CHAIN, revision="supersedes", by="employee", claim="row")
    pairs = numbered.join(claims, on=[*_CHAIN, "revision"], how="inner", nulls_equal=True).with_columns(
        own=pl.col("employee").eq_missing(pl.col("by"))
    )
    replaced = pairs.filter(pl.col("own") | ~pl.col("own").any().over("claim"))
    return rows.filter(~pl.int_range(pl.len()).is_in(replaced["row"].unique().implode()))


def latest_version(rows: pl.DataFrame) -> pl.DataFrame:
    """Of one mark scored under several versions of its edition, the row of the latest; in a fixed order."""
    mark = [column for column in KEY if column != "edition"]
    return (
        rows.with_columns(_VERSION.cast(pl.Int64, strict=False).fill_null(-1).alias("version"))
        .sort("version", "edition")
        .unique(mark, keep="last")
        .drop("version")
        .sort(KEY, nulls_last=True)
    )
