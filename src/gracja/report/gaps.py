"""What could not be measured, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from gracja.report import count
from gracja.report.model import Estimate, Gap, PartView, Person, StandardView


@dataclass(frozen=True, slots=True)
class Given:
    """What the reader of conversations and the engine have already said they could not do."""

    rejected: int = 0
    notes: tuple[Any, ...] = ()
    not_measured: tuple[Any, ...] = ()


def gaps(
    marks: pl.DataFrame,
    parts: Sequence[PartView],
    company: Mapping[str, Estimate],
    ranked: Sequence[Person],
    unranked: Sequence[Person],
    given: Given,
) -> tuple[Gap, ...]:
    found = [*_measures(company, (*ranked, *unranked)), *_standards(parts)]
    if unranked:
        found.append(Gap("few_contacts", {"people": len(unranked)}))
    if len(marks):
        found += _contacts(marks)
    if given.rejected:
        found.append(Gap("rejected", {"conversations": given.rejected}))
    return (*found, *_given(given))


def _measures(company: Mapping[str, Estimate], people: Sequence[Person]) -> list[Gap]:
    found = []
    for name, estimate in company.items():
        without = sum(person.estimates[name].numbers is None for person in people)
        if estimate.side == "not_measured":
            found.append(Gap(f"{name}_nowhere", {}))
        elif without and name != "base":
            found.append(Gap(f"{name}_for_some", {"people": without}))
    return found


def _standards(parts: Sequence[PartView]) -> list[Gap]:
    """Standards without a single mark, by the reason."""
    reasons: dict[str, list[StandardView]] = {}
    for view in (view for part in parts for view in part.standards):
        if not view.counts.marks:
            reasons.setdefault(_why_unseen(view), []).append(view)
    return [
        Gap(f"standards_{why}", {"standards": len(views)}, tuple(view.standard for view in views))
        for why, views in reasons.items()
    ]


def _why_unseen(view: StandardView) -> str:
    counts = view.counts
    if view.standard.detect == "none" and not counts.not_seen:
        return "need_people"
    if counts.abstained and counts.abstained >= counts.not_seen:
        return "no_phrases"
    if counts.not_seen:
        return "not_seen"
    return "no_occasion" if counts.not_applicable else "no_rows"


def _contacts(marks: pl.DataFrame) -> list[Gap]:
    numbers = {
        "contacts_nobody": count.nobodys_contacts(marks),
        "contacts_not_seen": count.contacts_with(marks, "not_seen"),
        "contacts_abstained": count.contacts_with(marks, "abstained"),
    }
    return [Gap(code, {"contacts": number}) for code, number in numbers.items() if number]


def _given(given: Given) -> list[Gap]:
    """The engine's own codes: one row each, with how many subjects it concerns."""
    by_code: dict[str, list[Any]] = {}
    for item in given.not_measured:
        by_code.setdefault(str(item[2]), []).append(item)
    found = [
        Gap(f"measure_{code}", {**dict(items[0][3] or {}), "subjects": len(items)})
        for code, items in by_code.items()
    ]
    return found + [Gap(f"note_{item[0]}", dict(item[1] or {})) for item in given.notes]
