"""Where two facets have tens of thousands of levels, no matrix of one of them fits: conjugate gradients.

Two approximations, which results name (note `intervals_by_simulation`): standard deviations are held at their
highest point, where thousands of levels leave little doubt; and variances come from exact draws of the normal
around the mode, so that a standard error is itself known to 1 / sqrt(2 DRAWS), 5 %. The mode is exact. The
search for the standard deviations follows the exact gradient, its traces estimated from a few of such draws.
Source: Papandreou and Yuille (2010), Gaussian sampling by local perturbations, NIPS 23 (the draws).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, cg
from scipy.special import expit, log_expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.design import Design
from gracja.engine.measure.search import HIGHEST, LOWEST, seen_apart
from gracja.engine.measure.solve import cold_start

WIDEST: Final = 10_000
"""Columns besides the largest facet's up to which their matrix is factorised."""
DRAWS: Final = 200  # a standard error to 5 %
_FEW_DRAWS: Final = 30  # for the traces of thousands of levels
_DENSE: Final = 1_000  # a facet of fewer levels is taken whole by the preconditioner
_SEED: Final = 20_261_123  # the same marks give the same results
_MOST_STEPS, _MOST_HALVINGS, _MOST_GRADIENTS = 60, 30, 2_000
_NEGLIGIBLE_GAIN: Final = 1e-9
# Of log theta: steps between two points of the search, where it ends, and how many there are at most.
_LONGEST, _SETTLED, _MOST_POINTS = 1.0, 0.01, 40
_MODE_ERROR, _DRAW_ERROR = 1e-8, 1e-4  # relative, of a solution of conjugate gradients


@dataclass(frozen=True)
class Around:
    """Draws of what varies around a mode, spherical: big (n_big, DRAWS), rest (n_rest, DRAWS)."""

    big: Floats
    rest: Floats

    def variance_of(self, big: Any, rest: Floats) -> Floats:
        """(n,) of contrasts in spherical effects: big (n, n_big), sparse or not, rest (n, n_rest)."""
        return np.asarray(((big @ self.big + rest @ self.rest) ** 2).mean(axis=1))

    def covariance_of(self, big: Any, rest: Floats) -> Floats:
        """(n, n) of the same."""
        away = big @ self.big + rest @ self.rest
        return np.asarray(away @ away.T / away.shape[1])


@dataclass(frozen=True)
class WideMode:
    """theta: (facets,), the largest first; scale_rest: (n_rest,), 1 for the intercept; effects: (columns,) in
    logits, the intercept last.
    """

    theta: Floats
    scale_rest: Floats
    effects: Floats
    factor: Around


def wide_mode(design: Design, theta: Floats, draws: int = DRAWS, near: Floats | None = None) -> WideMode:
    """The mode for these standard deviations in logits (facets,), and draws of what varies around it.

    near: (columns,) effects in logits of a mode nearby. Raises EngineInputError: rating_did_not_converge.
    """
    crossed = _Crossed(design, theta)
    effects, weights = _climbed(crossed, near)
    found = _drawn(crossed, weights, draws)
    around = Around(found[: design.n_big], found[design.n_big :])
    return WideMode(theta, crossed.scale[design.n_big :], crossed.scale * effects, around)


def widest_fit(design: Design, scales: Floats) -> WideMode:
    """The mode at the highest standard deviations; scales: (facets,) of their half-normal priors, logits.

    Raises EngineInputError: rating_did_not_converge.
    """
    theta, near = seen_apart(design), None
    for _ in range(_MOST_POINTS):
        crossed = _Crossed(design, theta)
        effects, weights = _climbed(crossed, near)
        slope, curvature = _slope(crossed, effects, weights)
        near, relative = crossed.scale * effects, (theta / scales) ** 2
        step = np.clip((slope + 1 - relative) / (curvature + 2 * relative), -_LONGEST, _LONGEST)
        theta = np.clip(theta * np.exp(step), np.exp(LOWEST), np.exp(HIGHEST))
        if np.abs(step).max() < _SETTLED:
            return wide_mode(design, theta, near=near)
    raise EngineInputError("rating_did_not_converge", steps=_MOST_POINTS)


def _drawn(crossed: _Crossed, weights: Floats, draws: int) -> Floats:
    """(columns, draws) of the normal around a mode, spherical effects."""
    size, random = crossed.design.n_columns, np.random.default_rng(_SEED)
    solve, found = crossed.solver(weights), np.empty((size, draws))
    for number in range(draws):
        of_cells, own = random.normal(size=len(weights)), random.normal(size=size)
        own[-1] = 0.0  # nothing but the marks says what the intercept is
        found[:, number] = solve(crossed.gathered(np.sqrt(weights) * of_cells) + own, _DRAW_ERROR)
    return found


def _slope(crossed: _Crossed, effects: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """As `objective.height_at` has them, with variances of draws."""
    drawn, design = _drawn(crossed, weights, _FEW_DRAWS), crossed.design
    variance = np.zeros(len(weights))
    for draw in drawn.T:
        variance += crossed.logits(draw) ** 2 / _FEW_DRAWS
    share = expit(crossed.logits(effects))
    moved = crossed.solver(weights)(crossed.gathered(weights * (1 - 2 * share) * variance), _DRAW_ERROR)
    facet = np.repeat(np.arange(len(design.sizes)), design.sizes)

    def total(values: Floats) -> Floats:
        return np.bincount(facet, values[:-1], len(design.sizes)).astype(np.float64)

    known = np.array(design.sizes) - total((drawn**2).mean(axis=1))
    curvature = np.maximum(2 * known**2 / np.array(design.sizes), 1.0)
    return total(effects**2) - known - total(effects * moved), curvature


class _Crossed:
    """The cells as a sparse matrix, and the information of all columns as products with it."""

    def __init__(self, design: Design, theta: Floats) -> None:
        self.design, self.theta = design, theta
        self.scale = np.append(np.repeat(theta, design.sizes), 1.0)

    @cached_property
    def cells(self) -> Any:
        """(cells, columns): one where a cell has a column."""
        design = self.design
        firsts = np.concatenate([[0], np.cumsum(design.sizes)[:-1]])
        known = design.columns < np.array(design.sizes)[:, None]
        numbered = np.where(known, design.columns + firsts[:, None], -1)
        columns = np.append(numbered, np.full((1, numbered.shape[1]), design.n_columns - 1), axis=0).T
        used = columns >= 0
        ends = np.append(0, np.cumsum(used.sum(axis=1)))
        shape = (len(columns), design.n_columns)
        return csr_array((np.ones(ends[-1]), columns[used], ends), shape=shape)

    @cached_property
    def _gather(self) -> Any:
        return self.cells.T.tocsr()

    @cached_property
    def dense(self) -> Ints:
        """Columns of facets of few levels, and the intercept."""
        small = [size <= _DENSE and facet > 0 for facet, size in enumerate(self.design.sizes)]
        return np.flatnonzero(np.append(np.repeat(small, self.design.sizes), True))

    def logits(self, effects: Floats) -> Floats:
        """(cells,) of spherical effects."""
        return np.asarray(self.cells @ (self.scale * effects))

    def gathered(self, of_cells: Floats) -> Floats:
        """(columns,) sums of (cells,), as spherical effects see them."""
        return np.asarray(self.scale * (self._gather @ of_cells))

    def solver(self, weights: Floats) -> Any:
        """Information^-1 times a vector, at these weights (cells,) and to a relative error."""
        size, own = self.design.n_columns, np.ones(self.design.n_columns)
        own[-1] = 0.0
        diagonal = self.scale**2 * (self._gather @ weights) + own
        few = self.cells[:, self.dense]
        block = (few.T @ few.multiply(weights[:, None])).toarray()
        block *= np.outer(self.scale[self.dense], self.scale[self.dense])
        whole = cho_factor(block + np.diag(own[self.dense]))

        def product(vector: Floats) -> Floats:
            return self.gathered(weights * self.logits(vector)) + own * vector

        def near(vector: Floats) -> Floats:
            solved = vector / diagonal
            solved[self.dense] = cho_solve(whole, vector[self.dense])
            return np.asarray(solved)

        information = LinearOperator((size, size), matvec=product, dtype=np.float64)
        preconditioner = LinearOperator((size, size), matvec=near, dtype=np.float64)

        def solve(right: Floats, error: float) -> Floats:
            found, broken = cg(information, right, rtol=error, maxiter=_MOST_GRADIENTS, M=preconditioner)
            if broken:
                raise EngineInputError("rating_did_not_converge", steps=_MOST_GRADIENTS)
            return np.asarray(found)

        return solve


def _climbed(crossed: _Crossed, near: Floats | None) -> tuple[Floats, Floats]:
    """(spherical effects, (cells,) weights) at the mode: Newton's steps, halved where they overshoot. near:
    (columns,) effects in logits.
    """
    design = crossed.design
    effects = np.concatenate(cold_start(design, crossed.theta)) if near is None else near / crossed.scale
    height = _height(crossed, effects)
    for _ in range(_MOST_STEPS):
        expected = expit(crossed.logits(effects))
        weights = design.seen * expected * (1 - expected)
        slope = crossed.gathered(design.met - design.seen * expected)
        slope[:-1] -= effects[:-1]
        step = crossed.solver(weights)(slope, _MODE_ERROR)
        gain = float(slope @ step)
        if gain < _NEGLIGIBLE_GAIN:
            return effects, weights
        for _ in range(_MOST_HALVINGS):
            there = _height(crossed, effects + step)
            if there >= height - _NEGLIGIBLE_GAIN * (1 + abs(height)):
                break
            step = step / 2
        effects, height = effects + step, there
    raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)


def _height(crossed: _Crossed, effects: Floats) -> float:
    logits, design = crossed.logits(effects), crossed.design
    told = design.met @ log_expit(logits) + (design.seen - design.met) @ log_expit(-logits)
    return float(told) - 0.5 * float(effects[:-1] @ effects[:-1])
