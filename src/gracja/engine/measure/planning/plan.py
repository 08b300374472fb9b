"""A plan for a company that has been measured: its own spreads, its next reviews, what would connect it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl
import pyarrow.compute as pc

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.estimate import UNNAMED, Rated
from gracja.engine.measure.measured import Measured
from gracja.engine.measure.one_thread import one_thread
from gracja.engine.measure.planning.connecting import Connecting, People, connecting
from gracja.engine.measure.planning.grounds import Grounds, assumed_at
from gracja.engine.measure.planning.next_reviews import (
    DECIDED,
    UNDECIDED,
    Choice,
    Review,
    next_reviews,
)

_SPREADS: Final = ("employee", "standard", "evaluator", "place")
_FEWEST_PAIRS: Final = 50


def grounds_of(measured: Measured) -> Grounds:
    """What this company's marks say of its spreads; what they do not say is assumed, and named.

    Raises EngineInputError: plan_nothing_measured.
    """
    frame, rated = _base(measured)
    found = measured.fit_info.integrated_theta
    known = {name: found[name] for name in _SPREADS if rated.has(name)}
    repeat = _repeat(frame, rated)
    grounds = assumed_at(
        0.5,
        standards=max(round(_marks_of_review(frame)), 1),
        employees=max(frame["employee"].n_unique(), 1),
        places=max(frame["place"].n_unique(), 1),
    )
    assumed = tuple(name for name in _SPREADS if name not in known)
    return replace(
        grounds,
        **known,  # type: ignore[arg-type]
        intercept=float(rated.posterior.centre.effects[-1]),
        dispersion=max(measured.fit_info.dispersion, 1.0),
        repeat=grounds.repeat if repeat is None else repeat,
        assumed=assumed if repeat is not None else (*assumed, "repeat"),
    )


@one_thread
def next_of(measured: Measured, choice: Choice, count: int) -> list[Review]:
    """The next reviews; who has no grade yet counts whole, who has one less.

    Raises EngineInputError: plan_nothing_measured, and as `next_reviews`.
    """
    frame, rated = _base(measured)
    results = measured.results
    employees = results.filter(pc.field("subject_kind") == "employee").select(["subject", "grade"])
    weights = {row["subject"]: DECIDED if row["grade"] else UNDECIDED for row in employees.to_pylist()}
    return next_reviews(
        rated,
        replace(choice, weights={**weights, **choice.weights}),
        count,
        marks_of_review=_marks_of_review(frame),
        dispersion=max(measured.fit_info.dispersion, 1.0),
    )


def connecting_of(measured: Measured, people: People) -> Connecting:
    """What would connect groups that nobody can compare yet; nothing where a detector watches them all.

    Raises EngineInputError: plan_nothing_measured.
    """
    frame, _ = _base(measured)
    named = frame.with_columns(
        pl.when(pl.col(column) == UNNAMED).then(None).otherwise(pl.col(column)).alias(column)
        for column in ("evaluator", "place")
    )
    apart = any(note.code == "cannot_be_separated" for note in measured.notes)
    return connecting(named, people) if apart else Connecting(1, (), 0)


def _base(measured: Measured) -> tuple[pl.DataFrame, Rated]:
    rated = measured.fitted.rated
    if rated is None or measured.fitted.frame.is_empty():
        raise EngineInputError("plan_nothing_measured")
    return measured.fitted.frame, rated


def _marks_of_review(frame: pl.DataFrame) -> float:
    return len(frame) / max(len(frame.select("contact", "employee", "evaluator").unique()), 1)


def _repeat(frame: pl.DataFrame, rated: Rated) -> float | None:
    """Correlation of two evaluators' marks of one standard in one contact, beyond what the model expects.

    None where fewer than 50 pairs tell.
    """
    share, variance = rated.expected(frame)
    scaled = frame.select(
        "contact",
        "employee",
        "standard",
        "evaluator",
        off=(pl.col("value") - pl.Series(share)) / pl.Series(np.sqrt(np.maximum(variance, 1e-9))),
    )
    mark = ["contact", "employee", "standard"]
    pairs = scaled.join(scaled, on=mark, suffix="_other").filter(
        pl.col("evaluator") < pl.col("evaluator_other")
    )
    if len(pairs) < _FEWEST_PAIRS:
        return None
    together = float((pairs["off"] * pairs["off_other"]).mean())  # type: ignore[arg-type]
    return float(np.clip(together, 0.0, 1.0))
