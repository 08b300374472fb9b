"""In which order contacts are worth a human's reading, from automatic marks alone.

Two lists are merged, both deterministic functions of the marks. *Uncertain*: each standard has a queue, the
least certain first, and within a tenth of certainty one contact of each employee before anybody's second;
the standards take turns. *Exceptional*: failed critical standards, initiatives and contacts whose share met
lies two standard deviations from the mean take turns in the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Final

import polars as pl

_FEW_MARKS: Final = 3  # a share of one or two marks is no extreme
_FAR: Final = 2.0  # standard deviations
_BEHIND: Final = 1e12
_DOUBT: Final = 0.2  # a probability from 0.1 to 0.9; what is surer has no turn, or sure standards would too


def tie_breaker(contact: str) -> int:
    """A number that no order of rows and no seed changes."""
    return int.from_bytes(hashlib.sha256(contact.encode("utf-8", "surrogatepass")).digest()[:7])


def uncertain(marks: pl.DataFrame, standards: Sequence[str], most: int) -> pl.DataFrame:
    """Contacts with a mark that is not certain: contact, place from 0; `most` of them, or some more.

    marks: contact (of any type), employee, tie, standard, status, probability. Uncertain is what abstained,
    then what has a probability between 0.1 and 0.9; a mark without one says nothing of its certainty.
    """
    doubt = (1 - (2 * pl.col("probability") - 1).abs()).fill_null(0.0)
    abstained = pl.col("status") == "abstained"
    turns = {standard: turn for turn, standard in enumerate(standards)}
    queue = pl.col("standard").replace_strict(turns, return_dtype=pl.Int64).alias("queue")
    rows = (
        marks.filter(abstained | (pl.col("status") == "marked"))
        .with_columns((abstained.cast(pl.Float64) + doubt).alias("worth"))
        .filter(pl.col("worth") >= _DOUBT - 1e-6)
        .select("contact", "employee", "tie", queue, "worth")
        .group_by("contact", "queue")
        .agg(pl.col("employee", "tie").first(), pl.col("worth").max())
    )
    return _in_turn(rows, (pl.col("worth") * 10).floor(), most)


def exceptional(
    marks: pl.DataFrame,
    most: int,
    *,
    critical: Collection[str],
    initiative: Collection[str],
    base: Collection[str],
) -> pl.DataFrame:
    """Contacts that stand out: contact, place from 0. marks, most: as above, marks with value.

    critical, initiative, base: the standards of each kind.
    """
    marked = marks.filter(pl.col("status") == "marked")
    by_contact = marked.group_by("contact").agg(pl.col("employee", "tie").first())
    counts = [
        marked.filter(pl.col("standard").is_in(list(critical)) & (pl.col("value") < 0.5)),
        marked.filter(pl.col("standard").is_in(list(initiative)) & (pl.col("value") >= 0.5)),
    ]
    queues = [
        rows.group_by("contact").agg(pl.col("standard").n_unique().cast(pl.Float64).alias("worth"))
        for rows in counts
    ]
    queues.append(_far_from_the_mean(marked.filter(pl.col("standard").is_in(list(base)))))
    rows = pl.concat(
        [rows.with_columns(pl.lit(queue, pl.Int64).alias("queue")) for queue, rows in enumerate(queues)]
    )
    return _in_turn(rows.join(by_contact, on="contact"), pl.col("worth"), most)


def merged(first: pl.DataFrame, second: pl.DataFrame, shares: tuple[float, float]) -> pl.DataFrame:
    """Both lists as one: contact, list (0 or 1), in order; a contact stands where it comes first.

    shares: how often each list has its turn; a list without a share stands behind the other.
    """
    keyed = [
        rows.select(
            "contact",
            ((pl.col("place") + 0.5) / share if share else pl.col("place") + _BEHIND).alias("key"),
            pl.lit(number, pl.Int64).alias("list"),
        )
        for number, (rows, share) in enumerate(zip((first, second), shares, strict=True))
    ]
    return pl.concat(keyed).sort("key", "list").unique("contact", keep="first", maintain_order=True)


def _far_from_the_mean(marked: pl.DataFrame) -> pl.DataFrame:
    shares = (
        marked.group_by("contact")
        .agg(pl.col("value").cast(pl.Float64).mean(), pl.len().alias("marks"))
        .filter(pl.col("marks") >= _FEW_MARKS)
    )
    mean, spread = shares["value"].mean(), shares["value"].std()
    if not isinstance(mean, float) or not isinstance(spread, float) or spread == 0:
        return shares.clear().select("contact", pl.col("value").alias("worth"))
    far = ((pl.col("value") - mean) / spread).abs().round(6)  # summed in any order, the same worth
    return shares.select("contact", far.alias("worth")).filter(pl.col("worth") >= _FAR)


def _in_turn(rows: pl.DataFrame, alike: pl.Expr, most: int) -> pl.DataFrame:
    """Queues by worth, one contact of each employee among those alike first; the queues take turns.

    What stands behind the first `most` of its queue can have no turn before that many have had theirs.
    """
    groups = (
        (rows := rows.with_columns(alike.alias("alike")))
        .group_by("queue", "alike")
        .len("count")
        .sort("queue", "alike", descending=[False, True])
        .filter(pl.col("count").cum_sum().over("queue") - pl.col("count") < most)
    )
    ordered = (
        rows.join(groups, on=["queue", "alike"])
        .sort("worth", "tie", descending=[True, False])
        .with_columns(pl.int_range(pl.len()).over("queue", "alike", "employee").alias("of_employee"))
        .sort("queue", "alike", "of_employee", "worth", "tie", descending=[False, True, False, True, False])
        .with_columns(pl.int_range(pl.len()).over("queue").alias("turn"))
        .sort("turn", "queue")
        .unique("contact", keep="first", maintain_order=True)
    )
    return ordered.select("contact", pl.int_range(pl.len()).alias("place"))
