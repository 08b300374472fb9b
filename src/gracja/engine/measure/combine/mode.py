"""The joint mode of all effects for given standard deviations, and the information around it.

Each employee's three effects are one block; all blocks are eliminated by their Schur complement, so that
only a matrix of the size of standards, evaluators and places is factorised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotri, dpotrs, dtrtrs

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.combine.assembly import of_employees, of_rest, slopes_of, sums_of_cells
from gracja.engine.measure.combine.columns import INTERCEPTS, Columns
from gracja.engine.measure.combine.likelihood import Bend, bend_of

LEAST_SPREAD: Final = 1e-3
_MOST_STEPS: Final = 200
_NEGLIGIBLE_GAIN: Final = 1e-9
_ROUNDING: Final = 1e-9
_MOST_DAMPING: Final = 1e8


@dataclass(frozen=True)
class Information:
    """Minus the second derivatives, factorised. inverse, over: (employees, 3, 3) and (employees, 3, n_rest),
    D^-1 and D^-1 B of the employees' blocks; lower: Cholesky of the rest's Schur complement.
    """

    inverse: Floats
    over: Floats
    lower: Floats
    log_determinant: float

    def of_rest(self) -> Information:
        """Without the employees' blocks: of thousands, at every mode, they would fill the memory."""
        return replace(self, inverse=self.inverse[:0].copy(), over=self.over[:0].copy())

    def solve(self, big: Floats, rest: Floats) -> tuple[Floats, Floats]:
        """Times the slope: (employees, 3) and (n_rest,)."""
        down = rest - np.einsum("eki,ek->i", self.over, big)
        x_rest = np.asarray(dpotrs(self.lower, down, lower=1)[0])
        return np.einsum("ekl,el->ek", self.inverse, big) - self.over @ x_rest, x_rest

    def variances(self) -> tuple[Floats, Floats]:
        """Of every effect: (employees, 3) and (n_rest,)."""
        shape = self.over.shape
        whitened = np.asarray(dtrtrs(self.lower, self.over.reshape(-1, shape[2]).T, lower=1)[0])
        big = np.einsum("ekk->ek", self.inverse) + (whitened**2).sum(axis=0).reshape(shape[:2])
        return big, np.diagonal(np.asarray(dpotri(self.lower, lower=1)[0])).copy()

    def variance_of_rest(self, rows: Floats) -> Floats:
        """(n,) of contrasts (n, n_rest) of the rest alone."""
        whitened = np.asarray(dtrtrs(self.lower, rows.T, lower=1)[0])
        return np.asarray((whitened**2).sum(axis=0))


@dataclass(frozen=True)
class CombinedMode:
    """theta: of the truth's facets, employees first; scale_rest: (columns of the truth,) theta of each, 1 for
    the intercept. big: (employees, 3), rest: (n_rest,), all effects in logits; spreads: as
    `Columns.spreads`; height: Laplace's log-likelihood.
    """

    theta: Floats
    scale_rest: Floats
    big: Floats
    rest: Floats
    spreads: Floats
    height: float
    information: Information


def find_mode(columns: Columns, spreads: Floats, start: CombinedMode | None = None) -> CombinedMode:
    """Newton's steps, damped where they overshoot.

    Raises EngineInputError: rating_did_not_converge.
    """
    spreads = np.maximum(spreads, LEAST_SPREAD)
    big = np.zeros((columns.employees, 3)) if start is None else start.big
    rest = _first_rest(columns) if start is None else start.rest
    prior = _Prior.of(columns, spreads)
    bend = bend_of(columns.tallies.counts, sums_of(columns, big, rest))
    height, damping = bend.value - prior.depth(big, rest), 0.0
    for _ in range(_MOST_STEPS):
        slope_big, slope_rest = _slope(columns, bend, prior, big, rest)
        information = _factorised(columns, bend, prior, damping)
        if information is None:
            damping = _more(damping)
            continue
        step_big, step_rest = information.solve(slope_big, slope_rest)
        gain = float((slope_big * step_big).sum() + slope_rest @ step_rest)
        if gain < _NEGLIGIBLE_GAIN and damping == 0.0:
            laplace = height - prior.log_root - 0.5 * information.log_determinant
            theta, scale = _of_truth(columns, spreads)
            return CombinedMode(theta, scale, big, rest, spreads, laplace, information)
        tried = bend_of(columns.tallies.counts, sums_of(columns, big + step_big, rest + step_rest))
        there = tried.value - prior.depth(big + step_big, rest + step_rest)
        if not there >= height - _ROUNDING * (1 + abs(height)):
            damping = _more(damping)
            continue
        big, rest, bend, height = big + step_big, rest + step_rest, tried, there
        damping = 0.0 if damping < 1.0 else damping / 10
    raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)


def information_at(columns: Columns, mode: CombinedMode) -> Information:
    """All of it around a mode that was found."""
    bend = bend_of(columns.tallies.counts, sums_of(columns, mode.big, mode.rest))
    found = _factorised(columns, bend, _Prior.of(columns, mode.spreads), 0.0)
    assert found is not None  # it was factorised here when the mode was found
    return found


def _of_truth(columns: Columns, spreads: Floats) -> tuple[Floats, Floats]:
    of_columns = columns.rest_spread[columns.spans[0]]
    scale = np.where(of_columns < 0, 1.0, spreads[of_columns])
    return spreads[: 1 + len(columns.facets[0])], scale


def sums_of(columns: Columns, big: Floats, rest: Floats) -> Floats:
    """(3, cells): truth, sensitivity and specificity in logits."""
    who = columns.tallies.codes["employee"]
    return sums_of_cells(np.ascontiguousarray(big), rest, who, columns.of_cells, columns.kinds)


@dataclass(frozen=True)
class _Prior:
    """Precisions of all effects, and the means of the intercepts."""

    big: Floats
    rest: Floats
    mean: Floats
    log_root: float

    @classmethod
    def of(cls, columns: Columns, spreads: Floats) -> _Prior:
        """Of these standard deviations."""
        deviation = np.where(columns.rest_spread < 0, 1.0, spreads[columns.rest_spread])
        mean = np.zeros(columns.n_rest)
        for span, (centre, wide) in zip(columns.spans, INTERCEPTS, strict=True):
            mean[span.stop - 1], deviation[span.stop - 1] = centre, wide
        own = spreads[columns.big_spread]
        log_root = columns.employees * np.log(own).sum() + np.log(deviation).sum()
        return cls(1 / own**2, 1 / deviation**2, mean, float(log_root))

    def depth(self, big: Floats, rest: Floats) -> float:
        return 0.5 * float((big**2 @ self.big).sum() + (rest - self.mean) ** 2 @ self.rest)


def _more(damping: float) -> float:
    if damping > _MOST_DAMPING:
        raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)
    return max(1.0, 10 * damping)


def _first_rest(columns: Columns) -> Floats:
    rest = np.zeros(columns.n_rest)
    for span, (centre, _) in zip(columns.spans, INTERCEPTS, strict=True):
        rest[span.stop - 1] = centre
    return rest


def _slope(columns: Columns, bend: Bend, prior: _Prior, big: Floats, rest: Floats) -> tuple[Floats, Floats]:
    who, employees = columns.tallies.codes["employee"], columns.employees
    own, others = slopes_of(bend.slope, who, columns.of_cells, columns.kinds, employees, columns.n_rest)
    return own - big * prior.big, others - (rest - prior.mean) * prior.rest


def _factorised(columns: Columns, bend: Bend, prior: _Prior, damping: float) -> Information | None:
    who, employees = columns.tallies.codes["employee"], columns.employees
    block, across = of_employees(
        bend.weights, who, columns.of_cells, columns.kinds, employees, columns.n_rest
    )
    schur = of_rest(bend.weights, columns.of_cells, columns.kinds, columns.n_rest)
    block += np.diag(prior.big + damping)
    np.einsum("ii->i", schur)[:] += prior.rest + damping
    try:
        roots = np.linalg.cholesky(block)
    except np.linalg.LinAlgError:
        return None
    inverse = np.linalg.inv(block)
    over = inverse @ across
    flat = (3 * employees, columns.n_rest)
    schur -= across.reshape(flat).T @ over.reshape(flat)
    lower, broken = dpotrf(schur, lower=1, clean=1)
    if broken:
        return None
    log_roots = np.log(np.einsum("ekk->ek", roots)).sum() + np.log(np.diagonal(lower)).sum()
    return Information(inverse, over, np.asarray(lower), 2 * float(log_roots))
