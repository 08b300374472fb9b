"""Fair estimates for employees, places, standards, parts and evaluators from coded marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import Design, make_design
from gracja.engine.measure.dispersion import overdispersion
from gracja.engine.measure.ordered import (
    OrderedDesign,
    OrderedPrediction,
    Scales,
    make_ordered,
    posterior_of_ordered,
)
from gracja.engine.measure.ordered.prediction import expectation
from gracja.engine.measure.ordered.solve import OrderedMode
from gracja.engine.measure.posterior import Mixture, Posterior, Prediction, posterior

FACETS = ("employee", "standard", "evaluator", "place")
UNNAMED = "\uffff"  # sorts behind every name, and is none


@dataclass(frozen=True)
class Rated:
    """A posterior with the names of its levels.

    levels: facet -> sorted names; a facet of one level is not in the design (it is the intercept's).
    places_of: employee -> {place: share of contacts}. employees_of: place -> employees seen there. steps,
    scales: of marks on ordered scales, and which standard has which; None where all are yes or no. mix_of:
    place -> {employee: share of its contacts}, of places where it is known.
    """

    posterior: Posterior
    levels: dict[str, list[str]]
    places_of: dict[str, dict[str, float]]
    employees_of: dict[str, list[str]]
    steps: OrderedDesign | None = None
    scales: Scales | None = None
    mix_of: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def design(self) -> Design:
        return self.posterior.design

    def has(self, facet: str) -> bool:
        return facet in self.design.names

    def column(self, facet: str, name: str) -> int | None:
        """Column of a level, or None where the facet is not in the design or the level was not seen."""
        position = self._positions[facet].get(name) if self.has(facet) else None
        return None if position is None else self.design.column_of(facet) + position

    @cached_property
    def _positions(self) -> dict[str, dict[str, int]]:
        return {facet: {name: i for i, name in enumerate(names)} for facet, names in self.levels.items()}

    @cached_property
    def known(self) -> frozenset[str]:
        """Employees of whom something is known: an effect of their own, or a place."""
        return frozenset([*(self.levels["employee"] if self.has("employee") else ()), *self.places_of])

    def people(self, employees: list[str]) -> Contrasts:
        """Each with their own places, by their share of contacts; no intercept."""
        homes = [
            (row, place, share)
            for row, employee in enumerate(employees)
            for place, share in self.places_of.get(employee, {}).items()
        ]
        count = len(employees)
        own: Placed = "employee", range(count), employees, np.ones(count)
        return self.made_of(count, own, _placed("place", homes))

    def members(self, place: str) -> dict[str, float]:
        """Employee -> how much they count at a place: their share of its contacts, or all alike."""
        there = self.employees_of.get(place, [])
        return self.mix_of.get(place) or dict.fromkeys(there, 1.0 / max(len(there), 1))

    def at_places(self, places: list[str]) -> Contrasts:
        """Each with the mean of its employees; no intercept."""
        there = [
            (row, employee, share)
            for row, place in enumerate(places)
            for employee, share in self.members(place).items()
        ]
        count = len(places)
        own: Placed = "place", range(count), places, np.ones(count)
        return self.made_of(count, own, _placed("employee", there))

    def levels_of(self, facet: str, names: list[str], sign: float = 1.0) -> Contrasts:
        """The effect of each level; no intercept."""
        count = len(names)
        return self.made_of(count, (facet, range(count), names, np.full(count, sign)))

    def nobody(self) -> Contrasts:
        """One average employee, at no place."""
        return self.made_of(1)

    def shares(self, contrasts: Contrasts, mix: dict[str, float] | None = None) -> Mixture:
        """Posterior of shares met: of the weighted standards in `mix`, or of the contrast alone. Of standards
        on a scale it is the share of their steps.
        """
        linear = contrasts.with_intercept()
        if mix and self.steps is not None and self.scales is not None:
            columns = [self.column("standard", name) for name in mix]
            return OrderedPrediction(
                self.steps,
                linear,
                np.array([-1 if column is None else column for column in columns]),
                np.array([self.scales.of.get(name, 0) for name in mix]),
                np.array(list(mix.values()), dtype=np.float64),
            ).of(self.posterior)
        if not mix or not self.has("standard"):
            return self.posterior.predict(Prediction(linear))
        items = [self.design.column_of("standard") + self._positions["standard"][name] for name in mix]
        return self.posterior.predict(Prediction(linear, tuple(items), tuple(mix.values())))

    def standards(self, names: list[str]) -> Mixture:
        """Posterior of each standard's share met, with an average employee and evaluator."""
        if self.steps is None:
            return self.shares(self.levels_of("standard", names))
        parts = [self.shares(self.nobody(), {name: 1.0}) for name in names]
        means, deviations = (
            np.concatenate([getattr(part, of) for part in parts], axis=1) for of in ("means", "deviations")
        )
        return Mixture(means, deviations, self.posterior.weights)

    def expected(self, frame: pl.DataFrame) -> tuple[Floats, Floats]:
        """(rows,) each mark's share as the posterior's centre expects it, and its variance."""
        mode = self.posterior.centre
        effects = mode.effects
        logits = effects[-1] + sum(effects_of(frame, self, effects).values(), np.zeros(len(frame)))
        if self.steps is None or self.scales is None:
            share = expit(logits)
            return share, share * (1 - share)
        scale = frame["standard"].replace_strict(self.scales.of, default=0, return_dtype=pl.Int64)
        return expectation(self.steps, cast("OrderedMode", mode), logits, scale.to_numpy())

    def contrasts(self, rows: Contrasts) -> Mixture:
        """Posterior of linear contrasts, in logits."""
        return self.posterior.predict(Prediction(rows))

    def made_of(self, subjects: int, *placed: Placed) -> Contrasts:
        """Contrasts of levels by name, without those that the design does not have."""
        parts = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))]
        for facet, rows, names, amounts in placed:
            if self.has(facet):
                at = (self._positions[facet].get(name, -1) for name in names)
                position = np.fromiter(at, np.int64, len(names))
                seen = position >= 0
                column = self.design.column_of(facet) + position
                parts.append((np.asarray(rows)[seen], column[seen], np.asarray(amounts)[seen]))
        row, column, amount = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Contrasts.placed(self.design, subjects, row, column, amount)


Placed = tuple[str, Sequence[int], Sequence[str], Floats]
"""Facet, and of each entry: its subject, the level's name and how much of it."""


def _placed(facet: str, entries: list[tuple[int, str, float]]) -> Placed:
    rows, names, amounts = zip(*entries, strict=True) if entries else ((), (), ())
    return facet, rows, names, np.array(amounts, dtype=np.float64)


def rate(
    frame: pl.DataFrame, facets: tuple[str, ...], dispersion: float = 1.0, scales: Scales | None = None
) -> Rated:
    """Rate the `value` of rows (with an optional `share`: how often each counts) by these facets.

    frame: contact, value, and a nullable name column for each facet. dispersion: at least 1; marks that hang
    together count for less. scales: which standards are marked on ordered scales; without, a value between 0
    and 1 is a share met.
    """
    if scales is not None and scales.among(frame["standard"].unique()):
        steps, levels = steps_of(frame, facets, scales, half_marks=1.0, dispersion=dispersion)
        return Rated(posterior_of_ordered(steps), levels, *whereabouts(frame), steps, scales)
    design, levels = design_of(frame, facets, half_marks=1.0, dispersion=dispersion)
    return Rated(posterior(design), levels, *whereabouts(frame))


def whereabouts(frame: pl.DataFrame) -> tuple[dict[str, dict[str, float]], dict[str, list[str]]]:
    """Employee -> {place: share of contacts}, and place -> employees seen there."""
    contacts = (
        frame.drop_nulls(["employee", "place"])
        .group_by("employee", "place")
        .agg(pl.col("contact").n_unique())
    )
    places_of: dict[str, dict[str, float]] = {}
    employees_of: dict[str, list[str]] = {}
    for employee, place, count in contacts.sort("employee", "place").rows():
        places_of.setdefault(employee, {})[place] = float(count)
        employees_of.setdefault(place, []).append(employee)
    for shares in places_of.values():
        total = sum(shares.values())
        shares.update({place: count / total for place, count in shares.items()})
    return places_of, employees_of


def attributable(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that a rating can rest on, with a level of their own for what is not named.

    A missing name is no average person: left at effect 0 it would hold the intercept at the level of those
    rows. Marks that belong to nobody (mostly absences that several shared) stay out where others are
    somebody's; rows without an evaluator or place share one unnamed level where others have a name.
    """
    if frame["employee"].null_count() < len(frame):
        frame = frame.filter(pl.col("employee").is_not_null())
    partly = [
        c for c in ("evaluator", "place") if c in frame.columns and 0 < frame[c].null_count() < len(frame)
    ]
    return frame.with_columns(pl.col(column).fill_null(UNNAMED) for column in partly)


def design_of(
    frame: pl.DataFrame, facets: tuple[str, ...], *, half_marks: float = 0.0, dispersion: float = 1.0
) -> tuple[Design, dict[str, list[str]]]:
    """Cells of these rows, and the sorted names behind the codes of each facet."""
    codes, levels = _coded(frame, facets)
    weights = _weights(frame) / dispersion
    return make_design(frame["value"].to_numpy(), codes, weights, half_marks=half_marks), levels


def steps_of(
    frame: pl.DataFrame,
    facets: tuple[str, ...],
    scales: Scales,
    *,
    half_marks: float = 0.0,
    dispersion: float = 1.0,
) -> tuple[OrderedDesign, dict[str, list[str]]]:
    """As `design_of`, of marks some of which are steps of a scale."""
    codes, levels = _coded(frame, facets)
    scale = frame["standard"].replace_strict(scales.of, default=0, return_dtype=pl.Int64).to_numpy()
    values, weights = frame["value"].to_numpy(), _weights(frame) / dispersion
    return make_ordered(values, codes, scale, scales.tops, weights, half_marks=half_marks), levels


def _coded(
    frame: pl.DataFrame, facets: tuple[str, ...]
) -> tuple[dict[str, NDArray[np.int64]], dict[str, list[str]]]:
    codes, levels = {}, {}
    for facet in facets:
        names = frame[facet].drop_nulls().unique().sort().to_list()
        levels[facet] = names
        if len(names) > 1:
            coded = frame[facet].replace_strict(names, range(len(names)), default=None, return_dtype=pl.Int64)
            codes[facet] = coded.fill_null(-1).to_numpy()
    return codes, levels


def _weights(frame: pl.DataFrame) -> Floats:
    return frame["share"].to_numpy() if "share" in frame.columns else np.ones(len(frame))


def dispersion_of(frame: pl.DataFrame, rated: Rated) -> float:
    """How much more the marks of one contact vary together than if they were independent; at least 1."""
    return overdispersion(frame, *rated.expected(frame))


def effects_of(frame: pl.DataFrame, rated: Rated, effects: Floats) -> dict[str, Floats]:
    """Facet -> (rows,) the effect in logits of each row's level, 0 where none is known.

    effects: (columns,) of the design.
    """
    found = {}
    for facet in rated.design.names:
        if facet in rated.levels:
            first = rated.design.column_of(facet)
            effect = dict(zip(rated.levels[facet], effects[first:], strict=False))
            own = frame[facet].replace_strict(effect, default=0.0, return_dtype=pl.Float64)
            found[facet] = own.to_numpy()
    return found
