"""Simulated marks on a scale whose truth is known: what thresholds and intervals are checked against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gracja.engine.measure.cells import Floats, Ints


@dataclass(frozen=True)
class ScaleShape:
    """How large a company is, how its people differ (logits), and its scale: its slope, and its thresholds,
    one fewer than steps, which add up to 0.
    """

    employees: int = 12
    standards: int = 6
    evaluators: int = 5
    contacts: int = 8
    employee_spread: float = 0.5
    standard_spread: float = 0.7
    evaluator_spread: float = 0.4
    intercept: float = 0.6
    thresholds: tuple[float, ...] = (-1.0, -0.3, 0.4, 0.9)
    slope: float = 0.4


@dataclass(frozen=True)
class OnScale:
    """value: (marks,) shares of the steps, 0-1; codes of employee, standard, evaluator: (marks,). base:
    (employees,) true expected share over all standards alike, under an average evaluator.
    """

    value: Floats
    codes: dict[str, Ints]
    base: Floats


def simulated_steps(random: np.random.Generator, shape: ScaleShape) -> OnScale:
    """Each contact is marked on every standard by one evaluator."""
    employee = random.normal(0, shape.employee_spread, shape.employees)
    standard = random.normal(0, shape.standard_spread, shape.standards)
    severity = random.normal(0, shape.evaluator_spread, shape.evaluators)
    who = np.repeat(np.arange(shape.employees), shape.contacts)
    eye = random.integers(0, shape.evaluators, len(who))
    true = shape.intercept + employee[:, None] + standard
    chance = chances_of(true[who] - severity[eye][:, None], shape)
    drawn = (chance.cumsum(axis=-1) < random.random((*chance.shape[:-1], 1))).sum(axis=-1)
    top = len(shape.thresholds)
    codes = {
        "employee": np.repeat(who, shape.standards),
        "standard": np.tile(np.arange(shape.standards), len(who)),
        "evaluator": np.repeat(eye, shape.standards),
    }
    base = (chances_of(true, shape) @ (np.arange(top + 1) / top)).mean(axis=1)
    return OnScale(np.minimum(drawn, top).ravel() / top, codes, base)


def chances_of(logits: Floats, shape: ScaleShape) -> Floats:
    """(..., steps) probability of each step at these sums of effects."""
    steps = np.arange(len(shape.thresholds) + 1)
    sums = np.concatenate([[0.0], -np.cumsum(shape.thresholds)])
    raw = np.exp(steps * shape.slope * np.asarray(logits)[..., None] + sums)
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True))
