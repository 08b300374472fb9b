"""Marks that hang together: how much less than their number they are worth."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from gracja.engine.measure.cells import Floats

_FEWEST_CONTACTS: Final = 10


def overdispersion(frame: pl.DataFrame, expected: Floats, variance: Floats | None = None) -> float:
    """How much more the marks of one contact vary together than if they were independent; at least 1.

    frame: contact, employee, value, and `share`, how much a mark counts, if not each for one; expected:
    (rows,) share met, 0-1; variance: (rows,) of each mark, that of yes or no if not given. The ratio of the
    squared sum of a contact's residuals to the sum of its variances, over contacts; 1 unless it is more than
    two standard errors above 1.
    Source: McCullagh and Nelder (1989), section 4.5.
    """
    share = pl.col("share") if "share" in frame.columns else pl.lit(1.0)
    contacts = (
        frame.select(
            "contact",
            "employee",
            residual=share * (pl.col("value") - expected),
            variance=share * pl.Series(expected * (1 - expected) if variance is None else variance),
        )
        .group_by("contact", "employee", maintain_order=True)
        .agg(pl.col("residual", "variance").sum(), size=pl.len())
        .filter(pl.col("size") > 1)
    )
    if len(contacts) < _FEWEST_CONTACTS:
        return 1.0
    squares, variances = contacts["residual"].to_numpy() ** 2, contacts["variance"].to_numpy()
    ratio = float(squares.sum() / variances.sum())
    error = float(np.std(squares - ratio * variances) / (np.sqrt(len(squares)) * variances.mean()))
    return ratio if ratio > 1 + 2 * error else 1.0
