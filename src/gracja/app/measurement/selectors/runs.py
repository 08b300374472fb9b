"""What was measured when, and what can be measured now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from gracja.app.measurement.models import Run
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.models import User
from gracja.app.standards.models import Edition

NIGHTS_SHOWN = 30


@dataclass(frozen=True)
class RunShown:
    run: Run
    unmapped: int  # rows whose employee or place nobody mapped

    @property
    def rows(self) -> dict[str, int]:
        """Source -> marks that went in."""
        rows: dict[str, Any] = self.run.basis.get("rows", {})
        return rows


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What did not count because people marked, too. people: of whom there is nothing but conversations."""

    conversations: int
    people: int


def left_out(run: Run) -> LeftOut | None:
    """The conversations that this run does not rest on; None where none were left out: where some of their
    marks count beside people's, too.
    """
    facts = {} if together(run) else _noted(run, "automatic_left_out")
    found = LeftOut(facts.get("conversations", 0), facts.get("people", 0))
    return found if found.conversations else None


@dataclass(frozen=True, slots=True)
class Together:
    """rows: automatic marks that count beside people's; pairs: marks of both that tell how far; left: those
    of standards of which people marked too few of the same contacts, which do not count.
    """

    rows: int
    pairs: int
    left: int


def together(run: Run) -> Together | None:
    """What counts of the detector's marks where people marked, too; None where nothing does."""
    facts = _noted(run, "automatic_combined")
    if not facts:
        return None
    return Together(facts["rows"], facts["pairs"], _noted(run, "automatic_left_out").get("rows", 0))


def _noted(run: Run, code: str) -> dict[str, int]:
    """The facts of this note."""
    return next((facts for noted, facts in run.notes if noted == code), {})


def runs_of(*, by: User) -> QuerySet[Run]:
    """Every run that somebody asked for, and the newest nights', the newest first; for those who may read
    anybody's results.
    """
    if not may_somewhere(by, "result.read"):
        return Run.objects.none()
    nights = Run.objects.filter(nightly=True).values("pk")[:NIGHTS_SHOWN]
    return Run.objects.select_related("edition").filter(Q(nightly=False) | Q(pk__in=nights))


def runs_shown(runs: Iterable[Run]) -> list[RunShown]:
    """These, as the list shows them."""
    return [RunShown(run, sum(sum(names.values()) for names in run.unmapped.values())) for run in runs]


def failed_nights(*, by: User) -> list[Run]:
    """The newest run of each edition, where it is a night's that failed; for those who may read anybody's
    results.
    """
    if not may_somewhere(by, "result.read"):
        return []
    of_same = Run.objects.filter(edition__edition_id=OuterRef("edition__edition_id"))
    failed = Run.objects.select_related("edition").filter(nightly=True, state="failed")
    return list(failed.filter(~Exists(of_same.filter(asked_at__gt=OuterRef("asked_at")))))


def editions_to_measure(*, by: User) -> QuerySet[Edition]:
    """Published editions, for those who may measure."""
    editions = Edition.objects.defer("document")
    return editions if may(by, "measurement.run") else editions.none()
