"""Few marks of each employee: the integral over each one's effect against a fine grid."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_expit, logsumexp

from gracja.engine.measure import rating
from gracja.engine.measure.design import make_design
from gracja.engine.measure.objective import value_of
from gracja.engine.measure.posterior import posterior
from gracja.engine.measure.quadrature import beyond_laplace, few_of_each
from gracja.engine.measure.simulated import Shape, simulated_company
from gracja.engine.measure.solve import find_mode

GRID = np.linspace(-8, 8, 4_001)


def few_marks(seed: int = 1, employees: int = 200, each: int = 3):
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(employees), each)
    logits = 1 + 0.8 * random.normal(size=employees)[who]
    return (random.random(len(who)) < 1 / (1 + np.exp(-logits))).astype(float), who


@pytest.mark.parametrize("spread", [0.1, 0.8, 2.5])
@pytest.mark.parametrize("each", [1, 3, 20])
def test_laplace_and_what_it_misses_are_the_integral_over_each_employee(spread, each):
    met, who = few_marks(each=each)
    design = make_design(met, {"employee": who})
    mode = find_mode(design, np.array([spread]))

    of_each = np.bincount(who, met)[:, None]
    logits = mode.intercept + spread * GRID
    heights = of_each * log_expit(logits) + (each - of_each) * log_expit(-logits) - 0.5 * GRID**2
    exact = (logsumexp(heights, axis=1) + np.log(GRID[1] - GRID[0]) - 0.5 * np.log(2 * np.pi)).sum()

    assert value_of(mode, "nagq0") + beyond_laplace(design, mode) == pytest.approx(exact, rel=1e-5)


def test_other_facets_are_held_where_the_mode_has_them():
    company = simulated_company(np.random.default_rng(2), Shape(40, 4, 3, 2, (1, 2), place_spread=0.5))
    facets = {name: getattr(company, name) for name in ("employee", "standard", "evaluator", "place")}
    design = make_design(company.met, facets)
    mode = find_mode(design, np.full(4, 0.7))
    effects = np.append(mode.effects, 0.0)
    logits = np.full(len(design.met), mode.intercept)
    for name, levels in zip(design.names[1:], design.columns[1:], strict=True):
        logits += effects[design.column_of(name) + levels]

    missed = 0.0
    for employee in range(40):
        own = design.columns[0] == employee
        at = logits[own][:, None] + 0.7 * GRID
        told = design.met[own] @ log_expit(at) + (design.seen - design.met)[own] @ log_expit(-at)
        heights = told - 0.5 * GRID**2
        exact = logsumexp(heights) + np.log(GRID[1] - GRID[0]) - 0.5 * np.log(2 * np.pi)
        u = mode.u_big[employee]
        at_mode = logits[own] + 0.7 * u
        top = design.met[own] @ log_expit(at_mode) + (design.seen - design.met)[own] @ log_expit(-at_mode)
        missed += exact - (top - 0.5 * u**2 - 0.5 * np.log(mode.factor.d[employee]))

    assert design.names[0] == "employee"
    assert beyond_laplace(design, mode) == pytest.approx(missed, rel=1e-4)


def test_the_spread_of_employees_with_three_marks_each_is_that_of_the_exact_likelihood():
    laplace, ours, exact = [], [], []
    spreads = np.exp(np.linspace(np.log(0.02), np.log(3), 80))
    for seed in range(8):
        met, who = few_marks(seed)
        design = make_design(met, {"employee": who}, half_marks=1.0)
        laplace.append(rating.fit(met, {"employee": who}).theta["employee"])
        ours.append(posterior(design).theta["employee"])
        heights = []
        for spread in spreads:
            mode = find_mode(design, np.array([spread]))
            heights.append(value_of(mode, "integrated") + beyond_laplace(design, mode))
        heights = np.array(heights) + np.log(spreads) - 0.5 * spreads**2
        weights = np.exp(heights - heights.max())
        exact.append(weights @ spreads / weights.sum())

    np.testing.assert_allclose(ours, exact, rtol=0.13)
    assert np.mean(laplace) < np.mean(exact)


def test_of_many_marks_nothing_is_missed():
    met, who = few_marks(each=200, employees=20)
    design = make_design(met, {"employee": who})

    assert not few_of_each(design)
    assert abs(beyond_laplace(design, find_mode(design, np.array([0.8])))) < 0.05
