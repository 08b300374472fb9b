"""The whole company's result, from those of its places or people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gracja.engine.edition.model import Aspire
from gracja.report.model import MEASURES, Estimate

Row = Mapping[str, Any]


def estimates_of(row: Row, aspire: Aspire) -> dict[str, Estimate]:
    return {
        name: Estimate(row[name], row[f"{name}_low"], row[f"{name}_high"], getattr(aspire, name))
        for name in MEASURES
    }


def company_of(rows: Sequence[Row], aspire: Aspire) -> tuple[str, dict[str, Estimate]]:
    """The whole: its own row, the only place, or the mean of places or employees by contacts."""
    for kind, single, many in (("company", "company", "company"), ("place", "place", "places")):
        found = [row for row in rows if row["subject_kind"] == kind]
        if len(found) == 1:
            return single, estimates_of(found[0], aspire)
        if found:
            return many, _mean([estimates_of(row, aspire) for row in found], _contacts(found))
    employees = [row for row in rows if row["subject_kind"] == "employee"]
    if employees:
        return "employees", _mean([estimates_of(row, aspire) for row in employees], _contacts(employees))
    return "nothing", {name: Estimate(None, None, None, getattr(aspire, name)) for name in MEASURES}


def classic_of(rows: Sequence[Row]) -> float | None:
    """The classic share (1 is 100 %, a bonus may pass it) of the whole, by contacts; None: not measured."""
    places = [row for row in rows if row["subject_kind"] == "place"]
    among = places or [row for row in rows if row["subject_kind"] == "employee"]
    known = [(row["classic"], row["contacts"]) for row in among if row["classic"] is not None]
    contacts = sum(weight for _, weight in known)
    return sum(percent * weight for percent, weight in known) / contacts / 100 if contacts else None


def _contacts(rows: Sequence[Row]) -> list[int]:
    return [row["contacts"] for row in rows]


def _mean(many: list[dict[str, Estimate]], weights: list[int]) -> dict[str, Estimate]:
    """The mean by contacts. Its ends are the means of the ends: no dependence between them makes it wider."""
    mean = {}
    for name in MEASURES:
        known = [
            (one[name].numbers, weight)
            for one, weight in zip(many, weights, strict=True)
            if one[name].numbers and weight > 0
        ]
        total = sum(weight for _, weight in known)
        at = [sum(n[end] * weight for n, weight in known if n) / total if total else None for end in range(3)]
        mean[name] = Estimate(at[0], at[1], at[2], many[0][name].level)
    return mean
