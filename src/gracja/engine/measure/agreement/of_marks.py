"""How far people agree with each other and with the detector, from observations; and whether seeing the
automatic mark draws people to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import polars as pl
import pyarrow as pa

from gracja.engine.edition.model import Edition
from gracja.engine.measure.agreement.agreeing import FEWEST_UNITS, Agreement, ac1, alpha, kappa
from gracja.engine.measure.clustered_share import clustered_share_interval
from gracja.engine.measure.marks import HUMAN, observation_rows
from gracja.engine.measure.revisions import current_rows, of_edition
from gracja.engine.tables import AGREEMENT

_ONE: Final = ["contact", "standard"]
_WHOLE: Final = [0.0, 1.0]
_STEPS: Final = 100  # a value is read to a hundredth: finer ones are no other judgement


@dataclass(frozen=True, slots=True)
class Anchoring:
    """People's marks of yes and no in contacts where a detector marked the same standard.

    blind, seen, unknown: how many were made without having seen the automatic mark, after it, or it is not
    known. same_blind, same_seen: share that says what the detector says. more: how much larger it is after
    the automatic mark was seen, with its interval. None under 10 contacts of a kind.
    """

    blind: int
    seen: int
    unknown: int
    same_blind: float | None = None
    same_seen: float | None = None
    more: float | None = None
    more_low: float | None = None
    more_high: float | None = None


@dataclass(frozen=True, slots=True)
class Agreements:
    """table: tables.AGREEMENT; anchoring: of all standards together."""

    table: pa.Table
    anchoring: Anchoring


def agreements(observations: pa.Table, edition: Edition, *, level: float = 0.95) -> Agreements:
    """Agreement of people with each other, and of people with the detector, by standard and in all.

    observations: tables.OBSERVATIONS; what counts are the latest marked rows of this edition, one judgement
    a person, contact and standard. `same`: share of pairs of judgements that say the same; alpha:
    Krippendorff's, ordinal (of yes and no that is nominal); ac1: Gwet's; kappa: Cohen's, of the majority of
    people against the detector. Between people and detector, and over all standards, only marks of yes and no
    count: a scale's steps are no common language. Intervals draw contacts, because marks of one contact hang
    together; null where fewer than 10 contacts tell, or nobody differed in anything.

    Raises EngineInputError: as `measure`.
    """
    rows = observation_rows(observations, blind=True)
    marked = of_edition(current_rows(rows, []), edition, []).filter(
        (pl.col("status") == "marked") & pl.col("value").is_not_null()
    )
    # a detector's marks count beside people's; millions of others have nothing to agree with
    judged = marked.filter(pl.col("source").is_in(HUMAN)).select("contact").unique()
    marked = marked.join(judged, on="contact", how="semi")
    known = [standard.standard for _, _, standard in edition.standards()]
    votes = (
        marked.filter(pl.col("standard").is_in(known))
        .group_by(
            *_ONE, "evaluator", automatic=pl.col("source") == "automatic", human=pl.col("source").is_in(HUMAN)
        )
        .agg(
            value=(pl.col("value").mean().cast(pl.Float64) * _STEPS).round() / _STEPS,
            blind=pl.when(pl.col("blind").null_count() == 0).then(pl.col("blind").all()),
        )
        .sort(*_ONE, "evaluator")
    )
    people, machine = votes.filter("human"), votes.filter("automatic")
    pairs = _beside(people, machine)
    order = {name: place for place, name in enumerate(known)}
    found = [_people(None, _whole(people), level), *_each(people, _people, order, level)]
    found += [_detector(None, pairs, level), *_each(pairs, _detector, order, level)]
    table = pa.Table.from_pylist([row for row in found if row["marks"]], schema=AGREEMENT)
    return Agreements(table, _anchoring(pairs, level))


def _each(votes: pl.DataFrame, told: Any, order: dict[str, int], level: float) -> list[dict[str, Any]]:
    parts = {str(name): part for (name,), part in votes.group_by("standard", maintain_order=True)}
    return [told(name, parts[name], level) for name in sorted(parts, key=order.__getitem__)]


def _whole(votes: pl.DataFrame) -> pl.DataFrame:
    """Those of standards that nobody marked between yes and no."""
    between = votes.filter(~pl.col("value").is_in(_WHOLE))["standard"].unique()
    return votes.filter(~pl.col("standard").is_in(between.implode()))


def _people(standard: str | None, votes: pl.DataFrame, level: float) -> dict[str, Any]:
    """The row of people among each other."""
    counted = (
        votes.group_by(*_ONE, "value")
        .len()
        .group_by(_ONE)
        .agg(all=pl.col("len").sum(), alike=(pl.col("len") * (pl.col("len") - 1)).sum())
        .filter(pl.col("all") > 1)
        .with_columns(alike=pl.col("alike") / (pl.col("all") * (pl.col("all") - 1)))
    )
    unit, cluster = (
        votes.select(_ONE).to_struct().rank("dense").to_numpy(),
        votes["contact"].rank("dense").to_numpy(),
    )
    value = votes["value"].to_numpy()
    told = {
        "alpha": alpha(unit, value, level="ordinal", cluster=cluster, coverage=level),
        "ac1": ac1(unit, value, cluster=cluster, coverage=level),
    }
    return _row("people", standard, counted, told, level)


def _beside(people: pl.DataFrame, machine: pl.DataFrame) -> pl.DataFrame:
    """People's votes of yes and no beside the detector's: contact, standard, value, detected, blind."""
    detected = machine.group_by(_ONE).agg(detected=pl.col("value").mean())
    both = people.join(detected, on=_ONE, how="inner", maintain_order="left")
    return both.filter(pl.col("value").is_in(_WHOLE) & pl.col("detected").is_in(_WHOLE))


def _detector(standard: str | None, pairs: pl.DataFrame, level: float) -> dict[str, Any]:
    """The row of the majority of people against the detector; where people are even, nobody is right."""
    judged = (
        pairs.group_by(_ONE, maintain_order=True)
        .agg(pl.col("value").mean(), pl.col("detected").first())
        .filter(pl.col("value") != 0.5)
        .with_columns(pl.col("value").round())
        .with_columns(alike=(pl.col("value") == pl.col("detected")).cast(pl.Float64))
    )
    told = kappa(
        judged["value"].to_numpy(), judged["detected"].to_numpy(),
        cluster=judged["contact"].rank("dense").to_numpy(), coverage=level,
    )  # fmt: skip
    return _row("detector", standard, judged, {"kappa": told}, level)


def _row(
    between: str, standard: str | None, units: pl.DataFrame, told: dict[str, Agreement], level: float
) -> dict[str, Any]:
    contacts = units.group_by("contact").agg(pl.col("alike").sum(), seen=pl.len())
    row: dict[str, Any] = {
        "between": between, "standard": standard, "marks": len(units), "contacts": len(contacts),
    }  # fmt: skip
    if len(contacts) >= FEWEST_UNITS:
        row["same"], row["same_low"], row["same_high"] = clustered_share_interval(
            contacts["alike"].to_numpy(), contacts["seen"].to_numpy(), level=level
        )
    for name, one in told.items():
        row |= {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
    return row


def _anchoring(pairs: pl.DataFrame, level: float) -> Anchoring:
    counts = dict(pairs.group_by("blind").len().rows())
    counted = counts.get(True, 0), counts.get(False, 0), counts.get(None, 0)
    alike = pairs.with_columns(alike=pl.col("value") == pl.col("detected"))
    sides = []
    for blind in (True, False):
        own = (
            alike.filter(pl.col("blind") == blind)
            .group_by("contact")
            .agg(pl.col("alike").sum(), seen=pl.len())
        )
        if len(own) < FEWEST_UNITS:
            return Anchoring(*counted)
        sides.append(clustered_share_interval(own["alike"].to_numpy(), own["seen"].to_numpy(), level=level))
    (before, before_low, before_high), (after, after_low, after_high) = sides
    # Newcombe's: each end from the nearer ends of both intervals
    down = sqrt((after - after_low) ** 2 + (before_high - before) ** 2)
    up = sqrt((after_high - after) ** 2 + (before - before_low) ** 2)
    more = after - before
    return Anchoring(*counted, before, after, more, more - down, more + up)
