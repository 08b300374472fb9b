"""One conversation, or a piece of it, for whoever may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.selectors.scope import Scope
from gracja.app.organisation.models import User
from gracja.archive.find import Found, find_conversations
from gracja.engine.edition.model import Standard
from gracja.report import quote as cutting
from gracja.report.model import Line

Evidence = Mapping[str, int]  # turn, start, end, as tables.EVIDENCE


@dataclass(frozen=True)
class Asked:
    """What is to be quoted. at: when the contact was, where known, so that it is found sooner. standard: for
    a mark without evidence, so that the place is shown where the behaviour was due.
    """

    contact: str
    evidence: Sequence[Evidence] = field(default_factory=tuple)
    at: datetime | None = None
    standard: Standard | None = None


def quote(
    *,
    by: User,
    contact: str,
    evidence: Sequence[Evidence] = (),
    at: datetime | None = None,
    standard: Standard | None = None,
) -> tuple[Line, ...] | None:
    """A few turns around the evidence, its words marked; without evidence, how the conversation began.

    None where there is no such conversation, or `by` may not read it.
    """
    return quotes(by=by, asked=[Asked(contact, evidence, at, standard)])[0]


def quotes(*, by: User, asked: Sequence[Asked]) -> list[tuple[Line, ...] | None]:
    """As `quote`, for many at once: the archive is gone through once."""
    found = readable(by=by, contacts=[(one.contact, one.at) for one in asked])
    return [_lines(found[one.contact].row, one) if one.contact in found else None for one in asked]


def readable(*, by: User, contacts: Iterable[tuple[str, datetime | None]]) -> dict[str, Found]:
    """Those of these conversations that are there and that `by` may read. Each with when it was, if known."""
    archive = archive_if_there()
    wanted = dict(contacts)
    if archive is None or not wanted:
        return {}
    months = {f"{at.astimezone(UTC):%Y-%m}" for at in wanted.values() if at}
    found = find_conversations(archive, wanted, months=sorted(months)) if months else {}
    if missing := wanted.keys() - found.keys():
        found |= find_conversations(archive, missing)
    scope = Scope.of(by)
    return {contact: one for contact, one in found.items() if scope.covers(one.row)}


def _lines(talk: Mapping[str, Any], asked: Asked) -> tuple[Line, ...]:
    spots = [(spot["turn"], spot["start"], spot["end"]) for spot in asked.evidence]
    return cutting.evidence(talk, spots) or cutting.absence(talk, asked.standard, lambda _: [])[0]
