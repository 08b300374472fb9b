"""What was wanted in conversations, read from their opening words before anything is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gracja.app.common.clock import now
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import Wanted
from gracja.app.contacts.services.wanted import contacts_looked_at, note_wanted
from gracja.app.organisation.models import Company
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.app.standards.models import Edition
from gracja.app.standards.selectors.reading import document_of
from gracja.archive import Archive
from gracja.engine.detect.name import DETECTOR
from gracja.engine.edition.model import Edition as Document
from gracja.engine.state.wanted import wanted_in_opening


def note_openings(edition: Edition, months: list[str], beat: Callable[[], None] = lambda: None) -> int:
    """Note what customers wanted in the scored conversations of these months that nobody looked at yet. What
    is known of one already stays. How many were looked at now.

    By the situation rules in force as it is read; their version stands beside it. Nothing of what staff
    tapped, and nothing after the employee's first personal or discreet act, is read.
    """
    archive = archive_if_there()
    if archive is None:
        return 0
    document, rules, company = document_of(edition), company_rules(), Company.objects.first()
    known, looked = contacts_looked_at(), 0
    for month in months:
        scored, acts = _acts(archive, month, edition, document)
        fresh = pa.array(sorted(scored - known), pa.string())
        if not len(fresh):
            continue
        for talks in _of_contacts(archive, month, fresh):
            found = wanted_in_opening(
                talks,
                acts.filter(pc.is_in(acts["contact"], value_set=talks.column("contact"))),
                document,
                rules,
                default_language=company.language if company else None,
            )
            note_wanted(_rows(found))
            looked += talks.num_rows
            beat()
    return looked


def _acts(archive: Archive, month: str, edition: Edition, document: Document) -> tuple[set[str], pa.Table]:
    """The contacts of a month that were scored with the edition, and the marks that show personal or
    discreet acts.
    """
    of_mode = [one.standard for _, _, one in document.standards() if one.service_mode != "any"]
    columns = ["contact", "standard", "value", "evidence"]
    scored: set[str] = set()
    acts = []
    for batch in archive.observations([month], edition_digest=edition.digest, scored_by=DETECTOR):
        table = pa.Table.from_batches([batch]).select(columns)
        contacts: list[Any] = pc.unique(table["contact"]).to_pylist()
        scored.update(contacts)
        done: Any = pc.and_(
            pc.is_in(table["standard"], value_set=pa.array(of_mode, pa.string())),
            pc.greater(table["value"], pa.scalar(0.0, pa.float32())),
        )
        acts.append(table.filter(done))
    return scored, pa.concat_tables(acts) if acts else pa.table({name: [] for name in columns})


def _of_contacts(archive: Archive, month: str, contacts: pa.Array[Any]) -> Iterator[pa.RecordBatch]:
    for batch in archive.conversations([month]):
        found = batch.filter(pc.is_in(batch.column("contact"), value_set=contacts))
        if found.num_rows:
            yield found


def _rows(found: pa.Table) -> list[Wanted]:
    at = now()
    return [
        Wanted(
            contact=row["contact"],
            segment=row["segment"],
            edition=row["edition"],
            service_kind=row["service_kind"],
            low=row["wanted_low"],
            high=row["wanted_high"],
            source=row["wanted_source"],
            recorded_at=at,
            rules_version=row["rules_version"],
        )
        for row in found.to_pylist()
    ]
