"""The information of crossed effects where it is too wide to be written out: to solve and to draw with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.linalg import cho_solve, cholesky

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.wide.crossed import Spherical
from gracja.engine.measure.wide.gradients import gradients, of_logarithm
from gracja.engine.measure.wide.passes import reduced, times, to_big, to_rest

PROBES: Final = 50
_AT_ONCE: Final = 10  # right sides for which one pass over the cells takes a step
_SEED: Final = 20_261_123  # the same marks give the same results
DRAW_ERROR: Final = 1e-4  # relative, of a solution of conjugate gradients


class Draws(NamedTuple):
    """Some draws of the normal: (columns, some) each. own: the levels' own part of what a draw solves; told:
    all of what it solves, the cells' part too.
    """

    own: Floats
    told: Floats
    drawn: Floats


class LogDeterminant(NamedTuple):
    """error: the standard error of its probes' mean."""

    value: float
    error: float


@dataclass(frozen=True)
class Information:
    """Of spherical effects at weights (cells,)."""

    spherical: Spherical
    weights: Floats

    @cached_property
    def diagonal(self) -> Floats:
        """(columns,); of the largest facet, whose block has nothing else, first."""
        of_cells = self.spherical.scale * self.spherical.gathered(self.weights)
        return np.asarray(self._own + of_cells)

    def solve(self, right: Floats, error: float) -> Floats:
        """Information^-1 times (columns, k), each to this relative error.

        Raises EngineInputError: rating_did_not_converge.
        """
        n_big, theta = self.spherical.design.n_big, self.spherical.theta[0]
        alone, shown = right[:n_big] / self._d[:, None], np.zeros((len(self._scale) + 1, right.shape[1]))
        to_rest(*self._cells, _with_none(theta * alone), shown)
        left = right[n_big:] - self._scale[:, None] * shown[:-1]
        found = gradients(self._product, self._near.solve, left, error).found
        back = np.zeros((n_big + 1, right.shape[1]))
        to_big(*self._cells, _with_none(self._scale[:, None] * found), back)
        return np.concatenate([alone - theta * back[:-1] / self._d[:, None], found])

    def draws(self, count: int) -> Iterator[Draws]:
        """Of the normal with this information, some at a time.

        Source: Papandreou and Yuille (2010), Gaussian sampling by local perturbations, NIPS 23.
        """
        random, root = np.random.default_rng(_SEED), np.sqrt(self.weights)
        for first in range(0, count, _AT_ONCE):
            own, told = np.empty((2, len(self._own), min(_AT_ONCE, count - first)))
            for one, all_told in zip(own.T, told.T, strict=True):
                of_cells = random.normal(size=len(root))
                one[:] = self._own * random.normal(size=len(one))
                all_told[:] = self.spherical.gathered(root * of_cells) + one
            yield Draws(own, told, self.solve(told, DRAW_ERROR))

    @cached_property
    def log_determinant(self) -> LogDeterminant:
        """By stochastic Lanczos quadrature: exactly of the largest facet's block and of the preconditioner;
        of what that leaves, along vectors of random signs. The trace of the same is known: what they say of
        it is taken as a control.

        Source: Ubaru, Chen, Saad (2017), SIAM J. Matrix Anal. Appl. 38:1075.
        """
        random, size, seen = np.random.default_rng(_SEED), len(self._scale), []
        for _ in range(0, PROBES, _AT_ONCE):
            signs = np.where(random.random((size, _AT_ONCE)) < 0.5, -1.0, 1.0)
            steps = gradients(self._product, self._near.solve, self._near.root(signs), DRAW_ERROR)
            seen += [(of_logarithm(*one), one[0][0] - 1) for one in steps.matrices()]
        logarithm, control = size * np.array(seen).T
        squares = float(control @ control)  # its mean is known: none
        left = logarithm - (float(control @ logarithm) / squares if squares > 0 else 0.0) * control
        value = float(np.log(self._d).sum()) + self._near.log_determinant + float(left.mean())
        return LogDeterminant(value, float(left.std(ddof=2) / np.sqrt(PROBES)))

    def _product(self, rest: Floats) -> Floats:
        """What is left when the largest facet is eliminated, times (n_rest, k)."""
        found = np.zeros((len(rest) + 1, rest.shape[1]))
        times(*self._cells, self._worth, _with_none(self._scale[:, None] * rest), found)
        return np.asarray(self._scale[:, None] * found[:-1] + self._own_rest[:, None] * rest)

    @property
    def _cells(self) -> tuple[Any, Any, Any]:
        crossed = self.spherical.crossed
        return crossed.starts, crossed.others, self.weights

    @property
    def _d(self) -> Floats:
        return self.diagonal[: self.spherical.design.n_big]

    @cached_property
    def _worth(self) -> Floats:
        """(n_big + 1,) of what a level shows the rest, how much it keeps for itself."""
        return np.append(self.spherical.theta[0] ** 2 / self._d, 0.0)

    @cached_property
    def _scale(self) -> Floats:
        return self.spherical.scale[self.spherical.design.n_big :]

    @cached_property
    def _own(self) -> Floats:
        """(columns,) what the levels have of themselves; nothing but the marks says what the intercept is."""
        return np.append(np.ones(self.spherical.design.n_columns - 1), float(self.spherical.held))

    @property
    def _own_rest(self) -> Floats:
        return self._own[self.spherical.design.n_big :]

    @cached_property
    def _near(self) -> _Near:
        crossed, scale = self.spherical.crossed, self._scale
        few = np.flatnonzero(crossed.dense >= 0)
        diagonal, block = np.zeros(len(scale) + 1), np.zeros((len(few), len(few)))
        reduced(*self._cells, self._worth, np.append(crossed.dense, -1), diagonal, block)
        whole = block * np.outer(scale[few], scale[few]) + np.diag(self._own_rest[few])
        return _Near(scale**2 * diagonal[:-1] + self._own_rest, few, cholesky(whole, lower=True))


@dataclass(frozen=True)
class _Near:
    """About what is left of the information: facets of few levels whole (few: their columns; whole: its lower
    root), of others the diagonal, alone: (n_rest,).
    """

    alone: Floats
    few: Ints
    whole: Floats

    def solve(self, rest: Floats) -> Floats:
        """Its inverse times (n_rest, k)."""
        solved = rest / self.alone[:, None]
        solved[self.few] = cho_solve((self.whole, True), rest[self.few])
        return np.asarray(solved)

    def root(self, rest: Floats) -> Floats:
        """Its root times (n_rest, k)."""
        found = np.sqrt(self.alone)[:, None] * rest
        found[self.few] = self.whole @ rest[self.few]
        return np.asarray(found)

    @property
    def log_determinant(self) -> float:
        others = np.delete(self.alone, self.few)
        return float(np.log(others).sum() + 2 * np.log(np.diagonal(self.whole)).sum())


def _with_none(values: Floats) -> Floats:
    """And a last row for levels that are not known."""
    return np.append(values, np.zeros((1, values.shape[1])), axis=0)
