"""What was measured when, and what can be measured now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from gracja.app.measurement.models import Run
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.models import User
from gracja.app.standards.models import Edition

SHOWN = 30


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
    """The conversations that this run does not rest on; None where none were left out."""
    facts: dict[str, int] = next((facts for code, facts in run.notes if code == "automatic_left_out"), {})
    found = LeftOut(facts.get("conversations", 0), facts.get("people", 0))
    return found if found.conversations else None


def runs_of(*, by: User) -> list[RunShown]:
    """The newest runs, for those who may read anybody's results."""
    if not may_somewhere(by, "result.read"):
        return []
    runs = Run.objects.select_related("edition")[:SHOWN]
    return [RunShown(run, sum(sum(names.values()) for names in run.unmapped.values())) for run in runs]


def editions_to_measure(*, by: User) -> QuerySet[Edition]:
    """Published editions, for those who may measure."""
    editions = Edition.objects.defer("document")
    return editions if may(by, "measurement.run") else editions.none()
