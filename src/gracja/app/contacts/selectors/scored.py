"""Conversations that an edition has marked, one row each, and who took part in some of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.selectors.names import names
from gracja.app.standards.models import Edition
from gracja.archive.find import find_conversations
from gracja.archive.folder import rows_with
from gracja.engine.detect.name import DETECTOR

if TYPE_CHECKING:
    import polars as pl

_COLUMNS: Final = ["contact", "employee", "place", "occurred_at", "edition_digest", "scored_by"]


@dataclass(frozen=True)
class Scored:
    """contacts: contact, employee? (Person.key of whom most of its marks mean), place (Place.uid) and
    occurred_at; a row a conversation. nowhere: how many more there are whose place is none of ours.
    """

    contacts: pl.DataFrame
    nowhere: int


@dataclass(frozen=True, slots=True)
class Talked:
    """Of one conversation. people: keys of all of ours who spoke in it or have it as theirs."""

    channel: str
    people: frozenset[str]


def scored_conversations(edition: Edition, first: date, last: date) -> Scored:
    """Those of these days, UTC, that the company's own scoring marked with this edition: what a measurement
    takes from the archive (measurement/services/gather.py). Row group by row group; what was said stays where
    it is. Errors as archive.Archive.observations.
    """
    import polars as pl  # noqa: PLC0415  (pages load without it)

    known = names()
    whose = ["contact", "employee", "place"]
    pieces = [
        found.group_by(whose).agg(pl.len(), pl.col("occurred_at").min())
        for found in _marks(edition, first, last)
    ]
    if not pieces:
        return Scored(pl.DataFrame(schema=dict.fromkeys([*whose, "occurred_at"], pl.String)), 0)
    one_each = (
        pl.concat(pieces)
        .with_columns(
            _ours("employee", known.people),
            _ours("place", known.places),
        )
        .group_by(whose)
        .agg(pl.col("len").sum(), pl.col("occurred_at").min())
        .sort(pl.col("employee").is_null(), pl.col("len"), "employee", descending=[False, True, False])
        .group_by("contact", maintain_order=True)
        .agg(pl.col("employee").first(), pl.col("place").drop_nulls().first(), pl.col("occurred_at").min())
    )
    somewhere = one_each.filter(pl.col("place").is_not_null())
    return Scored(somewhere, one_each.height - somewhere.height)


def talked(contacts: Iterable[tuple[str, datetime]]) -> dict[str, Talked]:
    """Channel and people of these conversations, each given with when it was; what is gone is left out."""
    archive, when = archive_if_there(), dict(contacts)
    if archive is None or not when:
        return {}
    known = names().people
    months = sorted({f"{at.astimezone(UTC):%Y-%m}" for at in when.values()})
    found = {}
    for contact, one in find_conversations(archive, when, months=months).items():
        said = {one.row["employee"], *(turn["employee"] for turn in one.row["turns"])}
        people = frozenset(known[name] for name in said if name in known)
        found[contact] = Talked(one.row["channel"], people)
    return found


def _marks(edition: Edition, first: date, last: date) -> Iterable[pl.DataFrame]:
    import polars as pl  # noqa: PLC0415

    archive = archive_if_there()
    if archive is None:
        return
    begins = pa.scalar(datetime.combine(first, time(), UTC))
    ends = pa.scalar(datetime.combine(last + timedelta(days=1), time(), UTC))
    with archive.shared():
        stored = archive.observation_files()
        for file in stored.files():
            if not f"{first:%Y-%m}" <= file.month <= f"{last:%Y-%m}":
                continue
            for rows in stored.read(file, _COLUMNS):
                ours = rows_with(rows, {"edition_digest": edition.digest, "scored_by": DETECTOR})
                at: Any = ours["occurred_at"]
                ours = ours.filter(pc.and_(pc.greater_equal(at, begins), pc.less(at, ends)))
                found = pl.from_arrow(ours.select(_COLUMNS[:4]))
                assert isinstance(found, pl.DataFrame)
                yield found


def _ours(column: str, keys: dict[str, str]) -> pl.Expr:
    """Our key for each name; null for what nobody mapped."""
    import polars as pl  # noqa: PLC0415

    given, ours = pl.Series(list(keys), dtype=pl.String), pl.Series(list(keys.values()), dtype=pl.String)
    return pl.col(column).replace_strict(given, ours, default=None, return_dtype=pl.String)
