"""Which effects each cell adds up, for the truth and for the detector's two kinds of error.

Truth: employee + standard + evaluator + place + intercept. Sensitivity and specificity, in logits each:
employee + standard + place + intercept, of which an employee's, a standard's and a place's spreads are
common to both: a detector that is biased against one employee or place is found out there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.combine.tallies import FACETS, Tallies
from gracja.engine.measure.design import Design
from gracja.engine.measure.priors import PRIOR_DEGREES, PRIOR_SCALES, Priors

# Scale in logits, and degrees of freedom, of how much a detector's errors differ. Wide between standards and
# places: sensitivity .73 against .88. Between employees about .5, .85 against .94, and hardly less than .15:
# a few reviews of each tell little of it, and where errors do differ intervals would be too short
# if it were likely that none do.
ERROR_PRIORS: Final = {"employee": (0.35, 3.0), "standard": (1.0, 1.0), "place": (1.0, 1.0)}
# Normal, of the logarithm of how much employees lean: the better may differ more among themselves than the
# worse, or less.
LEAN_DEVIATION: Final = 0.5
# Normal priors of the three intercepts: mean and deviation in logits. A detector that is used at all is
# mostly right; .1 to .995 lie within two deviations.
INTERCEPTS: Final = ((0.0, 3.0), (1.5, 1.5), (1.5, 1.5))


@dataclass(frozen=True)
class Columns:
    """Where each effect stands. Employees have three each (truth, sensitivity, specificity); the others
    stand in `rest`: of the truth first, then of sensitivity, then of specificity, intercepts last of each.
    """

    tallies: Tallies

    @property
    def employees(self) -> int:
        return len(self.tallies.levels["employee"])

    @cached_property
    def facets(self) -> tuple[tuple[str, ...], ...]:
        """Of the truth, of sensitivity and of specificity: those of more than one level, without employee."""
        many = tuple(name for name in FACETS[1:] if len(self.tallies.levels[name]) > 1)
        errors = tuple(name for name in many if name != "evaluator")
        return many, errors, errors

    @cached_property
    def spreads(self) -> tuple[tuple[str, str], ...]:
        """(of what, facet) of each standard deviation."""
        truth = (("truth", "employee"), *(("truth", name) for name in self.facets[0]))
        return (*truth, ("error", "employee"), *(("error", name) for name in self.facets[1]))

    @cached_property
    def priors(self) -> Priors:
        """Of each standard deviation."""
        of = [
            (PRIOR_SCALES[facet], PRIOR_DEGREES.get(facet, 1.0)) if kind == "truth" else ERROR_PRIORS[facet]
            for kind, facet in self.spreads
        ]
        scales, degrees = np.array(of).T
        return Priors(scales, degrees)

    @cached_property
    def spans(self) -> tuple[slice, slice, slice]:
        """Where in `rest` the columns of the truth and of the two errors stand."""
        sizes = [sum(len(self.tallies.levels[name]) for name in names) + 1 for names in self.facets]
        ends = np.cumsum(sizes)
        return slice(0, ends[0]), slice(ends[0], ends[1]), slice(ends[1], ends[2])

    @property
    def n_rest(self) -> int:
        return int(self.spans[2].stop)

    @cached_property
    def rest_spread(self) -> Ints:
        """(n_rest,): number of the standard deviation of each column, -1 of an intercept."""
        number = {spread: i for i, spread in enumerate(self.spreads)}
        found: list[int] = []
        for of, names in zip(("truth", "error", "error"), self.facets, strict=True):
            for name in names:
                found += [number[of, name]] * len(self.tallies.levels[name])
            found.append(-1)
        return np.array(found, dtype=np.int64)

    def of_truth(self, spreads: Floats) -> tuple[Floats, Floats]:
        """Standard deviations of the truth's facets, and of each of its columns, 1 of the intercept."""
        of_columns = self.rest_spread[self.spans[0]]
        return spreads[: 1 + len(self.facets[0])], np.where(of_columns < 0, 1.0, spreads[of_columns])

    @property
    def big_spread(self) -> Ints:
        """(3,): numbers of the standard deviations of an employee's three effects."""
        error = self.spreads.index(("error", "employee"))
        return np.array([0, error, error], dtype=np.int64)

    @cached_property
    def kinds(self) -> Ints:
        """(width,): to which of the three sums each of a cell's columns belongs."""
        return np.repeat(np.arange(3), [len(names) + 1 for names in self.facets])

    @cached_property
    def of_cells(self) -> Ints:
        """(cells, width): the columns in `rest` of each cell, -1 for what is not known."""
        codes, found = self.tallies.codes, []
        for names, span in zip(self.facets, self.spans, strict=True):
            first = span.start
            for name in names:
                found.append(np.where(codes[name] < 0, -1, first + codes[name]))
                first += len(self.tallies.levels[name])
            found.append(np.full(len(self.tallies.counts), first))
        return np.ascontiguousarray(np.stack(found, axis=1), dtype=np.int64)

    @cached_property
    def alike(self) -> tuple[Ints, Ints]:
        """(rows, width) different ones of `of_cells`, and (cells,) which of them each cell has."""
        rows, which = np.unique(self.of_cells, axis=0, return_inverse=True)
        return np.ascontiguousarray(rows), which.astype(np.int64)

    @cached_property
    def truth(self) -> Design:
        """The columns of the truth as the rating model has them, employees first."""
        names = ("employee", *self.facets[0])
        sizes = tuple(len(self.tallies.levels[name]) for name in names)
        columns = np.stack([self.tallies.codes[name] for name in names])
        columns = np.where(columns < 0, np.array(sizes)[:, None], columns)
        counts = self.tallies.counts
        met, seen = counts[:, [0, 2, 3, 6]].sum(axis=1), counts.sum(axis=1)
        return Design(met, seen, names, sizes, columns.astype(np.int32))
