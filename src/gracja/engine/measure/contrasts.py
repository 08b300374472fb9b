"""Linear contrasts of a model's effects: which columns, and how much of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from scipy.sparse import csr_array

from gracja.engine.measure import wide
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.design import Design
from gracja.engine.measure.solve import SMALL

_AT_ONCE = 4096
_WIDE_AT_ONCE = 8_000_000  # entries of the rest, if it were written out
_DENSE = 20_000_000  # entries of the rest up to which it is a plain array, of 160 MB

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
    has one level: sparse where it is large; rest: (subjects, n_rest) of the others, the intercept last:
    sparse where it is very large. less: (n_rest,) taken from every subject's rest, and kept apart where it is
    sparse, which it would fill.
    """

    big: Any
    rest: Any
    less: Floats | None = None

    def __len__(self) -> int:
        return int(self.rest.shape[0])

    @classmethod
    def of(cls, design: Design, matrix: Floats) -> Contrasts:
        """matrix: (subjects, columns)."""
        return cls(matrix[:, : design.n_big].copy(), matrix[:, design.n_big :].copy())

    @classmethod
    def of_entries(cls, design: Design, subjects: int, entries: Sequence[Entry]) -> Contrasts:
        """What has the same place is added."""
        row, column, amount = zip(*entries, strict=True) if entries else ((), (), ())
        places = np.array(row, dtype=np.int64), np.array(column, dtype=np.int64)
        return cls.placed(design, subjects, *places, np.array(amount, dtype=np.float64))

    @classmethod
    def placed(cls, design: Design, subjects: int, row: Ints, column: Ints, amount: Floats) -> Contrasts:
        """As `of_entries`: subject, column and how much of it, each (entries,)."""
        rest, sizes = column >= design.n_big, (design.n_big, design.n_rest)
        big, others = (
            csr_array((amount[own], (row[own], column[own] - first)), shape=(subjects, size))
            for own, first, size in zip((~rest, rest), (0, design.n_big), sizes, strict=True)
        )
        return cls(_plain_up_to(SMALL, big), _plain_up_to(_DENSE, others))

    def with_intercept(self) -> Contrasts:
        """The same, and the intercept once."""
        if isinstance(self.rest, np.ndarray):
            rest = self.rest.copy()
            rest[:, -1] = 1.0
            return replace(self, rest=rest)
        lacking = 1.0 - self.rest[:, [-1]].toarray()
        return replace(self, rest=_with_columns(self.rest, np.array([self.rest.shape[1] - 1]), lacking))

    def around_average(self) -> Contrasts:
        """Each without what all have of the rest on average."""
        average = np.asarray(self.rest.mean(axis=0))
        if isinstance(self.rest, np.ndarray):
            return replace(self, rest=self.rest - average)
        return replace(self, less=average)

    def plus(self, other: Contrasts) -> Contrasts:
        """The sum of both, subject by subject."""
        return Contrasts(_sum(self.big, other.big), _sum(self.rest, other.rest))

    def mixed(self, parts: Any) -> Contrasts:
        """Mixtures of these. parts: (mixtures, subjects) of each, sparse."""
        big, rest = self.big, self.rest
        if parts.shape[0] * big.shape[1] > SMALL:
            big = csr_array(big)
        if parts.shape[0] * rest.shape[1] > _DENSE:
            rest = csr_array(rest)
        return Contrasts(parts @ big, parts @ rest)

    def values(self, mode: Located) -> Floats:
        """(subjects,) in logits."""
        effects, n_big = mode.effects, self.big.shape[1]
        found = np.asarray(self.big @ effects[:n_big] + self.rest @ effects[n_big:])
        return found if self.less is None else found - self.less @ effects[n_big:]

    def bent(self, times: Floats, columns: Ints, amounts: Floats) -> Contrasts:
        """Each subject's row times a number (subjects,), and amounts (subjects, columns) added to columns of
        one facet.
        """
        assert self.less is None
        n_big, rest = self.big.shape[1], _by_row(self.rest, times)
        big = _by_row(self.big, times)
        if columns[0] >= n_big:
            return Contrasts(big, _with_columns(rest, columns - n_big, amounts))
        return Contrasts(_with_columns(big, columns, amounts), rest)

    def in_parts(self) -> Iterator[Contrasts]:
        """Some thousands of subjects each, or as many as may be written out."""
        step = int(np.clip(_WIDE_AT_ONCE // self.rest.shape[1], 1, _AT_ONCE))
        for first in range(0, len(self), step):
            some = slice(first, first + step)
            yield Contrasts(self.big[some], self.rest[some], self.less)

    def variance(self, mode: Located) -> Floats:
        """(subjects,) posterior variances at this mode."""
        return mode.factor.variance_of(*self._spherical(mode))

    def covariance(self, mode: Located) -> Floats:
        """(subjects, subjects) posterior covariance at this mode."""
        return mode.factor.covariance_of(*self._spherical(mode))

    def _spherical(self, mode: Located) -> tuple[Any, ...]:
        big, rest = self.big * mode.theta[0], self.rest
        if isinstance(rest, np.ndarray):
            return big, rest * mode.scale_rest
        less = np.zeros(rest.shape[1]) if self.less is None else self.less
        if isinstance(mode.factor, wide.Around):
            return big, csr_array(rest.multiply(mode.scale_rest)), less * mode.scale_rest
        return big, (rest.toarray() - less) * mode.scale_rest


def _plain_up_to(entries: int, matrix: Any) -> Any:
    return matrix if matrix.shape[0] * matrix.shape[1] > entries else matrix.toarray()


def _by_row(matrix: Any, times: Floats) -> Any:
    plain = isinstance(matrix, np.ndarray)
    return matrix * times[:, None] if plain else csr_array(matrix.multiply(times[:, None]))


def _with_columns(matrix: Any, columns: Ints, amounts: Floats) -> Any:
    """Amounts (rows, columns) added to some columns; a plain array is changed itself."""
    if isinstance(matrix, np.ndarray):
        matrix[:, columns] += amounts
        return matrix
    row = np.repeat(np.arange(len(amounts)), len(columns))
    more = (amounts.ravel(), (row, np.tile(columns, len(amounts))))
    return matrix + csr_array(more, shape=matrix.shape)


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one + other
    return csr_array(one) + csr_array(other)
