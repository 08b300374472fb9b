"""The list of conversations: of one month, as far as somebody may read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.selectors.names import Names
from gracja.app.contacts.selectors.scope import SPOKE, Scope
from gracja.app.organisation.access import places_where
from gracja.app.organisation.models import Person, Place, User
from gracja.archive.layout import UNKNOWN

_COLUMNS: Final = ["contact", "employee", "place", "channel", "started_at", "complete"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One conversation of the list. person, place: ours; where a name is not mapped, as the export has it."""

    contact: str
    at: datetime | None
    person: Person | str | None
    place: Place | str | None
    channel: str
    complete: bool


class Conversations(Sequence[Any]):
    """The conversations of a month that somebody may read, newest first. A slice is looked up when asked."""

    def __init__(self, table: pa.Table, scope: Scope) -> None:
        self._table, self._scope = table, scope

    def __len__(self) -> int:
        return self._table.num_rows

    def __getitem__(self, place: Any) -> Any:
        rows = self._table.slice(place.start or 0, (place.stop or len(self)) - (place.start or 0)).to_pylist()
        people, places = ours(self._scope.names, rows)
        return [
            Listed(
                row["contact"],
                row["started_at"],
                people.get(row["employee"], row["employee"]),
                places.get(row["place"], row["place"]),
                row["channel"],
                row["complete"],
            )
            for row in rows
        ]


@dataclass(frozen=True)
class Month:
    """A month of the archive and what may be asked of it. month: `2026-11`, `unknown`; empty: none yet."""

    month: str
    months: list[str]  # newest first; those without a time last
    conversations: Conversations
    channels: list[str]
    anything: bool  # whether there is anything in the archive at all


def month_of(*, by: User, month: str = "", place_uid: str = "", named: str = "", channel: str = "") -> Month:
    """The conversations of this month (empty: the newest that there is) at this place and everything below
    it, of people whose names hold `named`, in this channel.
    """
    scope = Scope.of(by)
    archive = archive_if_there()
    files = archive.conversation_files().files() if archive else []
    months = sorted({file.month for file in files} - {UNKNOWN}, reverse=True)
    months += [UNKNOWN] if any(file.month == UNKNOWN for file in files) else []
    chosen = month if month in months else next(iter(months), "")
    empty = pa.schema([pa.field(name, pa.string()) for name in _COLUMNS]).empty_table()
    if archive is None or not chosen:
        return Month("", months, Conversations(empty, scope), [], anything=False)
    of_people = _of_people(scope.names, named) if named else None
    spoken = bool(named) or (bool(scope.mine) and not scope.everything)
    columns = [*_COLUMNS, SPOKE] if spoken else _COLUMNS
    found = []
    with archive.shared():
        stored = archive.conversation_files()
        for file in stored.files([chosen]):
            for table in stored.read(file, columns):
                readable = table if scope.everything else table.filter(scope.mask(table))
                if of_people:
                    readable = readable.filter(of_people.mask(readable))
                found.append(readable.select(_COLUMNS))
    whole = pa.concat_tables(found)
    channels = sorted(filter(None, whole["channel"].unique().to_pylist()))
    if place_uid:
        whole = whole.filter(pc.is_in(whole["place"], value_set=_names_below(scope.names, place_uid)))
    if channel:
        whole = whole.filter(pc.equal(whole["channel"], pa.scalar(channel)))
    return Month(chosen, months, Conversations(_newest_first(whole), scope), channels, anything=True)


def ours(
    known: Names, rows: Iterable[dict[str, Any]]
) -> tuple[dict[str | None, Person], dict[str | None, Place]]:
    """Our people and places by the names in these rows."""
    given = list(rows)
    keys = {name: known.people[name] for row in given if (name := row["employee"]) in known.people}
    uids = {name: known.places[name] for row in given if (name := row["place"]) in known.places}
    people = {one.key: one for one in Person.objects.filter(key__in=set(keys.values()))} if keys else {}
    places = {one.uid: one for one in Place.objects.filter(uid__in=set(uids.values()))} if uids else {}
    return (
        {name: people[key] for name, key in keys.items() if key in people},
        {name: places[uid] for name, uid in uids.items() if uid in places},
    )


def _newest_first(table: pa.Table) -> pa.Table:
    """By numpy: Arrow's sort is slower on timestamps with a zone."""
    started: Any = table["started_at"].cast(pa.int64())
    at = np.asarray(pc.fill_null(started, 0))
    return table.take(np.argsort(-at, kind="stable"))


def _of_people(known: Names, named: str) -> Scope:
    """A scope of what these people took part in."""
    keys = set(Person.objects.filter(name__icontains=named).values_list("key", flat=True))
    theirs = frozenset(name for name, key in known.people.items() if key in keys)
    return Scope(known, everything=False, places=frozenset(), mine=theirs)


def places_to_ask(*, by: User) -> list[Place]:
    """Places whose conversations `by` may read, regions before what is in them."""
    return list(Place.objects.filter(places_where(by, "conversation.read"), active=True).order_by("path"))


def _names_below(known: Names, place_uid: str) -> Any:
    """How the archive names this place and those below it."""
    below = set(Place.objects.filter(path__contains=f"/{place_uid}/").values_list("uid", flat=True))
    return pa.array([name for name, uid in known.places.items() if uid in below], pa.string())
