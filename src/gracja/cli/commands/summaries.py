"""What a command did: in sentences for people, as data for the next program."""

# No postponed annotations in this folder: the help of an option is made when its command is built.
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from gracja.cli.pipeline import Scored
from gracja.cli.screen import Screen
from gracja.engine.conversations.outcome import Tally

if TYPE_CHECKING:  # scoring need not wait for SciPy
    from gracja.engine.measure import Measured

# Notes about rows that did not count: said on the screen too, since nothing is dropped unsaid.
LEFT_OUT = (
    "automatic_left_out",
    "human_left_out",
    "customer_left_out",
    "self_left_out",
    "older_revisions_left_out",
    "earlier_version_left_out",
    "employee_unknown",
    "other_edition",
    "contacts_unmatched",
)


def tell_scored(scored: Scored, screen: Screen) -> None:
    """How many observations there are; the counts were said when reading ended."""
    screen.say("observations_made", count=scored.observations)


def scored_as_data(scored: Scored, rejected: Path) -> dict[str, Any]:
    tally = scored.tally
    return {
        "conversations_in": tally.read,
        "scored": tally.accepted,
        "rejected": tally.rejected,
        "rejected_by_code": dict(tally.rejected_by_code),
        "rejected_file": str(rejected),
        "blank_lines": tally.blank,
        "notices": notices_as_data(tally),
        "observations": scored.observations,
    }


def rows_as_data(tally: Tally | None) -> dict[str, Any] | None:
    """The counts of observations or contacts; nothing, where none were given."""
    if tally is None:
        return None
    return {
        "rows_in": tally.read,
        "used": tally.accepted,
        "rejected": tally.rejected,
        "rejected_by_code": dict(tally.rejected_by_code),
        "blank_lines": tally.blank,
        "notices": notices_as_data(tally),
    }


def tell_measured(measured: "Measured", screen: Screen) -> None:
    """How many employees were measured, and whether they can be told apart."""
    counted = measured_as_data(measured)
    screen.say("measured_employees", count=counted["employees"], known=counted["ranked"])
    if counted["base_mean"] is not None and counted["classic_mean"] is not None:
        screen.say(
            "classic_beside", classic=round(counted["classic_mean"]), base=round(100 * counted["base_mean"])
        )
    if counted["ranked"] > 1:
        key = "tiers_many" if counted["tiers"] > 1 else "ends_apart" if counted["told_apart"] else "tiers_one"
        screen.say(key, count=counted["tiers"])
    if measured.basis == "automatic":
        screen.say("automatic_only")
    for note in measured.notes:
        if note.code == "automatic_combined":
            screen.say(note.code, rows=note.facts["rows"], pairs=note.facts["pairs"])
        if note.code in LEFT_OUT:
            screen.say(f"left_out_{note.code}", rows=note.facts["rows"])
    unknown = [n.subject for n in measured.not_measured if n.code == "standard_unknown"]
    if unknown:
        screen.say("standards_unknown", names=unknown, count=len(unknown))


def measured_as_data(measured: "Measured") -> dict[str, Any]:
    employees = measured.results.filter(pc.field("subject_kind") == "employee")
    tiers = employees["tier"].drop_null().unique()
    return {
        "basis": measured.basis,
        "detector_errors": [error._asdict() for error in measured.fit_info.detector_errors],
        "employees": employees.num_rows,
        "ranked": employees.num_rows - employees["tier"].null_count,
        "tiers": len(tiers),
        "base_mean": pc.mean(employees["base"]).as_py(),
        "classic_mean": pc.mean(employees["classic"]).as_py(),
        "told_apart": _somebody_told_apart(employees),
        "results": measured.results.num_rows,
        "notes": [{"code": note.code, "facts": note.facts} for note in measured.notes],
        "not_measured": [
            {"subject_kind": n.subject_kind, "subject": n.subject, "code": n.code, "facts": n.facts}
            for n in measured.not_measured
        ],
    }


def _somebody_told_apart(employees: pa.Table) -> bool:
    """Whether any two employees can be told apart: somebody's range of ranks is not the whole range."""
    ranked = employees.filter(pc.is_valid(employees["tier"]))
    return bool(pc.max(ranked["rank_low"]).as_py() not in (None, 1))


def notices_as_data(tally: Tally) -> list[dict[str, Any]]:
    return [
        {"code": code, "file": file, "name": name, "count": count}
        for (code, file, name), count in tally.noticed.items()
    ]
