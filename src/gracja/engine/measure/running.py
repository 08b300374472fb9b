"""Employees' measures kept up to date between two full fits, contact by contact.

What is fitted jointly (standards, evaluators, places, spreads) moves little with one contact and is held; so
only what is known of the employee beside it meets the new marks, and the uncertainty of what is held stays.
The full fit, nightly, replaces all of it. After 1 % new contacts the difference is a small part of a standard
error (tested).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, cast

import numpy as np
from scipy.special import expit, logit, ndtri

from gracja.engine.compiled import compiled
from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.combine.centre import Centre
from gracja.engine.measure.estimate import Rated
from gracja.engine.measure.ordered.held import HeldScales
from gracja.engine.measure.ordered.passes import chances
from gracja.engine.measure.priors import PRIOR_SCALES

_STEPS = 50
_SETTLED = 1e-10
_LEAST = 1e-9


class Measure(NamedTuple):
    """Of one employee, in logits against the average one: mean, standard error, and the part of that error
    which stays where all that they share with others is known.
    """

    mean: float
    error: float
    own_error: float


class Level(NamedTuple):
    """Where one employee's share stands, in logits, with its standard error."""

    at: float
    error: float


@dataclass
class Running:
    """Measures that move with each contact.

    known: employee -> measure; unknown: that of somebody the last fit has not seen. intercept, standards,
    evaluators, places: logits of the last fit, held, and scales: the steps of standards that have more than
    two; usual: employee -> logits of the places where they mostly work, which stand in their measure;
    common: employee -> standard error, in logits, of the share where their own effect is known. dispersion:
    at least 1, of marks that hang together. mix: standard -> how much it counts in the share; empty: all
    alike.
    """

    unknown: Measure
    intercept: float
    standards: dict[str, float]
    evaluators: dict[str, float]
    places: dict[str, float]
    dispersion: float = 1.0
    known: dict[str, Measure] = field(default_factory=dict)
    usual: dict[str, float] = field(default_factory=dict)
    common: dict[str, float] = field(default_factory=dict)
    scales: HeldScales = field(default_factory=HeldScales)
    mix: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, rated: Rated, dispersion: float = 1.0, mix: Mapping[str, float] | None = None) -> Running:
        """Where the last fit stands: of people's marks, of a detector's, or of people's beside a detector's
        (further marks are then people's, of contacts that the detector did not mark: of those that it did,
        half is known already).

        mix: as Running; of standards that the fit has seen.
        """
        modes = rated.posterior.modes
        effects = rated.posterior.weights @ np.stack([mode.effects for mode in modes])
        employees = rated.levels["employee"]
        places = _effects(rated, "place", effects)
        # A single employee stands in the intercept, and says nothing of how far others lie apart.
        spread = rated.posterior.theta.get("employee", PRIOR_SCALES["employee"])
        counted = dict(mix or dict.fromkeys(rated.levels["standard"], 1.0))
        running = cls(
            Measure(0.0, spread, spread),
            float(effects[-1]),
            _effects(rated, "standard", effects) or dict.fromkeys(rated.levels["standard"], 0.0),
            _effects(rated, "evaluator", effects),
            places,
            dispersion,
            scales=_held(rated),
            mix=counted,
        )
        if not employees:
            return running
        own_errors = _own_errors(rated, effects, spread, running.scales)
        measures = rated.contrasts(rated.people(employees))
        errors = np.maximum(measures.deviation, own_errors)
        for employee, *measure in zip(employees, measures.mean, errors, own_errors, strict=True):
            running.known[employee] = Measure(*map(float, measure))
            at = rated.places_of.get(employee, {})
            running.usual[employee] = sum(share * places.get(place, 0.0) for place, share in at.items())
        levels = rated.shares(rated.people(employees), counted)
        for employee, error in zip(employees, levels.deviation, strict=True):
            own = running._level(running.known[employee]).error
            running.common[employee] = float(np.sqrt(max(error**2 - own**2, 0.0)))
        return running

    def add(
        self,
        employee: str,
        marks: Mapping[str, float],
        *,
        evaluator: str | None = None,
        place: str | None = None,
    ) -> Measure:
        """The employee's measure after one more contact.

        marks: standard -> value in 0-1. Standards, evaluators and places that the last fit has not seen count
        as average ones. Raises EngineInputError: value_out_of_range.
        """
        for standard, value in marks.items():
            if not 0 <= value <= 1:
                raise EngineInputError("value_out_of_range", given=value, contact="", standard=standard)
        usual, before = self.usual.get(employee, 0.0), self.known.get(employee, self.unknown)
        here = self.intercept + self.evaluators.get(evaluator or "", 0.0)
        if place is not None:
            here += self.places.get(place, 0.0) - usual
        offset, value, worth = self._marks_before(before, usual)
        of = self.scales.of
        mean, own = _moved(
            before.mean,
            usual,
            max(self.unknown.own_error, _LEAST),
            np.array([offset, *[here + self.standards.get(name, 0.0) for name in marks]]),
            np.array([value, *marks.values()], dtype=np.float64),
            np.array([0, *[of.get(name, 0) for name in marks]]),
            np.array([worth] + [1 / self.dispersion] * len(marks)),
            self.scales.ladders,
        )
        shared = max(before.error**2 - before.own_error**2, 0.0)
        self.known[employee] = Measure(mean, math.sqrt(shared + own**2), own)
        return self.known[employee]

    def _marks_before(self, measure: Measure, usual: float) -> tuple[float, float, float]:
        """(offset, value, worth) of one mark of yes or no that stands for all that were: as much is known
        with it, the same is likeliest, and it weighs against what is far away as so many marks of such a
        share do. (A normal around the mode would let one bad visit undo a hundred good ones: the marks of
        somebody who meets nearly all of them tell little of how much better they are, and much of how much
        worse they are not.)
        """
        spread = max(self.unknown.own_error, _LEAST)
        told = max(1 / max(measure.own_error, _LEAST) ** 2 - 1 / spread**2, _LEAST)
        slope, at = float(self.scales.slopes[0]), self._level(measure).at
        met = 1 / (1 + math.exp(-at))
        worth = told / (slope**2 * met * (1 - met))
        value = met + (measure.mean - usual) / (spread**2 * worth * slope)
        return at / slope - measure.mean, value, worth

    def level(self, employee: str) -> Level:
        """Where the employee's share over the mix stands, under an average evaluator."""
        at, own = self._level(self.known.get(employee, self.unknown))
        common = self.common.get(employee, max(self.common.values(), default=0.0))
        return Level(at, float(np.hypot(own, common)))

    def share(self, employee: str, level: float = 0.95) -> tuple[float, float, float]:
        """(share met, low, high), 0-1: over the mix, under an average evaluator."""
        at, error = self.level(employee)
        reach = float(ndtri(0.5 + level / 2)) * error
        return float(expit(at)), float(expit(at - reach)), float(expit(at + reach))

    def _level(self, measure: Measure) -> Level:
        """The share over the mix, and what the employee's own error does to it."""
        share, rise = self.scales.mixed(measure.mean, *self._mixed)
        return Level(math.log(share / (1 - share)), rise / (share * (1 - share)) * measure.own_error)

    @cached_property
    def _mixed(self) -> tuple[Floats, Ints, Floats]:
        """(standards of the mix,) sums of effects without the employee, scales, weights that add up to 1."""
        mix = self.mix or dict.fromkeys(self.standards, 1.0) or {"": 1.0}
        effects = np.fromiter((self.standards.get(name, 0.0) for name in mix), np.float64, len(mix))
        weights = np.fromiter(mix.values(), np.float64, len(mix)) / sum(mix.values())
        return effects + self.intercept, self._scale_of(mix), weights

    def _scale_of(self, names: Mapping[str, float]) -> Ints:
        of = self.scales.of
        return np.fromiter((of.get(name, 0) for name in names), np.int64, len(names))


def moved_along(
    measured: tuple[float, float, float], before: Level, after: Level
) -> tuple[float, float, float]:
    """(share, low, high) of a result, 0-1, moved as its level did: by as many logits, and its interval made
    as much narrower. Without a new contact it is the result itself.
    """
    share, low, high = logit(np.clip(measured, 1e-9, 1 - 1e-9))
    at, narrower = share + after.at - before.at, after.error / before.error
    ends = at + np.array([0.0, low - share, high - share]) * narrower
    return tuple(map(float, expit(ends)))  # type: ignore[return-value]


@compiled()
def _moved(
    start: float,
    usual: float,
    spread: float,
    offsets: Any,
    values: Any,
    scales: Any,
    worths: Any,
    ladders: Any,
) -> Any:
    """(mode, deviation) of a normal that has met these marks, by Newton's steps: the height is concave."""
    precision = 1.0 / spread**2
    at, curve = start, precision
    chance = np.empty(ladders.tops.max() + 1)
    for _ in range(_STEPS):
        slope, curve = -(at - usual) * precision, precision
        for i in range(len(values)):
            steep, top = ladders.slopes[scales[i]], ladders.tops[scales[i]]
            chances(steep * (at + offsets[i]), top, ladders.firsts[scales[i]], ladders.sums, chance)
            expected, square = 0.0, 0.0
            for k in range(1, top + 1):
                expected += k * chance[k]
                square += k * k * chance[k]
            slope += worths[i] * steep * (values[i] * top - expected)
            curve += worths[i] * steep * steep * (square - expected * expected)
        step = slope / curve
        # A step longer than this overshoots where nearly all marks lie on one side.
        step = min(max(step, -2.0), 2.0)
        at += step
        if abs(step) < _SETTLED:
            break
    return at, 1.0 / np.sqrt(curve)


def _held(rated: Rated) -> HeldScales:
    if rated.steps is None or rated.scales is None:
        return HeldScales()
    return HeldScales.at(rated.posterior, rated.steps, rated.scales)


def _own_errors(rated: Rated, effects: Floats, spread: float, scales: HeldScales) -> Floats:
    """(employees,) standard errors with everything else held."""
    if not rated.has("employee"):
        alone = rated.contrasts(rated.nobody().with_intercept()).deviation
        return np.repeat(alone, len(rated.levels["employee"]))
    if rated.posterior.middle is not None:  # of draws, each of which holds everything else
        return np.sqrt(cast("Centre", rated.posterior.middle).factor.within.own)
    levels, told = _told_by_cells(rated, effects, scales)
    told = np.bincount(levels, told, minlength=len(rated.levels["employee"]) + 1)
    return np.asarray(1 / np.sqrt(1 / max(spread, 1e-9) ** 2 + told[:-1]))


def _told_by_cells(rated: Rated, effects: Floats, scales: HeldScales) -> tuple[Ints, Floats]:
    """(cells,) whose marks they are, and what they tell of that employee."""
    design, ordered = rated.design, rated.steps
    number = design.names.index("employee")
    if ordered is None:
        logits = np.full(len(design.met), effects[-1])
        for facet, levels in zip(design.names, design.columns, strict=True):
            first, size = design.column_of(facet), design.sizes[design.names.index(facet)]
            logits += np.append(effects[first : first + size], 0.0)[levels]
        met = expit(logits)
        return design.columns[number], design.seen * met * (1 - met)
    cells, size = ordered.steps, design.sizes[number]
    big, rest = np.append(effects[: design.n_big], 0.0), effects[design.n_big :]
    padded = np.append(rest, np.zeros(ordered.n_all + 1 - len(rest)))
    logits = big[cells.big] + padded[cells.columns].sum(axis=1)
    told = cells.weight * scales.told(logits, cells.scale)
    if number == 0:
        return cells.big, told
    columns = cells.columns[:, number - 1] - (design.column_of("employee") - design.n_big)
    return np.where((columns >= 0) & (columns < size), columns, size), told


def _effects(rated: Rated, facet: str, effects: Floats) -> dict[str, float]:
    if not rated.has(facet):
        return {}
    first = rated.design.column_of(facet)
    names = rated.levels[facet]
    return dict(zip(names, effects[first : first + len(names)].tolist(), strict=True))
