"""The reference mix: how much each base standard counts, as often as it is due.

It is frozen from the marks of one period and given to every later measurement (`measure(mix=...)`), so that
months compare: what was due more often in May than in April then moves nobody's result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError
from gracja.engine.measure.contacts import FITTING, NOT_ITS_MODE, with_wanted
from gracja.engine.measure.marks import HUMAN, observation_rows, standards_frame
from gracja.engine.measure.revisions import current_rows, of_edition

_SOURCES: Final = (*HUMAN, "automatic")


@dataclass(frozen=True, slots=True)
class Due:
    """One base standard. weight: the edition's; due, not_due: contacts (and segments) in which it was, and
    surely was not; both 0 where nobody can tell.
    """

    standard: str
    weight: float
    due: int
    not_due: int

    @property
    def known(self) -> bool:
        return self.due + self.not_due > 0


def reference_mix(
    observations: pa.Table, edition: Edition, *, contacts: pa.Table | None = None
) -> tuple[Due, ...]:
    """How often each base standard of the edition was due, in the order of its sequence.

    Due: a person or a detector marked it, and what was wanted fits its mode. Not due: it was marked not
    applicable, or the contact surely wanted another mode. What was not seen tells neither.

    Raises EngineInputError as `measure` does of its two tables.
    """
    rows = of_edition(current_rows(observation_rows(observations), []), edition, [])
    standards = standards_frame(edition).filter(pl.col("rung") == "base")
    told = with_wanted(rows.filter(pl.col("source").is_in(_SOURCES)), contacts).join(
        standards, on="standard", how="inner"
    )
    marked = pl.col("status") == "marked"
    counts = (
        told.group_by("contact", "segment", "standard")
        .agg(
            due=(marked & FITTING).any(),
            not_due=((pl.col("status") == "not_applicable") | (marked & NOT_ITS_MODE)).any(),
        )
        .group_by("standard")
        .agg(pl.col("due").sum(), (pl.col("not_due") & ~pl.col("due")).sum().alias("not_due"))
    )
    found = {standard: (due, not_due) for standard, due, not_due in counts.rows()}
    return tuple(
        Due(standard, weight, *found.get(standard, (0, 0)))
        for standard, weight in standards.select("standard", "weight").rows()
    )


def weights_of(mix: tuple[Due, ...]) -> dict[str, float]:
    """Standard -> weight times the share of contacts in which it is due; without those never due.

    One of which nobody can tell yet is taken to be due as often as the others on average: it was never marked
    while the mix was frozen, and counts once it is.
    """
    shares = {one.standard: one.due / (one.due + one.not_due) for one in mix if one.known}
    usual = sum(shares.values()) / len(shares) if shares else 1.0
    weights = {one.standard: one.weight * shares.get(one.standard, usual) for one in mix}
    return {standard: weight for standard, weight in weights.items() if weight > 0}


def check_mix(mix: Mapping[str, float], edition: Edition) -> None:
    """Raises EngineInputError: mix_standard_unknown, mix_weight_range."""
    known = {standard.standard for _, _, standard in edition.standards() if standard.rung == "base"}
    if strange := sorted(set(mix) - known):
        raise EngineInputError("mix_standard_unknown", given=strange[0], edition=edition.name)
    for standard, weight in mix.items():
        if not (np.isfinite(weight) and weight > 0):
            raise EngineInputError("mix_weight_range", standard=standard, given=weight)
    if not mix:
        raise EngineInputError("mix_empty")
