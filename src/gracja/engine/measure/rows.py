"""Rows of the results table, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import expit

from gracja.engine.measure.posterior import Mixture
from gracja.engine.tables import RESULTS

_COUNTS = {"contacts": pl.Int64, "observations": pl.Int64, "evaluators": pl.Int64}


@dataclass
class Rows:
    """Results of one kind of subject, column by column; a column that is not set is null.

    subjects: names, in the order of all columns.
    """

    kind: str
    subjects: list[str]
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def count(self, frame: pl.DataFrame, column: str) -> None:
        """Contacts, marks and named evaluators of each subject."""
        counts = frame.group_by(column).agg(
            pl.col("contact").n_unique().alias("contacts"),
            pl.len().alias("observations"),
            pl.col("evaluator").drop_nulls().n_unique().alias("evaluators"),
        )
        known = {row[0]: row[1:] for row in counts.rows()}
        for position, name in enumerate(_COUNTS):
            self.columns[name] = [int(known[subject][position]) for subject in self.subjects]

    def classic(self, percents: Mapping[str, float]) -> None:
        self.columns["classic"] = [percents.get(subject) for subject in self.subjects]

    def share(self, name: str, mixture: Mixture, measured: NDArray[np.bool_], level: float) -> None:
        """A share with its interval, where it was measured."""
        tail = (1 - level) / 2
        low, high = expit(mixture.quantile(tail)), expit(mixture.quantile(1 - tail))
        # The mean of a very skewed posterior may lie outside its central interval; readers may not meet that.
        share = np.clip(mixture.share, low, high)
        for column, values in ((name, share), (f"{name}_low", low), (f"{name}_high", high)):
            self.columns[column] = where(measured, values)

    def logits(self, mixture: Mixture, measured: NDArray[np.bool_]) -> None:
        """`measure` and `se`, where the marks can tell this subject from others at all."""
        told = measured & (mixture.deviation > 1e-9)
        self.columns["measure"] = where(told, mixture.mean)
        self.columns["se"] = where(told, mixture.deviation)

    def integers(self, name: str, values: NDArray[np.int64], known: NDArray[np.bool_]) -> None:
        self.columns[name] = [
            int(value) if is_known else None for value, is_known in zip(values, known, strict=True)
        ]


def where(known: NDArray[np.bool_], values: NDArray[np.float64]) -> list[float | None]:
    """Plain numbers, None where not known."""
    return [float(value) if is_known else None for value, is_known in zip(values, known, strict=True)]


def results_table(kinds: list[Rows], common: dict[str, Any]) -> pa.Table:
    """All rows in the schema `RESULTS`; `common` is the same in every row."""
    arrays = []
    for column in RESULTS:
        values: list[Any] = []
        for rows in kinds:
            size = len(rows.subjects)
            if column.name == "subject_kind":
                values += [rows.kind] * size
            elif column.name == "subject":
                values += rows.subjects
            elif column.name in common:
                values += [common[column.name]] * size
            else:
                values += rows.columns.get(column.name, [None] * size)
        arrays.append(pa.array(values, type=column.type))
    return pa.Table.from_arrays(arrays, schema=RESULTS)
