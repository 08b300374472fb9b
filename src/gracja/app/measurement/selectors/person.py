"""One employee's result, laid out for a page: measures, rungs, parts and standards with what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import IntegerField, Max
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from gracja.app.contacts.selectors.conversations import Asked, quotes
from gracja.app.measurement.models import ResultSeen, Run
from gracja.app.measurement.selectors.results import Shown
from gracja.app.observations.selectors.drawn import marks_hidden
from gracja.app.organisation.models import User
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.measure.share import share_met_interval
from gracja.report.model import MEASURES, Axis, Estimate, Line

RUNGS: Final = ("exceptional", "above", "standard", "below")


@dataclass(frozen=True)
class Measure:
    """base, fit or initiative, with the axis that it is drawn on."""

    name: str
    estimate: Estimate
    axis: Axis


@dataclass(frozen=True)
class Example:
    """Where the words stand that show a standard met or missed."""

    met: bool
    contact: str
    source: str
    at: datetime | None
    evidence: list[dict[str, int]]


@dataclass(frozen=True)
class Quoted:
    """An example with its words; none where the reader may not read them, or on a visit."""

    example: Example
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class StandardSeen:
    standard: Any
    met: float
    marks: int
    estimate: Estimate
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class PartSeen:
    """What was seen in one part: plain counts, not corrected for evaluators and situations."""

    part: Any
    marks: int
    estimate: Estimate
    standards: tuple[StandardSeen, ...]


@dataclass(frozen=True)
class PersonResult:
    shown: Shown
    measures: tuple[Measure, ...]
    parts: tuple[PartSeen, ...]
    axis: Axis  # of the parts
    compared: int  # how many people have a range of places in this run

    @property
    def weakest(self) -> PartSeen | None:
        """The part with the most to gain: the lowest of those almost certainly below the level."""
        below = [part for part in self.parts if part.estimate.side == "below"]
        return min(below, key=lambda part: part.estimate.value or 0, default=None)


def laid_out(shown: Shown, run: Run) -> PersonResult:
    """The result with its parts in the order of the sequence; parts without a mark are left out."""
    document = document_of(run.edition)
    found = ResultSeen.objects.filter(result=shown.result).values_list("standards", flat=True).first()
    seen = {one["standard"]: one for one in found or ()}
    parts = []
    for part in document.sequence:
        standards = tuple(
            _seen(standard, seen[standard.standard], getattr(document.aspire, _measure_of(standard)))
            for enhancer in part.enhancers
            for standard in enhancer.standards
            if standard.standard in seen
        )
        # Initiatives have a level of their own: adding them to the base would show a gap where there is none.
        base = [one for one in standards if _measure_of(one.standard) == "base"]
        if base:
            estimate = _share(
                sum(one.met for one in base), sum(one.marks for one in base), document.aspire.base
            )
            parts.append(PartSeen(part, sum(one.marks for one in base), estimate, standards))
    return PersonResult(
        shown,
        tuple(
            Measure(name, one := shown.estimates[name], Axis.around([one, *_since(shown, name)], one.level))
            for name in MEASURES
        ),
        tuple(parts),
        Axis.around([part.estimate for part in parts], document.aspire.base),
        _compared(run),
    )


def quoted(*, by: User, part: PartSeen) -> list[tuple[StandardSeen, list[Quoted]]]:
    """The standards of a part with the words of their examples, as far as `by` may read them."""
    asked = [
        (one, example, Asked(example.contact, example.evidence, example.at, one.standard))
        for one in part.standards
        for example in one.examples
        if example.source == "automatic"
    ]
    hidden = marks_hidden(by=by, contacts=[example.contact for _, example, _ in asked])
    found = quotes(by=by, asked=[each for *_, each in asked])
    lines = {(id(one), example.met): said or () for (one, example, _), said in zip(asked, found, strict=True)}
    return [
        (
            one,
            [
                Quoted(example, lines.get((id(one), example.met), ()))
                for example in one.examples
                if example.contact not in hidden
            ],
        )
        for one in part.standards
    ]


def _since(shown: Shown, measure: str) -> list[Estimate]:
    """What stands on the same axis: where base is with the contacts since."""
    return [shown.fresh.base] if shown.fresh and measure == "base" else []


def _compared(run: Run) -> int:
    """The last place that anybody of this run may have."""
    last = Cast(KeyTextTransform("rank_high", "row"), IntegerField())
    found: int | None = run.results.filter(subject_kind="employee").aggregate(last=Max(last))["last"]
    return found or 0


def _measure_of(standard: Any) -> str:
    return "initiative" if standard.rung == "initiative" else "base"


def _seen(standard: Any, row: dict[str, Any], level: float) -> StandardSeen:
    examples = tuple(
        Example(
            met,
            row[side]["contact"],
            row[side]["source"],
            datetime.fromisoformat(row[side]["at"]) if row[side]["at"] else None,
            row[side]["evidence"],
        )
        for side, met in (("good", True), ("bad", False))
        if row[side]
    )
    estimate = Estimate(row["share"], row["low"], row["high"], level)
    return StandardSeen(standard, row["met"], row["marks"], estimate, examples)


def _share(met: float, marks: int, level: float) -> Estimate:
    interval = share_met_interval([met], [marks])
    return Estimate(float(interval.share[0]), float(interval.low[0]), float(interval.high[0]), level)
