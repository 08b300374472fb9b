"""Drafts as the studio shows them: how far they are, the journey, who works on them now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.shortcuts import get_object_or_404

from gracja.app.common.clock import now
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Company, User
from gracja.app.standards.models import Draft, DraftChange, Edition
from gracja.app.standards.services.drafts import to_redo, to_undo
from gracja.app.standards.services.operations import spot_of

HERE_MINUTES: Final = 10  # who changed something in the last minutes is here now
ADDED_SECONDS: Final = 20
DIAL_START: Final = {"encounter": 30, "relationship": 60}
LANGUAGES: Final = ("pl", "en")


@dataclass(frozen=True)
class Phase:
    """One of the four, and how much of it is left to do."""

    name: str
    done: int
    all: int

    @property
    def finished(self) -> bool:
        return self.done == self.all


@dataclass(frozen=True)
class Here:
    """Somebody else at this draft: what they changed last."""

    name: str
    at: datetime
    part: dict[str, str] | None  # the title of the part, where it was in one


@dataclass(frozen=True)
class State:
    """What stands at the head of every page of a draft."""

    draft: Draft
    phases: tuple[Phase, ...]
    others: tuple[Here, ...]
    undo: DraftChange | None
    redo: DraftChange | None
    zone: str


@dataclass(frozen=True)
class Station:
    """A part as it stands on the journey."""

    part: dict[str, Any]
    place: int  # from 1
    before: str | None  # the part that it would stand in front of if it were moved earlier
    after: str | None  # ... later; None: at the end
    first: bool
    last: bool

    @property
    def id(self) -> str:
        return str(self.part["part"])

    @property
    def enhancers(self) -> list[dict[str, Any]]:
        return list(self.part.get("enhancers", []))

    @property
    def standards(self) -> int:
        return sum(len(enhancer.get("standards", [])) for enhancer in self.enhancers)

    @property
    def feeling(self) -> int | None:
        return self.part.get("feeling")


def draft(*, by: User, uid: str) -> Draft:
    """Raises Refused: not_permitted; Http404."""
    require(by, "edition.draft")
    return get_object_or_404(Draft.objects.select_related("based_on"), uid=uid)


def drafts(*, by: User) -> list[tuple[Draft, tuple[Phase, ...], DraftChange | None]]:
    """Every draft, the one changed last first, with its phases and its last change."""
    require(by, "edition.draft")
    found = list(Draft.objects.all())
    last = {
        change.draft_id: change
        for change in DraftChange.objects.filter(
            draft__in=found, revision__in={one.revision for one in found}
        ).select_related("by")
        if any(one.pk == change.draft_id and one.revision == change.revision for one in found)
    }
    return [(one, phases(one.document), last.get(one.pk)) for one in found]


def editions_to_go_on(*, by: User) -> list[Edition]:
    """The last version of every published edition that has no draft now."""
    require(by, "edition.draft")
    busy = Draft.objects.values("edition_id")
    rows = Edition.objects.exclude(edition_id__in=busy).select_related("published_by")
    last: dict[str, Edition] = {}
    for row in rows.order_by("edition_id", "version"):
        last[row.edition_id] = row
    return list(last.values())


def state(*, by: User, draft: Draft) -> State:
    """The head of a draft's page."""
    undo = to_undo(draft)
    company = Company.objects.first()
    return State(
        draft=draft,
        phases=phases(draft.document),
        others=tuple(_others(by, draft)),
        undo=undo,
        redo=to_redo(draft, undo),
        zone=company.zone if company else "UTC",
    )


def changed_by_others(*, by: User, draft: Draft, seen: int) -> list[str]:
    """Who changed the draft after this revision, each once, the latest first."""
    rows = draft.changes.filter(revision__gt=seen).exclude(by=by.person).select_related("by")
    return list(dict.fromkeys(row.by.name for row in rows if row.by))


def phases(document: dict[str, Any]) -> tuple[Phase, ...]:
    """How far each phase is: what is answered, out of what it asks."""
    service, parts = document["service"], document["sequence"]
    enhancers = [enhancer for part in parts for enhancer in part.get("enhancers", [])]
    asked = ("begins", "ends", "channels")
    return (
        Phase("sequence", sum(1 for name in asked if service.get(name)), len(asked)),
        Phase(
            "parts",
            sum(1 for part in parts if part.get("customer_does") and part.get("employee_does")),
            len(parts),
        ),
        Phase("enhancers", sum(1 for part in parts if part.get("enhancers")), len(parts)),
        Phase(
            "standards", sum(1 for enhancer in enhancers if enhancer.get("standards")), max(1, len(enhancers))
        ),
    )


def stations(document: dict[str, Any]) -> list[Station]:
    """The journey, left to right."""
    parts = document["sequence"]
    ids = [part["part"] for part in parts]
    return [
        Station(
            part=part,
            place=at + 1,
            before=ids[at - 1] if at else None,
            after=ids[at + 2] if at + 2 < len(ids) else None,
            first=at == 0,
            last=at == len(ids) - 1,
        )
        for at, part in enumerate(parts)
    ]


def last_added(draft: Draft) -> str:
    """The id of what was added a moment ago, so that writing goes on there; empty where nothing was."""
    moment_ago = now() - timedelta(seconds=ADDED_SECONDS)
    change = draft.changes.filter(
        revision=draft.revision, action__endswith=".add", at__gte=moment_ago
    ).first()
    return str(change.path[-1]) if change else ""


def _others(by: User, draft: Draft) -> Iterator[Here]:
    since = now() - timedelta(minutes=HERE_MINUTES)
    seen: set[int | None] = {None, by.person.pk}
    for change in draft.changes.filter(at__gte=since).select_related("by"):
        if change.by is not None and change.by_id not in seen:
            seen.add(change.by_id)
            spot = spot_of(draft.document, "part", change.path[0]) if change.path else None
            yield Here(change.by.name, change.at, spot.element["title"] if spot else None)
