"""What the report shows, as data: free of language and of HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil, floor, isfinite
from typing import Any, Final

from gracja.engine.edition.model import Edition, Part, Standard
from gracja.report.words import chance_above, side

MEASURES: Final = ("base", "fit", "initiative")
FEW_CONTACTS: Final = 5  # fewer say more about those contacts than about the person
AT_THE_BORDER: Final = 500  # needing more contacts than this is no plan; the grade is at the border


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share from 0 to 1 with its 95 % interval, and the level it is held against."""

    value: float | None
    low: float | None
    high: float | None
    level: float

    @property
    def numbers(self) -> tuple[float, float, float] | None:
        """Value, low, high; None where one is missing: an estimate is drawn with its interval only."""
        given = [
            share for share in (self.value, self.low, self.high) if share is not None and isfinite(share)
        ]
        return (given[0], given[1], given[2]) if len(given) == 3 else None

    @property
    def side(self) -> str:
        """above, perhaps_above, unknown, perhaps_below, below; or not_measured."""
        return side(*self.numbers, self.level) if self.numbers else "not_measured"

    @property
    def settled(self) -> bool:
        """Is the side of the level known? (A full dot; else hollow.)"""
        return self.side in ("above", "below")

    @property
    def chance(self) -> float | None:
        return chance_above(*self.numbers, self.level) if self.numbers else None


@dataclass(frozen=True, slots=True)
class Axis:
    """One scale for a whole column, in tenths, with room for every interval and the level."""

    low: float
    high: float
    level: float

    @classmethod
    def around(cls, estimates: Sequence[Estimate], level: float) -> Axis:
        ends = [level, *(end for one in estimates if one.numbers for end in one.numbers)]
        low = max(0, floor(10 * min(ends) - 0.15)) / 10
        high = min(10, ceil(10 * max(ends) + 0.15)) / 10
        while high - low < 0.4 - 1e-9:
            low, high = max(0.0, low - 0.1), min(1.0, high + (0.1 if low <= 0 else 0.0))
        return cls(round(low, 1), round(high, 1), level)

    def at(self, share: float) -> str:
        """The place on the axis as an SVG length."""
        inside = min(1.0, max(0.0, (share - self.low) / (self.high - self.low)))
        return f"{100 * inside:.1f}%"


@dataclass(frozen=True, slots=True)
class Person:
    """One employee: what was measured, and what is not known."""

    id: str
    shown: str
    contacts: int
    estimates: Mapping[str, Estimate]
    grade: str | None = None
    needed: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    tier: int | None = None

    @property
    def base(self) -> Estimate:
        return self.estimates["base"]

    @property
    def below_by_critical(self) -> bool:
        """Graded below although the base is likelier above its level: only critical standards can do that."""
        return self.grade == "below" and (self.base.chance or 0) > 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of a quote: pieces of text, those that are the evidence marked."""

    speaker: str
    pieces: tuple[tuple[str, bool], ...]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A contact in which a standard was met or not, with the words that show it."""

    contact: str
    met: bool
    source: str
    channel: str | None
    at: datetime | None
    lines: tuple[Line, ...]
    excerpt: str  # evidence | opening | closing | after | none


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many contacts a standard was marked, and why it was not in the others."""

    marked: int = 0
    not_seen: int = 0
    abstained: int = 0
    not_applicable: int = 0
    met: float = 0.0  # sum of the marks
    marks: int = 0
    sources: Mapping[str, int] = field(default_factory=dict)

    @property
    def applicable(self) -> int:
        return self.marked + self.not_seen + self.abstained


@dataclass(frozen=True, slots=True)
class StandardView:
    standard: Standard
    estimate: Estimate
    counts: Counts
    best: tuple[Example, ...] = ()
    worst: tuple[Example, ...] = ()

    @property
    def id(self) -> str:
        return self.standard.standard


@dataclass(frozen=True, slots=True)
class PartView:
    part: Part
    estimate: Estimate
    standards: tuple[StandardView, ...]

    @property
    def seen(self) -> int:
        return max((view.counts.marked for view in self.standards), default=0)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be measured: a code, its facts, and the standards or people it concerns."""

    code: str
    facts: Mapping[str, Any]
    standards: tuple[Standard, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    edition: Edition
    runs: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    contacts: int
    sources: Mapping[str, int]
    company: Mapping[str, Estimate]
    company_from: str  # company | place | places | employees | nothing
    classic: float | None  # as a share; what checklists compute, beside the measure
    ranked: tuple[Person, ...]
    unranked: tuple[Person, ...]
    parts: tuple[PartView, ...]
    provisional: tuple[str, ...]
    gaps: tuple[Gap, ...]
    quotes: bool
    circles: int = 1  # of people who share neither place nor evaluator, and so cannot be compared
    title: str | None = None

    @property
    def tiers(self) -> list[tuple[Person, ...]]:
        """The ranked people in their tiers, best first."""
        order = sorted({person.tier or 1 for person in self.ranked})
        return [tuple(p for p in self.ranked if (p.tier or 1) == tier) for tier in order]

    @property
    def people(self) -> tuple[Person, ...]:
        return self.ranked + self.unranked
