"""The joint mode of all effects for given standard deviations, where to begin, and the information around.

Each employee's three effects are one block; all blocks are eliminated by their Schur complement, so that
only a matrix of the size of standards, evaluators and places is factorised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.linalg.blas import dsyrk
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

    def of_rest(self) -> Information:
        """Without the employees' blocks: of thousands, at every mode, they would fill the memory."""
        return replace(self, inverse=self.inverse[:0].copy(), over=self.over[:0].copy())

    def solve(self, big: Floats, rest: Floats) -> tuple[Floats, Floats]:
        """Times the slope: (employees, 3) and (n_rest,)."""
        down = rest - np.einsum("eki,ek->i", self.over, big)
        x_rest = np.asarray(dpotrs(self.lower, down, lower=1)[0])
        return np.einsum("ekl,el->ek", self.inverse, big) - self.over @ x_rest, x_rest

    def log_root(self) -> float:
        """Half the log-determinant of the rest's."""
        return float(np.log(np.diagonal(self.lower)).sum())

    def variances(self) -> tuple[Floats, Floats]:
        """What the rest leaves unknown: (3,) of the effects of all employees, and (n_rest,) of its own."""
        shape = self.over.shape
        whitened = np.asarray(dtrtrs(self.lower, self.over.reshape(-1, shape[2]).T, lower=1)[0])
        shared = (whitened**2).sum(axis=0).reshape(shape[:2]).sum(axis=0)
        return shared, np.diagonal(np.asarray(dpotri(self.lower, lower=1)[0])).copy()

    def variance_of_rest(self, rows: Floats) -> Floats:
        """(n,) of contrasts (n, n_rest) of the rest alone."""
        whitened = np.asarray(dtrtrs(self.lower, rows.T, lower=1)[0])
        return np.asarray((whitened**2).sum(axis=0))


@dataclass(frozen=True)
class Effects:
    """big: (employees, 3), rest: (n_rest,), all effects in logits."""

    big: Floats
    rest: Floats


def find_mode(columns: Columns, spreads: Floats) -> Effects:
    """Newton's steps, damped where they overshoot.

    Raises EngineInputError: rating_did_not_converge.
    """
    spreads = np.maximum(spreads, LEAST_SPREAD)
    big, rest = np.zeros((columns.employees, 3)), _first_rest(columns)
    prior = Prior.of(columns, spreads)
    bend = bend_of(columns.tallies.counts, sums_of(columns, big, rest))
    height, damping = bend.value - prior.depth(big, rest), 0.0
    for _ in range(_MOST_STEPS):
        own, others = slopes_by(columns, bend.slope)
        slope_big, slope_rest = own - big * prior.big, others - prior.pull(rest)
        information = _factorised(columns, bend, prior, damping)
        if information is None:
            damping = _more(damping)
            continue
        step_big, step_rest = information.solve(slope_big, slope_rest)
        gain = float((slope_big * step_big).sum() + slope_rest @ step_rest)
        if gain < _NEGLIGIBLE_GAIN and damping == 0.0:
            return Effects(big, rest)
        tried = bend_of(columns.tallies.counts, sums_of(columns, big + step_big, rest + step_rest))
        there = tried.value - prior.depth(big + step_big, rest + step_rest)
        if not there >= height - _ROUNDING * (1 + abs(height)):
            damping = _more(damping)
            continue
        big, rest, bend, height = big + step_big, rest + step_rest, tried, there
        damping = 0.0 if damping < 1.0 else damping / 10
    raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)


def information_at(columns: Columns, effects: Effects, prior: Prior) -> Information:
    """Around these effects, as it is on average over what the detector could have marked: what it did mark
    may bend the height of one employee the wrong way.
    """
    sums = sums_of(columns, effects.big, effects.rest)
    found = _factorised(columns, bend_of(columns.tallies.counts, sums, expected=True), prior, 0.0)
    if found is None:
        raise EngineInputError("rating_did_not_converge", steps=0)
    return found


def sums_of(columns: Columns, big: Floats, rest: Floats) -> Floats:
    """(3, cells): truth, sensitivity and specificity in logits."""
    who = columns.tallies.codes["employee"]
    return sums_of_cells(np.ascontiguousarray(big), rest, who, columns.of_cells, columns.kinds)


@dataclass(frozen=True)
class Prior:
    """Precisions of all effects, and the means of the intercepts. log_root: of the rest's deviations."""

    big: Floats
    rest: Floats
    mean: Floats
    log_root: float

    @classmethod
    def of(cls, columns: Columns, spreads: Floats) -> Prior:
        """Of these standard deviations."""
        deviation = np.where(columns.rest_spread < 0, 1.0, spreads[columns.rest_spread])
        mean = np.zeros(columns.n_rest)
        for span, (centre, wide) in zip(columns.spans, INTERCEPTS, strict=True):
            mean[span.stop - 1], deviation[span.stop - 1] = centre, wide
        own = spreads[columns.big_spread]
        return cls(1 / own**2, 1 / deviation**2, mean, float(np.log(deviation).sum()))

    def depth(self, big: Floats, rest: Floats) -> float:
        return 0.5 * float((big**2 @ self.big).sum()) + self.depth_of(rest)

    def depth_of(self, rest: Floats) -> float:
        return 0.5 * float((rest - self.mean) ** 2 @ self.rest)

    def pull(self, rest: Floats) -> Floats:
        """(n_rest,): the depth's slope."""
        return np.asarray((rest - self.mean) * self.rest)


def _more(damping: float) -> float:
    if damping > _MOST_DAMPING:
        raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)
    return max(1.0, 10 * damping)


def _first_rest(columns: Columns) -> Floats:
    rest = np.zeros(columns.n_rest)
    for span, (centre, _) in zip(columns.spans, INTERCEPTS, strict=True):
        rest[span.stop - 1] = centre
    return rest


def slopes_by(columns: Columns, slope: Floats) -> tuple[Floats, Floats]:
    """(employees, 3) and (n_rest,): the cells' slopes (3, cells) by each effect."""
    who = columns.tallies.codes["employee"]
    return slopes_of(slope, who, columns.of_cells, columns.kinds, columns.employees, columns.n_rest)


def _factorised(columns: Columns, bend: Bend, prior: Prior, damping: float) -> Information | None:
    who, employees = columns.tallies.codes["employee"], columns.employees
    block, across = of_employees(
        bend.weights, who, columns.of_cells, columns.kinds, employees, columns.n_rest
    )
    rows, which = columns.alike
    schur = of_rest(bend.weights, which, rows, columns.kinds, columns.n_rest)
    block += np.diag(prior.big + damping)
    np.einsum("ii->i", schur)[:] += prior.rest + damping
    try:
        root = np.linalg.inv(np.linalg.cholesky(block))
    except np.linalg.LinAlgError:
        return None
    whitened = root @ across
    flat = whitened.reshape(3 * employees, columns.n_rest)
    left = dsyrk(-1.0, flat.T, beta=1.0, c=schur.T, lower=1, overwrite_c=1)
    lower, broken = dpotrf(left, lower=1, clean=1)
    if broken:
        return None
    back = root.transpose(0, 2, 1)
    return Information(back @ root, back @ whitened, np.asarray(lower))
