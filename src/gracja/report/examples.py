"""Best and worst examples of each standard, with the words that were said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from gracja.engine.edition.model import Edition, Standard
from gracja.report.model import Example
from gracja.report.quote import Evidence, absence, evidence

SHOWN: Final = 2
TRIED: Final = 8  # candidates looked up per standard and side, of which the most readable are shown
_TALKED: Final = ("visit", "review", "automatic")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    best: tuple[Example, ...] = ()
    worst: tuple[Example, ...] = ()


def find_examples(
    marks: pl.DataFrame, edition: Edition, conversations: Iterable[pa.Table], language: str
) -> dict[str, Found]:
    """Two met and two unmet examples of each standard, from different employees where possible."""
    candidates = pl.concat([_candidates(marks, met=True), _candidates(marks, met=False)])
    wanted = set(candidates["contact"].to_list())
    talks = _talks(conversations, wanted)
    rows = [row for row in candidates.iter_rows(named=True) if row["contact"] in talks]
    places = _evidence_in(marks, wanted) if rows else {}
    found = {}
    for _, _, standard in edition.standards():
        own = [row for row in rows if row["standard"] == standard.standard]
        sides = [
            _shown(
                [_example(row, standard, talks[row["contact"]], places) for row in own if row["met"] is met],
                language,
            )
            for met in (True, False)
        ]
        found[standard.standard] = Found(*sides)
    return found


def _candidates(marks: pl.DataFrame, *, met: bool) -> pl.DataFrame:
    """Marks to show: people's before the automaton's, surer before less sure, one of each employee."""
    side = pl.col("value") >= 0.5 if met else pl.col("value") < 0.5
    fit = (pl.col("status") == "marked") & side & pl.col("source").is_in(_TALKED)
    narrow = (
        marks.with_row_index("row")
        .filter(fit)
        .select(
            *("row", "standard", "employee", "probability"),
            quoted=pl.col("evidence").list.len() > 0,
            human=pl.col("source") != "automatic",
            sure=pl.col("value") if met else -pl.col("value"),
            lot=pl.struct("standard", "contact").hash(7),  # not the same conversation for every standard
        )
    )
    order = ["quoted", "sure", "human", "probability", "lot"]
    rows = narrow.sort(order, descending=[met, True, True, True, False], nulls_last=True)
    rows = rows.unique(subset=["standard", "employee"], keep="first", maintain_order=True)
    rows = rows.group_by("standard", maintain_order=True).head(TRIED)
    return marks[rows["row"]].select(
        "contact", "standard", "source", "occurred_at", "evidence", met=pl.lit(met)
    )


def _talks(conversations: Iterable[pa.Table], wanted: set[str]) -> dict[str, Row]:
    """The conversations we quote from; the others pass by without staying in memory."""
    talks: dict[str, Row] = {}
    if not wanted:
        return talks
    ids = pa.array(sorted(wanted), pa.string())
    for table in conversations:
        for row in table.filter(pc.is_in(table["contact"], value_set=ids)).to_pylist():
            talks.setdefault(row["contact"], row)
    return talks


def _evidence_in(marks: pl.DataFrame, contacts: set[str]) -> dict[tuple[str, str], list[Evidence]]:
    """Where each standard was met in the quoted contacts, for absences due after something else."""
    met = marks.filter(
        pl.col("contact").is_in(list(contacts))
        & (pl.col("value") >= 0.5)
        & (pl.col("evidence").list.len() > 0)
    )
    rows = met.select("contact", "standard", "evidence").iter_rows()
    return {(contact, standard): _spots(spots) for contact, standard, spots in rows}


def _spots(spots: list[dict[str, int]] | None) -> list[Evidence]:
    return [(spot["turn"], spot["start"], spot["end"]) for spot in spots or []]


def _example(
    row: Row, standard: Standard, talk: Row, places: Mapping[tuple[str, str], list[Evidence]]
) -> Example:
    spots = _spots(row["evidence"])
    lines, excerpt = evidence(talk, spots), "evidence"
    if not lines and not row["met"]:
        lines, excerpt = absence(talk, standard, lambda name: places.get((row["contact"], name), []))
    return Example(
        contact=row["contact"],
        met=row["met"],
        source=row["source"],
        channel=talk["channel"],
        at=row["occurred_at"] or talk["started_at"],
        lines=lines,
        excerpt=excerpt if lines else "none",
    )


def _shown(examples: list[Example], language: str) -> tuple[Example, ...]:
    """Those with words first, in the reader's language first, and of a length one likes to read."""

    def worse(example: Example) -> tuple[bool, bool, bool]:
        length = sum(len(text) for line in example.lines for text, _ in line.pieces)
        spoken = {line.language for line in example.lines}
        return (not example.lines, language not in spoken, not 25 <= length <= 420)

    return tuple(sorted(examples, key=worse)[:SHOWN])
