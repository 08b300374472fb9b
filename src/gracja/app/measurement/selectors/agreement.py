"""How far people agree with each other and with the detector, for those who may read everybody's results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gracja.app.measurement.models import Run
from gracja.app.organisation.access import places_where
from gracja.app.organisation.models import User
from gracja.app.standards.selectors.reading import document_of


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure with its interval; None: not measured. ends: None where there is no honest interval."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def ends(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True, slots=True)
class Agreed:
    """standard: of the edition, None for all together. same: share of pairs that say the same. beyond: what
    is left of it beyond chance: Krippendorff's alpha among people, Cohen's kappa against the detector. ac1:
    Gwet's, among people.
    """

    standard: Any
    marks: int
    contacts: int
    same: Measured
    beyond: Measured
    ac1: Measured


@dataclass(frozen=True, slots=True)
class Anchored:
    """Marks beside an automatic one: how many are blind, how many not, of how many it is not known; and how
    much more of those that are not blind say what the detector says.
    """

    blind: int
    seen: int
    unknown: int
    same_blind: float | None
    same_seen: float | None
    more: Measured

    @property
    def all(self) -> int:
        return self.blind + self.seen + self.unknown

    @property
    def word(self) -> str:
        """unknown; more, less: the interval leaves out none at all; none: it holds it."""
        if self.more.ends is None:
            return "unknown"
        low, high = self.more.ends
        return "more" if low > 0 else "less" if high < 0 else "none"


@dataclass(frozen=True, slots=True)
class Agreement:
    """people, detector: all together first, where there is anything; then standard by standard."""

    people: list[Agreed]
    detector: list[Agreed]
    anchored: Anchored


def agreement(*, by: User, run: Run) -> Agreement | None:
    """None where `by` may not read results in the whole company, or nothing was reckoned."""
    if places_where(by, "result.read") or not run.agreement:
        return None
    named = {one.standard: one for _, _, one in document_of(run.edition).standards()}
    rows = [row for row in run.agreement["rows"] if row["standard"] is None or row["standard"] in named]
    between = {
        kind: [_agreed(row, named, figure) for row in rows if row["between"] == kind]
        for kind, figure in (("people", "alpha"), ("detector", "kappa"))
    }
    found = run.agreement["anchoring"]
    more = Measured(found["more"], found["more_low"], found["more_high"])
    counts = (found["blind"], found["seen"], found["unknown"])
    anchored = Anchored(*counts, found["same_blind"], found["same_seen"], more)
    return Agreement(between["people"], between["detector"], anchored)


def _agreed(row: dict[str, Any], named: dict[str, Any], beyond: str) -> Agreed:
    return Agreed(
        named.get(row["standard"]),
        row["marks"],
        row["contacts"],
        *(Measured(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in ("same", beyond, "ac1")),
    )
