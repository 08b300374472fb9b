"""What could not be measured, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from gracja.engine.edition.model import Standard
from gracja.report import count
from gracja.report.model import Estimate, Gap, PartView, Person, StandardView

# What the report says elsewhere, or works out itself with the reason.
SAID_ALREADY: Final = frozenset(
    (
        *("standard_never_marked", "few_contacts", "one_employee", "employees_indistinguishable"),
        *("employee_unknown", "fit_not_measured", "initiative_not_measured", "unknown_standards"),
    )
)


@dataclass(frozen=True, slots=True)
class Given:
    """What the reader of conversations and the engine have already said they could not do."""

    rejected: int = 0
    notes: tuple[Any, ...] = ()
    not_measured: tuple[Any, ...] = ()

    @property
    def circles(self) -> int:
        """How many circles of people cannot be compared with one another; 1 where all can."""
        return max(
            (int(facts["components"]) for code, facts in self.notes if code == "cannot_be_separated"),
            default=1,
        )


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
    standards = {view.id: view.standard for part in parts for view in part.standards}
    return (*found, *_given(given, standards))


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


def _given(given: Given, standards: Mapping[str, Standard]) -> list[Gap]:
    """The engine's own codes: one row each, with whom or what it concerns."""
    by_code: dict[str, list[Any]] = {}
    for item in given.not_measured:
        if item[2] not in SAID_ALREADY:
            by_code.setdefault(str(item[2]), []).append(item)
    found = []
    for code, items in by_code.items():
        facts = {**dict(items[0][3] or {}), "subjects": len(items)}
        names = [str(item[1]) for item in items]
        known = tuple(standards[name] for name in names if name in standards)
        found.append(Gap(f"measure_{code}", facts, known, () if known else tuple(names)))
    for code, facts in given.notes:
        if code not in SAID_ALREADY:
            names = [str(name) for name in (facts or {}).get("names", ())]
            known = tuple(standards[name] for name in names if name in standards)
            found.append(Gap(f"note_{code}", dict(facts or {}), known, () if known else tuple(names)))
    return found
