"""How exactly a design of so many contacts, reviews and evaluators would measure an employee.

Every employee has as many contacts, each is marked on all standards, evaluators share the work evenly. With
sigma^2 the error of an employee's own marks and tau the spread of employees, the posterior variance of an
employee's level is B sigma^2 + (1 - B)^2 (variance of the mean they are drawn to) + theta_v^2 / J, where
B = tau^2 / (tau^2 + sigma^2): the common severity of the J evaluators there are stays unknown however many
contacts are read. What the marks leave open of tau and theta_v is integrated over, as measuring does.
Source: Searle, Casella, McCulloch (1992), Variance Components, chapter 3 (balanced designs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr, ndtri

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.planning.grounds import MASSES, NODES, Grounds
from gracja.engine.measure.priors import Priors

_GRID: Final = np.geomspace(0.02, 3.0, 28)
_LEAST_SPREAD: Final = 1e-3
LEVEL: Final = 0.95
ASSURANCE: Final = 0.8


@dataclass(frozen=True)
class Effort:
    """contacts: of each employee. reviews: of each contact, by different evaluators. evaluators: how many."""

    contacts: int
    evaluators: int
    reviews: int = 1

    def __post_init__(self) -> None:
        if not (self.contacts >= 1 and 1 <= self.reviews <= self.evaluators):
            raise EngineInputError("plan_effort_range", contacts=self.contacts, evaluators=self.evaluators)


def half_width(grounds: Grounds, effort: Effort, *, level: float = LEVEL) -> float:
    """Half of the interval of an employee's base, as a share 0-1; the mean over employees."""
    at = grounds.intercept + grounds.employee * NODES
    variances, weights = _spread(grounds, effort, at)
    deviations = np.sqrt(variances)
    low, high = np.zeros(len(at)), 8 * deviations.max(axis=0)
    for _ in range(40):
        middle = (low + high) / 2
        under = np.tensordot(weights, ndtr(middle / deviations), 1) < (1 + level) / 2
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return float((grounds.share_at(at + high) - grounds.share_at(at - high)) / 2 @ MASSES)


def power_to_tell_apart(
    grounds: Grounds, effort: Effort, low: float, high: float, *, level: float = LEVEL
) -> float:
    """Probability that the interval of the difference of two employees leaves out 0, and on the right side.

    low, high: the shares that they truly meet, 0-1. Both are read by the same evaluators, so that severity
    falls out of the difference.
    """
    at = np.array([grounds.level_of(low), grounds.level_of(high)])
    own = _own_variance(grounds, effort, at)
    kept = _kept(grounds, effort, own)
    expected = grounds.intercept + kept * (at - grounds.intercept)
    drawn_to = (kept[0] - kept[1]) ** 2 * _mean_variance(grounds, own).mean()
    posterior = np.sqrt((kept * own).sum() + drawn_to)
    drawn = np.sqrt((kept**2 * own).sum())
    needed = float(ndtri((1 + level) / 2)) * posterior
    return float(ndtr((expected[1] - expected[0] - needed) / drawn))


def power_to_grade(
    grounds: Grounds, effort: Effort, share: float, bound: float, *, assurance: float = ASSURANCE
) -> float:
    """Probability that it becomes known on which side of a bound an employee lies, and the right one.

    share: what the employee truly meets; bound: the level of the grade; both 0-1. Known: with `assurance`.
    """
    at, edge = np.array([grounds.level_of(share)]), grounds.level_of(bound)
    own = _own_variance(grounds, effort, at)
    kept, common = _kept(grounds, effort, own), _severity_left(grounds, effort)
    expected = grounds.intercept + kept * (at - grounds.intercept)
    drawn_to = (1 - kept) ** 2 * _mean_variance(grounds, own)
    posterior = np.sqrt(kept * own + drawn_to + common)
    # the evaluators there are happen to be as strict as they are: what nobody can see moves the estimate
    drawn = np.sqrt(kept**2 * own + drawn_to + grounds.evaluator**2 / effort.evaluators)
    distance = expected - edge if share >= bound else edge - expected
    return float(ndtr((distance - ndtri(assurance) * posterior) / drawn)[0])


def _own_variance(grounds: Grounds, effort: Effort, at: Floats) -> Floats:
    """Error of an employee's own marks at these levels, in logits squared.

    A second evaluator of the same contact tells what the first one overlooked, and nothing of other contacts.
    Whose evaluators happen to be stricter than the others' is told by marks too, with an error of its own.
    """
    marks = _marks_variance(grounds, effort, at)
    error = _severity_error(grounds, effort)
    left = error * grounds.evaluator**2 / (error + max(grounds.evaluator, _LEAST_SPREAD) ** 2)
    uneven = (1 - 1 / effort.evaluators) / (effort.contacts * effort.reviews)
    return np.asarray(marks + uneven * left)


def _marks_variance(grounds: Grounds, effort: Effort, at: Floats) -> Floats:
    together = (grounds.dispersion - 1) / max(grounds.standards - 1, 1)
    alone = (1 + (effort.reviews - 1) * grounds.repeat) / effort.reviews
    each = alone + (grounds.standards - 1) * together
    return np.asarray(each / (effort.contacts * grounds.standards * grounds.slope_at(at)))


def _severity_error(grounds: Grounds, effort: Effort) -> float:
    """Of what the marks of one evaluator tell of their severity beside the others', in logits squared."""
    typical = _marks_variance(grounds, effort, np.array([grounds.intercept]))[0]
    return float(typical) * effort.evaluators / grounds.employees


def _mean_variance(grounds: Grounds, own: Floats) -> Floats:
    """Of the mean that an employee is drawn to: of their place, itself drawn to the company's."""
    each = grounds.employee**2 + own
    if grounds.places == 1:
        return np.asarray(each / grounds.employees)
    there = max(grounds.employees / grounds.places, 1.0)
    return np.asarray(1 / (there / each + 1 / max(grounds.place, _LEAST_SPREAD) ** 2))


def _spread(grounds: Grounds, effort: Effort, at: Floats) -> tuple[Floats, Floats]:
    """(points, levels) posterior variances and (points,) weights, over the spreads that are possible."""
    own = _own_variance(grounds, effort, at)
    employee, evaluator = _possible_employees(grounds, effort), _possible_severities(grounds, effort)
    tau = _GRID[:, None] ** 2
    kept = tau / (tau + own)
    drawn_to = (1 - kept) ** 2 * _mean_variance(grounds, own)
    alone = kept * own + drawn_to
    common = _GRID**2 / effort.evaluators
    variances = (alone[:, None, :] + common[None, :, None]).reshape(-1, len(at))
    return variances, np.outer(employee, evaluator).ravel()


def _kept(grounds: Grounds, effort: Effort, own: Floats) -> Floats:
    """How much of an employee's own mean their estimate keeps."""
    tau = _GRID[:, None] ** 2
    return np.asarray(_possible_employees(grounds, effort) @ (tau / (tau + own)))


def _severity_left(grounds: Grounds, effort: Effort) -> float:
    """What stays unknown of the evaluators' common severity, in logits squared."""
    return float(_possible_severities(grounds, effort) @ _GRID**2) / effort.evaluators


def _possible_employees(grounds: Grounds, effort: Effort) -> Floats:
    """(grid,) weights of the employees' spread."""
    typical = float(_own_variance(grounds, effort, np.array([grounds.intercept]))[0])
    return _possible(grounds.employee, typical, grounds.employees, "employee")


def _possible_severities(grounds: Grounds, effort: Effort) -> Floats:
    """(grid,) weights of the evaluators' spread."""
    error = _severity_error(grounds, effort)
    return _possible(grounds.evaluator, error, effort.evaluators, "evaluator")


def _possible(spread: float, error: float, levels: int, facet: str) -> Floats:
    """(grid,) weights of the spreads that so many levels, of this spread, would leave possible."""
    prior = Priors.of([facet])
    total = _GRID**2 + error
    log_weight = -(levels - 1) / 2 * (np.log(total) + (spread**2 + error) / total)
    log_weight += [prior.log_density(tau) for tau in _GRID[:, None]]
    weights = np.exp(log_weight - log_weight.max())
    return np.asarray(weights / weights.sum())
