"""What is known of people, evaluators and standards together, and how one more review would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.contrasts import Contrasts, Entry, Located
from gracja.engine.measure.estimate import Rated
from gracja.engine.measure.planning.grounds import ASSUMED

_SPREADS: Final = {"employee": ASSUMED.employee, "place": ASSUMED.place, "evaluator": ASSUMED.evaluator}


@dataclass(frozen=True)
class Known:
    """One joint covariance, in logits squared, of employees at their places, evaluators and standards.

    spots: (employee, place or None) of the first rows; evaluators, standards: of those that follow, in this
    order. information: (spots,) of one whole review. mark: (spots, standards) of one mark. slope: (spots,)
    points of share for a logit. mix: (standards,) how much each counts in a spot's level; adds up to 1.
    """

    spots: tuple[tuple[str, str | None], ...]
    evaluators: tuple[str, ...]
    standards: tuple[str, ...]
    covariance: Floats
    information: Floats
    mark: Floats
    slope: Floats
    mix: Floats

    @property
    def of_evaluators(self) -> slice:
        return slice(len(self.spots), len(self.spots) + len(self.evaluators))

    @property
    def of_standards(self) -> slice:
        return slice(len(self.spots) + len(self.evaluators), len(self.covariance))


def known(
    rated: Rated,
    spots: Sequence[tuple[str, str | None]],
    evaluators: Sequence[str],
    *,
    marks_of_review: float,
    dispersion: float,
) -> Known:
    """At the standard deviations that the marks make likeliest. A level that no mark has shown yet varies on
    its own, by its facet's standard deviation (or, where that is not estimated, by the assumed one).
    """
    mode = rated.posterior.centre
    standards = tuple(rated.levels["standard"]) if rated.has("standard") else ()
    items = np.array([_column(rated, "standard", name) for name in standards], dtype=np.int64)
    base = mode.effects[-1] + mode.effects[items] if len(items) else mode.effects[-1:]
    mix = expit(base) * expit(-base)
    mix = np.asarray(mix / mix.sum())
    entries, alone = _entries(rated, spots, evaluators, items, mix)
    contrasts = Contrasts.of_entries(rated.design, len(spots) + len(evaluators) + len(items), entries)
    covariance = contrasts.covariance(mode)
    for rows, facet in alone:
        covariance[np.ix_(rows, rows)] += _variance(rated, mode, facet)
    level = contrasts.values(mode)[: len(spots)]
    around = (mode.effects[items] - mix @ mode.effects[items]) if len(items) else np.zeros(1)
    met = expit(level[:, None] + around)
    mark = np.asarray(met * (1 - met) / dispersion)
    slope = np.asarray((met * (1 - met)).mean(axis=1))
    information = np.asarray(marks_of_review * mark.mean(axis=1))
    return Known(tuple(spots), tuple(evaluators), standards, covariance, information, mark, slope, mix)


def _column(rated: Rated, facet: str, name: str) -> int:
    column = rated.column(facet, name)
    assert column is not None
    return column


def _entries(
    rated: Rated, spots: Sequence[tuple[str, str | None]], evaluators: Sequence[str], items: Ints, mix: Floats
) -> tuple[list[Entry], list[tuple[list[int], str]]]:
    """Entries of the rows, and the rows that share a level of which no mark tells."""
    entries: list[Entry] = []
    unseen: dict[tuple[str, str], list[int]] = {}

    def put(row: int, facet: str, name: str, amount: float) -> None:
        column = rated.column(facet, name)
        if column is None:
            unseen.setdefault((facet, name), []).append(row)
        else:
            entries.append((row, column, amount))

    intercept = rated.design.n_columns - 1
    for row, (employee, place) in enumerate(spots):
        entries.append((row, intercept, 1.0))
        put(row, "employee", employee, 1.0)
        if place is not None and rated.has("place"):
            put(row, "place", place, 1.0)
        entries.extend((row, int(column), float(share)) for column, share in zip(items, mix, strict=False))
    for row, evaluator in enumerate(evaluators, len(spots)):
        put(row, "evaluator", evaluator, -1.0)  # severity
    first = len(spots) + len(evaluators)
    entries.extend((row, int(column), 1.0) for row, column in enumerate(items, first))
    return entries, [(rows, facet) for (facet, _), rows in unseen.items()]


def _variance(rated: Rated, mode: Located, facet: str) -> float:
    if rated.has(facet):
        return float(mode.theta[rated.design.names.index(facet)] ** 2)
    return _SPREADS[facet] ** 2
