"""Linear contrasts of a model's effects: which columns, and how much of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from scipy.sparse import csr_array

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.design import Design
from gracja.engine.measure.solve import SMALL

_AT_ONCE = 4096

Entry = tuple[int, int, float]
"""Subject, column of the design, and how much of it."""


class Around(Protocol):
    """What varies around a mode, asked in spherical effects: big (n, n_big), rest (n, n_rest)."""

    def variance_of(self, big: Any, rest: Floats) -> Floats:
        """(n,) variances."""

    def covariance_of(self, big: Any, rest: Floats) -> Floats:
        """(n, n) covariances."""


class Located(Protocol):
    """A mode of the effects: theta of each facet, the largest first; scale_rest: (n_rest,) theta of each
    other column, 1 for the intercept; effects: (columns,) in logits, the intercept last.
    """

    @property
    def theta(self) -> Floats:
        """(facets,)."""

    @property
    def scale_rest(self) -> Floats:
        """(n_rest,)."""

    @property
    def effects(self) -> Floats:
        """(columns,)."""

    @property
    def factor(self) -> Around:
        """What varies around it."""


@dataclass(frozen=True)
class Contrasts:
    """One for each subject, in logits. big: (subjects, n_big) of the largest facet, of which a subject mostly
    has one level: sparse where it is large; rest: (subjects, n_rest) of the others, the intercept last.
    """

    big: Any
    rest: Floats

    def __len__(self) -> int:
        return len(self.rest)

    @classmethod
    def of(cls, design: Design, matrix: Floats) -> Contrasts:
        """matrix: (subjects, columns)."""
        return cls(matrix[:, : design.n_big].copy(), matrix[:, design.n_big :].copy())

    @classmethod
    def of_entries(cls, design: Design, subjects: int, entries: Iterable[Entry]) -> Contrasts:
        """What has the same place is added."""
        rest, rows, columns, amounts = np.zeros((subjects, design.n_rest)), [], [], []
        for row, column, amount in entries:
            if column >= design.n_big:
                rest[row, column - design.n_big] += amount
            else:
                rows.append(row)
                columns.append(column)
                amounts.append(amount)
        placed = (np.array(amounts, dtype=np.float64), (rows, columns))
        big = csr_array(placed, shape=(subjects, design.n_big))
        return cls(big if subjects * design.n_big > SMALL else big.toarray(), rest)

    def with_intercept(self) -> Contrasts:
        """The same, and the intercept once."""
        rest = self.rest.copy()
        rest[:, -1] = 1.0
        return replace(self, rest=rest)

    def values(self, mode: Located) -> Floats:
        """(subjects,) in logits."""
        effects, n_big = mode.effects, self.big.shape[1]
        return np.asarray(self.big @ effects[:n_big] + self.rest @ effects[n_big:])

    def bent(self, times: Floats, columns: Ints, amounts: Floats) -> Contrasts:
        """Each subject's row times a number (subjects,), and amounts (subjects, columns) added to columns of
        one facet.
        """
        n_big, rest = self.big.shape[1], self.rest * times[:, None]
        if columns[0] >= n_big:
            rest[:, columns - n_big] += amounts
            return Contrasts(_by_row(self.big, times), rest)
        big = _by_row(self.big, times)
        if isinstance(big, np.ndarray):
            big[:, columns] += amounts
            return Contrasts(big, rest)
        subject = np.repeat(np.arange(len(self)), len(columns))
        more = csr_array((amounts.ravel(), (subject, np.tile(columns, len(self)))), shape=big.shape)
        return Contrasts(big + more, rest)

    def in_parts(self) -> Iterator[Contrasts]:
        """Some thousands of subjects each."""
        for first in range(0, len(self), _AT_ONCE):
            yield Contrasts(self.big[first : first + _AT_ONCE], self.rest[first : first + _AT_ONCE])

    def variance(self, mode: Located) -> Floats:
        """(subjects,) posterior variances at this mode."""
        return mode.factor.variance_of(*self._spherical(mode))

    def covariance(self, mode: Located) -> Floats:
        """(subjects, subjects) posterior covariance at this mode."""
        return mode.factor.covariance_of(*self._spherical(mode))

    def _spherical(self, mode: Located) -> tuple[Any, Floats]:
        return self.big * mode.theta[0], self.rest * mode.scale_rest


def _by_row(big: Any, times: Floats) -> Any:
    return big * times[:, None] if isinstance(big, np.ndarray) else csr_array(big.multiply(times[:, None]))
