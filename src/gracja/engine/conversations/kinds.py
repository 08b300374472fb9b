"""What makes a row of observations or contacts a good one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import polars as pl
import pyarrow as pa

from gracja.engine.conversations.values import EARLIEST, EARLIEST_YEAR, LATEST, LATEST_YEAR
from gracja.engine.tables import CONTACTS, OBSERVATIONS, SOURCES, STATUSES, WANTED_SOURCES

SERVICE_KINDS: Final = ("encounter", "relationship")
FIRST_REVISION: Final = 1
Facts = Callable[[Mapping[str, Any]], dict[str, Any]]


class Rule(NamedTuple):
    """A code, the field it is about, the rows it hits, and the facts of its sentence."""

    code: str
    field: str
    wrong: pl.Expr
    facts: Facts = lambda _: {}


@dataclass(frozen=True)
class Kind:
    """A table that people bring: its schema, what stands for a missing value, its key and its rules."""

    schema: pa.Schema
    defaults: Mapping[str, Any]
    key: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return tuple(
            each.name for each in self.schema if not each.nullable and each.name not in self.defaults
        )


def _missing(name: str) -> Rule:
    return Rule("field_missing", name, pl.col(name).is_null(), lambda _: {"name": name})


def _choice(name: str, choices: tuple[str, ...]) -> Rule:
    expected = ", ".join(choices)
    wrong = ~pl.col(name).is_in(choices)
    return Rule("field_choice", name, wrong, lambda row: {"given": row[name], "expected": expected})


def _range(name: str, low: float, high: float) -> Rule:
    """NaN is out of every range."""
    inside = pl.col(name).is_between(low, high) & pl.col(name).is_not_nan()
    facts: Facts = lambda row: {"given": _number(row[name]), "low": low, "high": high}  # noqa: E731
    return Rule("number_out_of_range", name, ~inside, facts)


def _not_negative(name: str) -> Rule:
    facts: Facts = lambda row: {"given": row[name], "low": 0, "high": 32_767}  # noqa: E731
    return Rule("number_out_of_range", name, pl.col(name) < 0, facts)


def _time(name: str) -> Rule:
    # compared as whole numbers: a far time has no datetime to print it with
    wrong = ~pl.col(name).to_physical().is_between(EARLIEST, LATEST)
    facts = {"given": name, "first": EARLIEST_YEAR, "last": LATEST_YEAR}
    return Rule("time_out_of_range", name, wrong, lambda _: facts)


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:g}"


_SPAN: Final = pl.element().struct
_WRONG_SPANS: Final = (
    pl.col("evidence")
    .list.eval(
        (_SPAN.field("turn") < 0)
        | (_SPAN.field("start") < 0)
        | (_SPAN.field("end") < _SPAN.field("start"))
        | _SPAN.field("turn").is_null()
        | _SPAN.field("start").is_null()
        | _SPAN.field("end").is_null()
    )
    .list.any()
)

OBSERVATION: Final = Kind(
    schema=OBSERVATIONS,
    defaults={"segment": 0, "evidence": [], "revision": FIRST_REVISION},
    key=("contact", "segment", "employee", "standard", "edition", "source", "evaluator", "revision"),
    rules=(
        *(_missing(name) for name in ("contact", "standard", "edition", "source", "status")),
        _choice("source", SOURCES),
        _choice("status", STATUSES),
        Rule(
            "value_missing",
            "value",
            (pl.col("status") == "marked") & pl.col("value").is_null(),
        ),
        Rule(
            "value_unexpected",
            "value",
            (pl.col("status") != "marked") & pl.col("value").is_not_null(),
            lambda row: {"status": row["status"], "given": _number(row["value"])},
        ),
        _range("value", 0, 1),
        _range("probability", 0, 1),
        Rule(
            "inclusion_out_of_range",
            "inclusion",
            ~((pl.col("inclusion") > 0) & (pl.col("inclusion") <= 1)),
            lambda row: {"given": _number(row["inclusion"])},
        ),
        Rule("raw_not_finite", "raw", ~pl.col("raw").is_finite(), lambda row: {"given": _number(row["raw"])}),
        _not_negative("segment"),
        _not_negative("revision"),
        Rule(
            "supersedes_later",
            "supersedes",
            pl.col("supersedes") >= pl.col("revision"),
            lambda row: {"given": row["supersedes"], "revision": row["revision"]},
        ),
        Rule("evidence_span", "evidence", _WRONG_SPANS),
        _time("occurred_at"),
    ),
)

CONTACT: Final = Kind(
    schema=CONTACTS,
    defaults={"segment": 0, "wanted_source": "none"},
    key=("contact", "segment"),
    rules=(
        *(_missing(name) for name in ("contact", "edition", "service_kind")),
        _choice("service_kind", SERVICE_KINDS),
        _choice("wanted_source", WANTED_SOURCES),
        _not_negative("segment"),
        _range("wanted_low", 0, 100),
        _range("wanted_high", 0, 100),
        Rule("wanted_half", "wanted_low", pl.col("wanted_low").is_null() != pl.col("wanted_high").is_null()),
        Rule(
            "wanted_upside_down",
            "wanted_low",
            pl.col("wanted_low") > pl.col("wanted_high"),
            lambda row: {"low": _number(row["wanted_low"]), "high": _number(row["wanted_high"])},
        ),
        Rule(
            "wanted_without_source",
            "wanted_source",
            (pl.col("wanted_source") == "none") & pl.col("wanted_low").is_not_null(),
            lambda _: {"known": [source for source in WANTED_SOURCES if source != "none"]},
        ),
        Rule(
            "wanted_missing",
            "wanted_low",
            (pl.col("wanted_source") != "none") & pl.col("wanted_low").is_null(),
            lambda row: {"source": row["wanted_source"]},
        ),
        _time("wanted_recorded_at"),
    ),
)
