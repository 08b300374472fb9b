"""Employees' measures kept up to date between two full fits, contact by contact.

What is fitted jointly (standards, evaluators, places, spreads) moves little with one contact and is held; so
only what is known of the employee beside it meets the new marks, and the uncertainty of what is held stays.
The full fit, nightly, replaces all of it. After 1 % new contacts the difference is a small part of a standard
error (tested).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit, logit, ndtri

from gracja.engine.compiled import compiled
from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.estimate import Rated
from gracja.engine.measure.posterior import PRIOR_SCALES
from gracja.engine.measure.solve import Mode
from gracja.engine.measure.wide import WideMode

_STEPS = 50
_SETTLED = 1e-10


class Measure(NamedTuple):
    """Of one employee, in logits against the average one: mean, standard error, and the part of that error
    which stays where all that they share with others is known.
    """

    mean: float
    error: float
    own_error: float


@dataclass
class Running:
    """Measures that move with each contact.

    known: employee -> measure; unknown: that of somebody the last fit has not seen. intercept, standards,
    evaluators, places: logits of the last fit, held; usual: employee -> logits of the places where they
    mostly work, which stand in their measure; common: employee -> standard error, in logits, of the share of
    all standards where their own effect is known. dispersion: at least 1, of marks that hang together.
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

    @classmethod
    def of(cls, rated: Rated, dispersion: float = 1.0) -> Running:
        """Where the last fit stands, of people's marks or of a detector's; not of both in one likelihood,
        whose marks are not all worth the same, and not of steps of scales.

        Raises EngineInputError: running_of_yes_or_no.
        """
        if not all(isinstance(mode, Mode | WideMode) for mode in rated.posterior.modes):
            raise EngineInputError("running_of_yes_or_no")
        effects = rated.posterior.weights @ np.stack([mode.effects for mode in rated.posterior.modes])
        employees = rated.levels["employee"]
        measures = rated.contrasts(rated.people(employees))
        places = _effects(rated, "place", effects)
        # A single employee stands in the intercept, and says nothing of how far others lie apart.
        spread = rated.posterior.theta.get("employee", PRIOR_SCALES["employee"])
        running = cls(
            Measure(0.0, spread, spread),
            float(effects[-1]),
            _effects(rated, "standard", effects),
            _effects(rated, "evaluator", effects),
            places,
            dispersion,
        )
        own_errors = _own_errors(rated, effects, spread)
        errors = np.maximum(measures.deviation, own_errors)
        for employee, *measure in zip(employees, measures.mean, errors, own_errors, strict=True):
            running.known[employee] = Measure(*map(float, measure))
            at = rated.places_of.get(employee, {})
            running.usual[employee] = sum(share * places.get(place, 0.0) for place, share in at.items())
        levels = rated.shares(rated.people(employees), dict.fromkeys(rated.levels["standard"], 1.0))
        for employee, error in zip(employees, levels.deviation, strict=True):
            own = running._level(running.known[employee])[1]
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
        values = np.fromiter(marks.values(), np.float64, len(marks))
        if not ((values >= 0) & (values <= 1)).all():
            standard, value = next((s, v) for s, v in marks.items() if not 0 <= v <= 1)
            raise EngineInputError("value_out_of_range", given=value, contact="", standard=standard)
        here = self.intercept + self.evaluators.get(evaluator or "", 0.0)
        if place is not None:
            here += self.places.get(place, 0.0) - self.usual.get(employee, 0.0)
        offsets = np.fromiter(
            (here + self.standards.get(name, 0.0) for name in marks), np.float64, len(marks)
        )
        before = self.known.get(employee, self.unknown)
        mean, own = _moved(before.mean, max(before.own_error, 1e-9), offsets, values, 1 / self.dispersion)
        shared = max(before.error**2 - before.own_error**2, 0.0)
        self.known[employee] = Measure(float(mean), float(np.sqrt(shared + own**2)), float(own))
        return self.known[employee]

    def share(self, employee: str, level: float = 0.95) -> tuple[float, float, float]:
        """(share met, low, high), 0-1: of all standards alike, under an average evaluator."""
        at, own = self._level(self.known.get(employee, self.unknown))
        common = self.common.get(employee, max(self.common.values(), default=0.0))
        reach = float(ndtri(0.5 + level / 2) * np.hypot(own, common))
        return float(expit(at)), float(expit(at - reach)), float(expit(at + reach))

    def _level(self, measure: Measure) -> tuple[float, float]:
        """The share of all standards alike in logits, and what the employee's own error does to it."""
        met = expit(np.array(list(self.standards.values()) or [0.0]) + self.intercept + measure.mean)
        share = float(met.mean())
        bend = float((met * (1 - met)).mean()) / (share * (1 - share))
        return float(logit(share)), bend * measure.own_error


@compiled()
def _moved(mean: float, error: float, offsets: Any, values: Any, worth: float) -> Any:
    """(mode, deviation) of a normal that has met these marks, by Newton's steps: the height is concave."""
    precision = 1.0 / error**2
    at, curve = mean, precision
    for _ in range(_STEPS):
        slope, curve = -(at - mean) * precision, precision
        for i in range(len(values)):
            met = 1.0 / (1.0 + np.exp(-(at + offsets[i])))
            slope += worth * (values[i] - met)
            curve += worth * met * (1.0 - met)
        step = slope / curve
        # A step longer than this overshoots where nearly all marks lie on one side.
        step = min(max(step, -2.0), 2.0)
        at += step
        if abs(step) < _SETTLED:
            break
    return at, 1.0 / np.sqrt(curve)


def _own_errors(rated: Rated, effects: Floats, spread: float) -> Floats:
    """(employees,) standard errors with everything else held."""
    design = rated.design
    if not rated.has("employee"):
        alone = rated.contrasts(rated.nobody().with_intercept()).deviation
        return np.repeat(alone, len(rated.levels["employee"]))
    logits = np.full(len(design.met), effects[-1])
    for facet, levels in zip(design.names, design.columns, strict=True):
        first, size = design.column_of(facet), design.sizes[design.names.index(facet)]
        logits += np.append(effects[first : first + size], 0.0)[levels]
    met = expit(logits)
    number = design.names.index("employee")
    told = np.bincount(
        design.columns[number], design.seen * met * (1 - met), minlength=design.sizes[number] + 1
    )
    return np.asarray(1 / np.sqrt(1 / max(spread, 1e-9) ** 2 + told[:-1]))


def _effects(rated: Rated, facet: str, effects: Floats) -> dict[str, float]:
    if not rated.has(facet):
        return {}
    first = rated.design.column_of(facet)
    names = rated.levels[facet]
    return dict(zip(names, effects[first : first + len(names)].tolist(), strict=True))
