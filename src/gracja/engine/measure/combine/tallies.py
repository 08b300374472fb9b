"""What people and a detector marked, counted cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure.cells import Floats, Ints

FACETS: Final = ("employee", "standard", "evaluator", "place")
# What is counted: of all automatic marks; of marks that both made, human first; of human marks alone.
COUNTS: Final = ("seen_met", "seen_not", "both_11", "both_10", "both_01", "both_00", "alone_met", "alone_not")
_MARK: Final = ("contact", "segment", "employee", "standard")


@dataclass(frozen=True)
class Tallies:
    """Cells of employee, standard, evaluator and place.

    levels: facet -> sorted names. codes: facet -> (cells,), -1 where none is known; automatic marks have no
    evaluator. counts: (cells, 8), how often each of COUNTS was seen; a mark between 0 and 1 is shared out.
    """

    levels: dict[str, list[str]]
    codes: dict[str, Ints]
    counts: Floats

    @cached_property
    def sides(self) -> Floats:
        """(cells, 4): judged by people, met and not; marked by the detector alone, met and not, less what
        both marked, which stands in other cells.
        """
        met, not_met, b11, b10, b01, b00, alone_met, alone_not = self.counts.T
        judged = [b11 + b10 + alone_met, b01 + b00 + alone_not]
        return np.stack([*judged, met - b11 - b01, not_met - b10 - b00], axis=1)

    @cached_property
    def first(self) -> Ints:
        """(employees + 1,): where the cells of each begin, and where the last one's end."""
        return np.searchsorted(self.codes["employee"], np.arange(len(self.levels["employee"]) + 1))


def tally(human: pl.DataFrame, automatic: pl.DataFrame, dispersions: tuple[float, float]) -> Tallies:
    """human, automatic: contact, segment, employee, standard, place?, value; human also evaluator? and
    inclusion? (the chance with which the contact was drawn for review) and share? (how much of its contact's
    voice a mark is, where several people marked it). dispersions: of human and of
    automatic marks, at least 1: marks that hang together count for less.

    A review of chance c stands for 1 / c contacts of its employee, scaled so that all reviews of one employee
    together weigh as many as they are worth (Kish 1965); equal chances weigh 1 each, and so does what nobody
    drew by chance (a visit). Between employees nothing is left to weigh: each has effects of their own, given
    which it says nothing how likely somebody was to be drawn.

    Raises EngineInputError: inclusion_out_of_range.
    """
    share = human["share"] if "share" in human.columns else 1.0
    human = human.with_columns(weight=_weights(human) * share / dispersions[0])
    marks = automatic.group_by(_MARK, maintain_order=True).agg(
        pl.col("value").cast(pl.Float64).mean().alias("seen"), pl.col("place").drop_nulls().first()
    )
    known = marks.select(*_MARK, "seen")
    judged = human.join(known, on=list(_MARK), how="left", nulls_equal=True, maintain_order="left")
    h, a, w = pl.col("value").cast(pl.Float64), pl.col("seen"), pl.col("weight")
    both, alone = pl.col("seen").is_not_null(), pl.col("seen").is_null()
    least = pl.min_horizontal(h, a)
    nothing = pl.lit(0.0)
    reviewed = judged.select(
        *FACETS,
        seen_met=nothing,
        seen_not=nothing,
        both_11=pl.when(both).then(w * least).otherwise(0.0),
        both_10=pl.when(both).then(w * (h - least)).otherwise(0.0),
        both_01=pl.when(both).then(w * (a - least)).otherwise(0.0),
        both_00=pl.when(both).then(w * (1 - pl.max_horizontal(h, a))).otherwise(0.0),
        alone_met=pl.when(alone).then(w * h).otherwise(0.0),
        alone_not=pl.when(alone).then(w * (1 - h)).otherwise(0.0),
    )
    each = 1 / dispersions[1]
    everything = marks.select(
        "employee",
        "standard",
        pl.lit(None, dtype=pl.String).alias("evaluator"),
        "place",
        seen_met=pl.col("seen") * each,
        seen_not=(1 - pl.col("seen")) * each,
        **dict.fromkeys(COUNTS[2:], nothing),
    )
    cells = (
        pl.concat([reviewed, everything])
        .group_by(FACETS)
        .agg(pl.col(COUNTS).sum())
        .sort(FACETS, nulls_last=False)
    )
    levels = {facet: cells[facet].drop_nulls().unique().sort().to_list() for facet in FACETS}
    return Tallies(
        levels,
        {facet: _coded(cells[facet], levels[facet]) for facet in FACETS},
        cells.select(COUNTS).to_numpy().astype(np.float64),
    )


def _weights(human: pl.DataFrame) -> pl.Series:
    if "inclusion" not in human.columns or human["inclusion"].null_count() == len(human):
        return pl.Series(np.ones(len(human)))
    chance = human["inclusion"].cast(pl.Float64).drop_nulls().to_numpy()
    wrong = chance[~((chance > 0) & (chance <= 1))]
    if len(wrong):
        raise EngineInputError(
            "inclusion_out_of_range", Where(field="observations.inclusion"), given=float(wrong[0])
        )
    stands_for = 1 / pl.col("inclusion").cast(pl.Float64)
    worth = stands_for.sum().over("employee") / (stands_for**2).sum().over("employee")
    return human.select((stands_for * worth).fill_null(1.0)).to_series()


def _coded(names: pl.Series, levels: list[str]) -> Ints:
    if not levels:
        return np.full(len(names), -1, dtype=np.int64)
    coded = names.replace_strict(levels, range(len(levels)), default=None, return_dtype=pl.Int64)
    return coded.fill_null(-1).to_numpy().astype(np.int64)
