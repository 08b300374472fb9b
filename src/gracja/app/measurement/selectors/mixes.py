"""What a run's base rests on: the reference mix of its edition, once that is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gracja.app.measurement.models import ReferenceMix, Run
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.edition.model import Standard


@dataclass(frozen=True, slots=True)
class Counted:
    """One base standard. counts: its share of the mix, 0-1; due, looked_at: contacts."""

    standard: Standard
    due: int
    looked_at: int
    counts: float


def mix_days(run: Run) -> tuple[date, date] | None:
    """The first and last day of the marks that the run's mix was made from; None where it was still open."""
    days: list[str] | None = run.basis.get("mix")
    return None if days is None else (date.fromisoformat(days[0]), date.fromisoformat(days[1]))


def mix_of(*, by: User, run: Run) -> list[Counted]:
    """Every base standard in the order of the sequence; none where the mix was still open."""
    if mix_days(run) is None or not may_somewhere(by, "result.read"):
        return []
    mix = ReferenceMix.objects.get(edition=run.edition)
    found, total = {one["standard"]: one for one in mix.standards}, sum(mix.weights.values())
    return [
        Counted(standard, one["due"], one["due"] + one["not_due"], one["counts"] / total)
        for _, _, standard in document_of(run.edition).standards()
        if (one := found.get(standard.standard)) is not None
    ]
