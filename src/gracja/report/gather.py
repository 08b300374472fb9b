"""Results and observations become what the report shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

import polars as pl
import pyarrow as pa

from gracja.engine.edition.model import Aspire, Edition, Part, Standard
from gracja.report import count
from gracja.report.examples import Found, find_examples
from gracja.report.gaps import Given, gaps
from gracja.report.model import (
    FEW_CONTACTS,
    MEASURES,
    Counts,
    Estimate,
    PartView,
    Person,
    Report,
    StandardView,
)
from gracja.report.whole import classic_of, company_of, estimates_of
from gracja.report.words import short_names

Row = Mapping[str, Any]


def gather(
    *,
    results: pa.Table,
    observations: pa.Table,
    edition: Edition,
    conversations: Iterable[pa.Table] | None,
    language: str,
    given: Given,
    title: str | None,
) -> Report:
    rows = [_finite(row) for row in results.to_pylist()]
    marks = count.current_marks(observations, edition)
    quotes = conversations is not None
    examples = find_examples(marks, edition, conversations or (), language)
    counts = count.count_standards(marks)
    employees = [row for row in rows if row["subject_kind"] == "employee"]
    people = _people(
        employees if given.circles == 1 else [_unplaced(row) for row in employees], edition.aspire
    )
    ranked = tuple(sorted((p for p in people if _is_known(p)), key=_place))
    unranked = tuple(sorted((p for p in people if not _is_known(p)), key=lambda p: (-p.contacts, p.shown)))
    company_from, company = company_of(rows, edition.aspire)
    parts = _parts(rows, edition, counts, examples)
    return Report(
        edition=edition,
        runs=tuple(sorted({row["run"] for row in rows})),
        **_period(rows, marks),
        contacts=count.count_contacts(marks),
        sources=count.count_sources(marks),
        company=company,
        company_from=company_from,
        classic=classic_of(rows),
        ranked=ranked,
        unranked=unranked,
        parts=parts,
        provisional=_provisional(rows),
        gaps=gaps(marks, parts, company, ranked, unranked, given),
        quotes=quotes,
        circles=given.circles,
        title=title,
    )


def _finite(row: Row) -> Row:
    return {
        name: None if isinstance(value, float) and not isfinite(value) else value
        for name, value in row.items()
    }


def _period(rows: Sequence[Row], marks: pl.DataFrame) -> dict[str, Any]:
    first, last = count.times(marks)
    starts = [row["period_start"] for row in rows if row["period_start"]]
    ends = [row["period_end"] for row in rows if row["period_end"]]
    return {"start": min(starts, default=first), "end": max(ends, default=last)}


def _people(rows: Sequence[Row], aspire: Aspire) -> list[Person]:
    shown = short_names([row["subject"] for row in rows])
    return [
        Person(
            id=row["subject"],
            shown=shown[row["subject"]],
            contacts=row["contacts"],
            estimates=estimates_of(row, aspire),
            **{name: row[name] for name in ("grade", "needed", "rank_low", "rank_high", "tier")},
        )
        for row in rows
    ]


def _unplaced(row: Row) -> Row:
    """Places and tiers count within one circle of people; over several they would mislead."""
    return {**row, "rank_low": None, "rank_high": None, "tier": None}


def _is_known(person: Person) -> bool:
    return person.contacts >= FEW_CONTACTS and person.base.numbers is not None


def _place(person: Person) -> tuple[int, float, str]:
    return (person.tier or 1, -(person.base.value or 0), person.id)


def _parts(
    rows: Sequence[Row], edition: Edition, counts: Mapping[str, Counts], examples: Mapping[str, Found]
) -> tuple[PartView, ...]:
    by_kind = {
        kind: {r["subject"]: r for r in rows if r["subject_kind"] == kind} for kind in ("part", "standard")
    }
    found = []
    for part in edition.sequence:
        views = tuple(
            _standard(standard, by_kind["standard"].get(standard.standard), edition.aspire, counts, examples)
            for standard in _standards(part)
        )
        row = by_kind["part"].get(part.part)
        estimate = estimates_of(row, edition.aspire)["base"] if row else _nothing(edition.aspire.base)
        found.append(PartView(part, estimate, views))
    return tuple(found)


def _standards(part: Part) -> list[Standard]:
    return [standard for enhancer in part.enhancers for standard in enhancer.standards]


def _standard(
    standard: Standard,
    row: Row | None,
    aspire: Aspire,
    counts: Mapping[str, Counts],
    examples: Mapping[str, Found],
) -> StandardView:
    """A standard's share stands in the measure it belongs to, or else in the first that is given."""
    level = aspire.initiative if standard.rung == "initiative" else aspire.base
    estimate = _nothing(level)
    if row:
        own = "initiative" if standard.rung == "initiative" else "base"
        given = next((name for name in (own, *MEASURES) if row[name] is not None), own)
        estimate = Estimate(row[given], row[f"{given}_low"], row[f"{given}_high"], level)
    found = examples.get(standard.standard, Found())
    return StandardView(standard, estimate, counts.get(standard.standard, Counts()), found.best, found.worst)


def _nothing(level: float) -> Estimate:
    return Estimate(None, None, None, level)


def _provisional(rows: Sequence[Row]) -> tuple[str, ...]:
    """Every reason why the results are provisional, the most frequent first."""
    seen: dict[str, int] = {}
    for row in rows:
        for code in (row["provisional"] or "").split(","):
            if code.strip():
                seen[code.strip()] = seen.get(code.strip(), 0) + 1
    return tuple(sorted(seen, key=lambda code: (code != "automatic_only", -seen[code], code)))
