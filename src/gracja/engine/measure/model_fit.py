"""Who and what follows the rating model, as a table: misfit with the range in which chance would leave it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
from scipy.special import ndtri

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.estimate import UNNAMED, Rated
from gracja.engine.measure.misfit import Misfit, discrimination, misfit
from gracja.engine.tables import MODEL_FIT

FACETS: Final = ("employee", "standard", "evaluator")


@dataclass(frozen=True)
class Fitted:
    """What base rests on: the marks that a person (or, where nobody marked, a detector) made, and their
    rating. rated: None where there was nothing to rate.
    """

    frame: pl.DataFrame
    rated: Rated | None


def model_fit(fitted: Fitted, *, level: float = 0.95) -> pa.Table:
    """Infit and outfit of each employee, standard and evaluator, and the slope of each standard.

    Returns tables.MODEL_FIT. infit, outfit: 1 as the model expects, more is more erratic; beside each the
    range in which, where all marks follow the model, all levels of the facet together stay with probability
    `level`: of hundreds of evaluators a few would else look erratic by chance. slope: how much a standard's
    marks rise with the employee's measure, 1 as the model takes for granted, 0 not at all, with an interval
    that holds for all standards together likewise. Null where fewer than 20 marks tell; a facet of one level
    has no rows. Source: as `misfit`; the ranges by Šidák (1967), JASA 62:626.
    """
    rated = fitted.rated
    if rated is None or fitted.frame.is_empty():
        return MODEL_FIT.empty_table()
    tables = [_rows(misfit(fitted.frame, rated, facet), facet, level) for facet in FACETS if rated.has(facet)]
    if not tables:
        return MODEL_FIT.empty_table()
    frame = pl.concat(tables).join(
        _slopes(fitted.frame, rated, level), on=["subject_kind", "subject"], how="left"
    )
    frame = frame.filter(pl.col("subject") != UNNAMED).sort("subject_kind", "subject")
    return frame.select(MODEL_FIT.names).to_arrow().cast(MODEL_FIT)


def _rows(found: Misfit, facet: str, level: float) -> pl.DataFrame:
    own = {
        "infit": (found.infit, found.infit_variance),
        "outfit": (found.outfit, found.outfit_variance),
    }
    columns: dict[str, Floats] = {}
    for name, (mean_square, variance) in own.items():
        columns[name] = mean_square
        columns[f"{name}_low"], columns[f"{name}_high"] = _expected(variance, level)
    frame = pl.DataFrame(
        {"subject": pl.Series(found.names, dtype=pl.String), "marks": found.marks, **columns}
    )
    return frame.with_columns(subject_kind=pl.lit(facet)).fill_nan(None)


def _slopes(frame: pl.DataFrame, rated: Rated, level: float) -> pl.DataFrame:
    found = discrimination(frame, rated)
    off = _far(int(np.isfinite(found.slope).sum()), level) * found.error
    columns = {"slope": found.slope, "slope_low": found.slope - off, "slope_high": found.slope + off}
    told = pl.DataFrame({"subject": pl.Series(found.names, dtype=pl.String), **columns})
    return told.with_columns(subject_kind=pl.lit("standard")).fill_nan(None)


def _expected(variance: Floats, level: float) -> tuple[Floats, Floats]:
    """Where mean squares of these variances lie by chance: the cube root's normal range, turned back."""
    spread = np.sqrt(variance)
    far = _far(int(np.isfinite(variance).sum()), level)
    low, high = (np.clip(1 + (way * far - spread / 3) * spread / 3, 0, None) ** 3 for way in (-1, 1))
    return low, high


def _far(levels: int, level: float) -> float:
    """Standard deviations to either side that so many independent values stay within together."""
    return float(-ndtri((1 - level ** (1 / max(levels, 1))) / 2))
