"""From observations to the marks that count: checked, of one basis, the latest revision of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl
import pyarrow as pa

from gracja.engine import tables
from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure.measured import Note, NotMeasured
from gracja.engine.measure.revisions import KEY, current_rows, of_edition

Source = Literal["auto", "human", "automatic"]
HUMAN = ("visit", "review")
_NEEDED = (*KEY, "place", "occurred_at", "status", "value", "revision")
_ONE = ("contact", "segment", "employee", "standard")
_MAY_LACK = {"supersedes": pl.Int32, "inclusion": pl.Float32}
_BLIND = {"blind": pl.Boolean}


@dataclass(frozen=True)
class Marks:
    """The marks that count, and what was left out.

    frame: contact, segment, employee?, standard, source, evaluator?, place?, occurred_at?, value (float64)
    and the standard's part, rung, service_mode, weight, critical, and `share`: a contact that several people
    marked is one contact, so each of their marks counts for its part. automatic: the same of a detector,
    where the basis is human (they count by what its errors leave of them). customers: contact, standard,
    value of what customers themselves reported (it may confirm an initiative, never enter a likelihood).
    observed: contact, segment of every row given, marked or not.
    """

    frame: pl.DataFrame
    automatic: pl.DataFrame
    customers: pl.DataFrame
    observed: pl.DataFrame
    basis: Literal["human", "automatic"]
    notes: tuple[Note, ...]
    not_measured: tuple[NotMeasured, ...]


def usable_marks(observations: pa.Table, edition: Edition, source: Source) -> Marks:
    """The latest marked rows of the basis, with what their standards say.

    Raises EngineInputError: observations_empty, columns_missing, column_type, column_has_gaps,
    value_missing, value_out_of_range, choice_unknown, observation_twice, edition_does_not_match.
    """
    rows = observation_rows(observations)
    if rows.is_empty():
        raise EngineInputError("observations_empty")
    _check_values(rows)
    notes: list[Note] = []
    current = current_rows(rows, notes)
    ours = of_edition(current, edition, notes)
    standards = standards_frame(edition)
    unknown = _unknown_standards(ours, standards, notes)
    known = ours.join(standards, on="standard", how="inner", maintain_order="left")
    marked = known.filter(pl.col("status") == "marked")
    basis = _basis(marked, source)
    wanted_sources = HUMAN if basis == "human" else ("automatic",)
    frame = marked.filter(pl.col("source").is_in(wanted_sources))
    _count_left_out(marked, basis, notes)
    if nobody := frame["employee"].null_count():
        notes.append(Note("employee_unknown", {"rows": nobody}))
    customers = marked.filter(pl.col("source") == "customer").select("contact", "standard", "value")
    missing = (*_employees_without(current, marked, frame), *unknown, *_never_marked(edition, frame))
    observed = rows.select("contact", "segment").unique()
    automatic = marked.filter((pl.col("source") == "automatic") & (basis == "human"))
    return Marks(_one_voice(frame), _one_voice(automatic), customers, observed, basis, tuple(notes), missing)


def _one_voice(marks: pl.DataFrame) -> pl.DataFrame:
    """With `share`: 1 over how many marked the same standard of the same employee in the same contact."""
    one = marks.select(*_ONE)
    # rows that are alike have the same hash; where all hashes differ, nobody need compare the names
    alone = one.hash_rows().n_unique() == len(one)
    return marks.with_columns(share=pl.lit(1.0) if alone else 1.0 / pl.len().over(_ONE))


def observation_rows(observations: pa.Table, *, blind: bool = False) -> pl.DataFrame:
    """The columns of observations that results depend on, or with `blind` those that agreement depends on;
    `supersedes`, `inclusion` and `blind` may be lacking.

    Raises EngineInputError: columns_missing, column_type, column_has_gaps.
    """
    given = observations if isinstance(observations, pa.Table) else pa.table(observations)
    may_lack = _MAY_LACK | _BLIND if blind else _MAY_LACK
    lacking = [name for name in may_lack if name not in given.column_names]
    wanted = [name for name in (*_NEEDED, *may_lack) if name not in lacking]
    rows = checked(given, tables.OBSERVATIONS, wanted, "observations")
    return rows.with_columns(pl.lit(None, dtype=may_lack[name]).alias(name) for name in lacking)


def checked(table: Any, schema: pa.Schema, needed: Iterable[str], name: str) -> pl.DataFrame:
    """The needed columns of a table, in the schema's types.

    Raises EngineInputError: columns_missing, column_type, column_has_gaps.
    """
    given = table if isinstance(table, pa.Table) else pa.table(table)
    wanted = list(needed)
    missing = [column for column in wanted if column not in given.column_names]
    if missing:
        found = given.column_names[:20]
        raise EngineInputError("columns_missing", Where(field=name), missing=missing, found=found)
    columns = {}
    for column in wanted:
        field = schema.field(column)
        try:
            columns[column] = given[column].cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
            raise EngineInputError(
                "column_type",
                Where(field=f"{name}.{column}"),
                name=column,
                expected=str(field.type),
                given=str(given[column].type),
            ) from None
        if gaps := 0 if field.nullable else columns[column].null_count:
            raise EngineInputError("column_has_gaps", Where(field=f"{name}.{column}"), name=column, rows=gaps)
    return pl.DataFrame(pl.from_arrow(pa.table(columns)))


def choices(frame: pl.DataFrame, column: str, allowed: tuple[str, ...], name: str) -> None:
    """Raises EngineInputError: choice_unknown."""
    strange = frame.filter(~pl.col(column).is_in(allowed))[column]
    if len(strange):
        raise EngineInputError(
            "choice_unknown", Where(field=f"{name}.{column}"), given=strange.sort()[0], known=list(allowed)
        )


def standards_frame(edition: Edition) -> pl.DataFrame:
    """One row for each standard of the edition, in the order of its sequence."""
    rows = [
        (s.standard, part.part, s.rung, s.service_mode, float(s.weight), s.critical)
        for part, _, s in edition.standards()
    ]
    types = {
        "standard": pl.String,
        "part": pl.String,
        "rung": pl.String,
        "service_mode": pl.String,
        "weight": pl.Float64,
        "critical": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=types, orient="row")


def _check_values(rows: pl.DataFrame) -> None:
    choices(rows, "source", tables.SOURCES, "observations")
    choices(rows, "status", tables.STATUSES, "observations")
    marked = rows.filter(pl.col("status") == "marked")
    if empty := marked["value"].null_count():
        raise EngineInputError("value_missing", Where(field="observations.value"), rows=empty)
    wrong = marked.filter(~pl.col("value").is_between(0, 1) | pl.col("value").is_nan())
    if len(wrong):
        first = wrong.sort("contact", "standard").row(0, named=True)
        raise EngineInputError(
            "value_out_of_range",
            Where(field="observations.value"),
            given=first["value"],
            contact=first["contact"],
            standard=first["standard"],
        )


def _unknown_standards(rows: pl.DataFrame, standards: pl.DataFrame, notes: list[Note]) -> list[NotMeasured]:
    strange = rows.join(standards, on="standard", how="anti").group_by("standard").len().sort("standard")
    if len(strange):
        notes.append(
            Note("unknown_standards", {"rows": int(strange["len"].sum()), "standards": len(strange)})
        )
    return [
        NotMeasured("standard", standard, "standard_unknown", {"rows": count})
        for standard, count in strange.rows()
    ]


def _basis(marked: pl.DataFrame, source: Source) -> Literal["human", "automatic"]:
    if source != "auto":
        return source
    return "human" if len(marked.filter(pl.col("source").is_in(HUMAN))) else "automatic"


def _count_left_out(marked: pl.DataFrame, basis: str, notes: list[Note]) -> None:
    counts = dict(marked.group_by("source").len().rows())
    left = ("automatic",) if basis == "human" else HUMAN
    if rows := sum(counts.get(source, 0) for source in left):
        notes.append(Note("automatic_left_out" if basis == "human" else "human_left_out", {"rows": rows}))
    notes.extend(
        Note(f"{source}_left_out", {"rows": counts[source]})
        for source in ("customer", "self")
        if counts.get(source)
    )


def _employees_without(rows: pl.DataFrame, marked: pl.DataFrame, used: pl.DataFrame) -> list[NotMeasured]:
    def names(frame: pl.DataFrame) -> set[str]:
        return set(frame["employee"].drop_nulls().unique().to_list())

    automatic = names(marked.filter(pl.col("source") == "automatic"))
    own_words = names(marked.filter(pl.col("source").is_in(["customer", "self"])))

    def why(employee: str) -> str:
        if employee in automatic:
            return "automatic_marks_only"
        return "customer_or_self_only" if employee in own_words else "no_usable_marks"

    without = sorted(names(rows) - names(used))
    return [NotMeasured("employee", employee, why(employee), {}) for employee in without]


def _never_marked(edition: Edition, used: pl.DataFrame) -> list[NotMeasured]:
    seen = set(used["standard"].unique().to_list())
    return [
        NotMeasured("standard", standard.standard, "standard_never_marked", {})
        for _, _, standard in edition.standards()
        if standard.standard not in seen
    ]
