"""Where two facets have tens of thousands of levels, no matrix of one of them fits: conjugate gradients.

Approximations, which results name (note `intervals_by_simulation`): standard deviations are held at their
highest point, where thousands of levels leave little doubt, found to about 1 %; and variances come from exact
draws of the normal around the mode, so that a standard error is itself known to 1 / sqrt(2 DRAWS), 5 %. The
log-likelihood of `rating.fit` rests on an estimate of a determinant, whose standard error stands beside it.
"""

from __future__ import annotations

from typing import Final

from gracja.engine.measure.wide.around import DRAWS, Around, WideMode
from gracja.engine.measure.wide.mode import Found, LogLikelihood, wide_mode
from gracja.engine.measure.wide.spreads import hardly_marked, likeliest, widest_fit

WIDEST: Final = 10_000
"""Columns besides the largest facet's up to which their matrix is factorised."""

__all__ = [
    "DRAWS",
    "WIDEST",
    "Around",
    "Found",
    "LogLikelihood",
    "WideMode",
    "hardly_marked",
    "likeliest",
    "wide_mode",
    "widest_fit",
]
