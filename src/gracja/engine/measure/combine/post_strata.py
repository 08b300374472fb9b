"""Who has how many of a place's contacts, from what a detector saw and what was drawn for review."""

from __future__ import annotations

import polars as pl


def mix_of_places(human: pl.DataFrame, automatic: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Place -> {employee: share of its contacts}, of places where a detector marked any.

    A contact that the detector marked is one. A review of another stands for 1 / inclusion contacts that it
    did not mark, for itself alone where nobody drew it by chance.
    Source: Horvitz and Thompson (1952), J. Am. Statist. Assoc. 47:663.
    """
    where = ["place", "employee", "contact"]
    seen = automatic.select(where).drop_nulls().unique().with_columns(contacts=pl.lit(1.0))
    chance = (
        pl.col("inclusion").cast(pl.Float64) if "inclusion" in human.columns else pl.lit(None, pl.Float64)
    )
    alone = (
        human.select(*where, contacts=(1 / chance).fill_null(1.0))
        .drop_nulls()
        .unique(where, keep="first", maintain_order=True)
        .join(seen, on="contact", how="anti")
        .filter(pl.col("place").is_in(seen["place"].unique().to_list()))
    )
    of_both = pl.concat([seen, alone]).group_by("place", "employee").agg(pl.col("contacts").sum())
    shares = of_both.with_columns(pl.col("contacts") / pl.col("contacts").sum().over("place"))
    found: dict[str, dict[str, float]] = {}
    for place, employee, share in shares.sort("place", "employee").rows():
        found.setdefault(place, {})[employee] = share
    return found
