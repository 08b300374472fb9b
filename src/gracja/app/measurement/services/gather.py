"""What goes into a measurement: visits from the database and automatic marks from the archive, as one table.

Names of people and places become keys here. A name that nobody mapped is counted, and its marks belong to
nobody: they count for standards, never for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import batched
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import QuerySet

from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import Wanted
from gracja.app.contacts.selectors.names import names
from gracja.app.observations.models import Mark
from gracja.app.observations.selectors.outside import outside_key
from gracja.app.standards.models import Edition
from gracja.engine.detect.name import DETECTOR
from gracja.engine.tables import CONTACTS, OBSERVATIONS


@dataclass
class Gathered:
    """observations: tables.OBSERVATIONS; contacts: tables.CONTACTS; unmapped: what -> name -> rows. batches:
    the imports whose conversations are in it.
    """

    observations: pa.Table
    contacts: pa.Table
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    batches: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a measurement had: only what came after it is gathered. As measurement.models.Standing."""

    after_visit: int
    visits: frozenset[int]
    batches: frozenset[str]


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, UTC."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)

    def months(self) -> list[str]:
        """UTC months that the period touches, as the archive names them."""
        found, day = [], self.first.replace(day=1)
        while day <= self.last:
            found.append(f"{day:%Y-%m}")
            day = (day + timedelta(days=31)).replace(day=1)
        return found


def gather(
    edition: Edition, period: Period, sources: dict[str, date], beyond: Beyond | None = None
) -> Gathered:
    """Everything that this edition's measurement rests on; or what came `beyond` one.

    sources: visit and automatic -> the day from which staff know that it is measured; a source that is not
    named is left out.
    """
    gathered = Gathered(OBSERVATIONS.empty_table(), CONTACTS.empty_table())
    tables = []
    if "visit" in sources:
        tables.append(_visits(edition, period, sources["visit"], beyond))
    if "automatic" in sources:
        tables.extend(_automatic(edition, period, sources["automatic"], beyond, gathered))
    if tables:
        gathered.observations = pa.concat_tables(tables)
    if beyond is None:
        gathered.contacts = _contacts(_wanted_of(edition))
    else:
        names_of_new: list[Any] = gathered.observations["contact"].unique().to_pylist()
        some = [_contacts(_wanted_of(edition).filter(contact__in=few)) for few in batched(names_of_new, 500)]
        gathered.contacts = pa.concat_tables([gathered.contacts, *some])
    return gathered


def _visits(edition: Edition, period: Period, since: date, beyond: Beyond | None) -> pa.Table:
    """The marks of visits, also of earlier versions: the engine says what it makes of them.

    With which chance a conversation was drawn stays out: a lot gives all of one employee the same, and each
    employee has effects of their own, so that it has nothing to say beyond them (docs/adr/0016).
    """
    from_ = max(period.start, datetime.combine(since, time(), UTC))
    marks = Mark.objects.filter(
        visit__edition__edition_id=edition.edition_id,
        visit__edition__version__lte=edition.version,
        visit__occurred_at__gte=from_,
        visit__occurred_at__lt=period.end,
    ).values_list(
        "visit__contact", "visit__employee__key", "standard", "visit__edition__version",
        "visit__evaluator__key", "visit__evaluator_name", "visit__place__uid", "visit__occurred_at",
        "status", "value", "raw", "unit", "visit__blind", "visit",
    )  # fmt: skip
    if beyond is not None:
        # a second review is no new contact; it waits for a measurement, which counts each contact once
        marks = marks.filter(visit__gt=beyond.after_visit, visit__second_to=None)
    had = beyond.visits if beyond else frozenset[int]()
    keys = _OutsideKeys()
    rows: list[dict[str, Any]] = [
        {
            "contact": contact, "segment": 0, "employee": employee, "standard": standard,
            "edition": f"{edition.edition_id}@{version}", "source": "visit",
            "evaluator": evaluator or keys[named] or None, "place": place, "occurred_at": at,
            "status": status, "value": value, "raw": raw, "unit": unit or None, "evidence": [], "revision": 0,
            "blind": blind,
        }
        for contact, employee, standard, version, evaluator, named, place, at, status, value, raw, unit,
        blind, visit in marks.iterator()
        if visit not in had
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=OBSERVATIONS)


class _OutsideKeys(dict[str, str]):
    """The name of an evaluator from outside -> the key that stands for it in results; each made once."""

    def __missing__(self, name: str) -> str:
        self[name] = outside_key(name) if name else ""
        return self[name]


def _automatic(
    edition: Edition, period: Period, since: date, beyond: Beyond | None, gathered: Gathered
) -> Iterator[pa.Table]:
    archive = archive_if_there()
    if archive is None:
        return
    known = names()
    from_ = max(period.start, datetime.combine(since, time(), UTC))
    # The company's own scoring; what a command scored otherwise (another language, detectors) lies beside it.
    for batch in archive.observations(
        period.months(),
        edition_digest=edition.digest,
        scored_by=DETECTOR,
        beyond=beyond.batches if beyond else (),
        noted=gathered.batches,
    ):
        table = pa.Table.from_batches([batch])
        at: Any = table["occurred_at"]
        table = table.filter(
            pc.and_(pc.greater_equal(at, pa.scalar(from_)), pc.less(at, pa.scalar(period.end)))
        )
        for column, keys in (("employee", known.people), ("place", known.places)):
            table = _mapped(table, column, keys, gathered.unmapped)
        if table.num_rows:
            yield table


def _mapped(
    table: pa.Table, column: str, keys: dict[str, str], unmapped: dict[str, Counter[str]]
) -> pa.Table:
    """The column with our keys in place of others' names; null where a name is not known."""
    encoded: Any = table[column].combine_chunks().dictionary_encode()
    given = encoded.dictionary.to_pylist()
    tallied: Any = table[column].value_counts()
    counts = Counter({entry["values"]: entry["counts"] for entry in tallied.to_pylist()})
    strange = {name: counts[name] for name in given if name not in keys}
    if strange:
        unmapped.setdefault(column, Counter()).update(strange)
    ours = pa.array([keys.get(name) for name in given], pa.string())
    values = ours.take(encoded.indices) if len(given) else pa.nulls(table.num_rows, pa.string())
    return table.set_column(table.column_names.index(column), OBSERVATIONS.field(column), values)


def _wanted_of(edition: Edition) -> QuerySet[Wanted]:
    # of an earlier version, too: what a customer wanted does not change with our standards
    return Wanted.objects.filter(edition__startswith=f"{edition.edition_id}@")


def _contacts(wanted: QuerySet[Wanted]) -> pa.Table:
    rows = wanted.values_list(
        "contact",
        "segment",
        "edition",
        "service_kind",
        "low",
        "high",
        "source",
        "recorded_at",
        "rules_version",
    )
    columns: list[Any] = list(zip(*rows.iterator(), strict=True)) or [[] for _ in CONTACTS]
    columns[-1] = [version or None for version in columns[-1]]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, CONTACTS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=CONTACTS)
