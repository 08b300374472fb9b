"""How much of what is not known of an employee further contacts would tell, and how much they never would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.estimate import UNNAMED, Rated

_NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class Learning:
    """What marks of an employee's own contacts show, beside what is asked of them; all (employees,).

    told: the part of the variance of what is asked that knowing for certain what such marks show would take
    away. shown: the variance of what they show. information: of one contact. Logits squared and its inverse.
    """

    told: Floats
    shown: Floats
    information: Floats

    def of(self, positions: Ints) -> Learning:
        """Of some employees."""
        return Learning(self.told[positions], self.shown[positions], self.information[positions])

    def left(self, extra: Ints) -> Floats:
        """(employees,) part of the variance that is left after so many more contacts, 0-1."""
        noise = 1 / np.maximum(self.information * extra, _NEGLIGIBLE)
        return np.asarray(np.clip(1 - self.told * self.shown / (self.shown + noise), 0.0, 1.0))


def learning(
    rated: Rated, frame: pl.DataFrame, names: list[str], contacts: Ints, dispersion: float = 1.0
) -> Learning:
    """What contacts like those so far would tell, with as many marks.

    frame: employee, evaluator?, place?, the other facets of `rated`, and optionally `share`, how much a row
    counts. contacts: (employees,) of each, also those without such a row; of whom no row tells, contacts tell
    as much as the others'. A contact is marked by whoever marks at that place, and shows the employee's level
    less that severity: what is not known of it stays unknown, however many contacts there are.
    """
    # whom neither rating nor rows know, the same is asked of all: once, for many may be such
    marked = set(frame["employee"].drop_nulls().unique().to_list())
    known = [name for name in names if name in marked or name in rated.known]
    place = {name: row for row, name in enumerate(known)}
    each = _own(rated, frame, [*known, UNNAMED] if len(known) < len(names) else known)
    told, shown = (of[[place.get(name, len(known)) for name in names]] for of in each)
    return Learning(told, shown, _information(rated, frame, names, contacts) / dispersion)


def _own(rated: Rated, frame: pl.DataFrame, names: list[str]) -> tuple[Floats, Floats]:
    """(employees,) told and shown, as `Learning` has them."""
    mode = rated.posterior.centre
    asked = rated.people(names).with_intercept()
    eyes = _eyes(rated, frame, names)
    found = []
    for mine, seen_by in zip(asked.in_parts(), eyes.in_parts(), strict=True):
        part = _plus_standards(rated, mine) if rated.has("standard") else mine
        of_asked, of_shown, of_eyes = (x.variance(mode) for x in (part, part.plus(seen_by), seen_by))
        together = (of_asked + of_shown - of_eyes) / 2
        found.append((together**2 / np.maximum(of_asked * of_shown, _NEGLIGIBLE), of_shown))
    told, shown = zip(*found, strict=True) if found else ((), ())
    return np.concatenate([np.empty(0), *told]), np.concatenate([np.empty(0), *shown])


def _plus_standards(rated: Rated, asked: Contrasts) -> Contrasts:
    """And the mean of all standards."""
    first = rated.design.column_of("standard")
    columns = np.arange(first, first + len(rated.levels["standard"]))
    return asked.bent(np.ones(len(asked)), columns, np.full((len(asked), len(columns)), 1 / len(columns)))


def _eyes(rated: Rated, frame: pl.DataFrame, names: list[str]) -> Contrasts:
    """The evaluators that each employee may get: those who mark at their places, by their share of marks."""
    marked = frame.select("employee", "evaluator", pl.col("place").fill_null("")).drop_nulls("employee")
    places = marked["place"].unique().sort().to_list()
    at = {place: row for row, place in enumerate(places)}
    there = _eyes_at(rated, marked.drop_nulls("evaluator"), at)
    row_of = {name: row for row, name in enumerate(names)}
    counts = [row for row in marked.group_by("employee", "place").len().rows() if row[0] in row_of]
    rows = np.array([row_of[employee] for employee, _, _ in counts], dtype=np.int64)
    columns = np.array([at[place] for _, place, _ in counts], dtype=np.int64)
    marks = np.array([count for _, _, count in counts], dtype=np.float64)
    # who has no mark may get anybody
    others = np.flatnonzero(np.bincount(rows, minlength=len(names)) == 0)
    anybody = np.bincount(columns, marks, len(places))
    rows = np.append(rows, np.repeat(others, len(places)))
    columns = np.append(columns, np.tile(np.arange(len(places)), len(others)))
    marks = np.append(marks, np.tile(anybody, len(others)))
    marks /= np.maximum(np.bincount(rows, marks, len(names)), 1)[rows]
    return there.mixed(csr_array((marks, (rows, columns)), shape=(len(names), len(places))))


def _eyes_at(rated: Rated, marked: pl.DataFrame, at: dict[str, int]) -> Contrasts:
    """The evaluators of each place."""
    seen = marked.group_by("place", "evaluator").len().sort("place", "evaluator")
    part = seen.select(pl.col("len") / pl.col("len").sum().over("place")).to_series().to_numpy()
    rows = [at[place] for place in seen["place"]]
    return rated.made_of(len(at), ("evaluator", rows, seen["evaluator"].to_list(), part))


def _information(rated: Rated, frame: pl.DataFrame, names: list[str], contacts: Ints) -> Floats:
    """(employees,) of one contact; that of all together where nothing tells."""
    _, variance = rated.expected(frame)
    counts = pl.col("share") if "share" in frame.columns else pl.lit(1.0)
    own = frame.select("employee", own=pl.Series(variance) * counts).drop_nulls("employee")
    sums = dict(own.group_by("employee").agg(pl.col("own").sum()).rows())
    each = np.array([sums.get(name, 0.0) for name in names], dtype=np.float64)
    together = float(own["own"].sum()) / max(frame["contact"].n_unique(), 1)
    return np.where(each > 0, each / np.maximum(contacts, 1), together)
