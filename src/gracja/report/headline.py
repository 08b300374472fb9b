"""The one sentence that opens the report: which sentence for which data."""

from __future__ import annotations

from typing import Any

from gracja.report.model import PartView, Report

Said = tuple[str, dict[str, Any]]


def headline(report: Report) -> list[Said]:
    """Keys and facts of the opening sentences: the whole company first, then its people."""
    if not report.contacts:
        return [("headline_empty", {})]
    return [(f"headline_base_{report.company['base'].side}", {}), people(report)]


def people(report: Report) -> Said:
    """Can people be told apart? Said of those whose result is known."""
    known = len(report.ranked)
    if known < 2:
        return (
            "headline_one" if known else "headline_people_unknown" if report.people else "headline_nobody"
        ), {}
    if report.circles > 1:
        return "headline_apart", {"people": known, "groups": report.circles}
    ranges = [(p.rank_low, p.rank_high) for p in report.ranked]
    if any(low is None or high is None for low, high in ranges):
        return "headline_order_unknown", {"people": known}
    if len(report.tiers) > 1:
        return "headline_groups", {"groups": len(report.tiers), "people": known}
    if all(low == 1 and high == known for low, high in ranges):
        return "headline_alike", {"people": known}
    return "headline_some", {"people": known}


def lowest_part(report: Report) -> PartView | None:
    """The part with the most to gain: the lowest of those that are almost certainly below the level."""
    below = [part for part in report.parts if part.estimate.side == "below"]
    return min(below, key=lambda part: part.estimate.value or 0, default=None)


def lead(report: Report) -> Said | None:
    """What to look at first; nothing where no part was measured."""
    part = lowest_part(report)
    if part:
        return "lead_part", {"part": part}
    measured = [part for part in report.parts if part.estimate.numbers]
    if not measured:
        return None
    if all(part.estimate.side == "above" for part in measured):
        return "lead_all_above", {}
    return "lead_none_below", {}
