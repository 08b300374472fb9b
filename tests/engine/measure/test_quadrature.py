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


def integrals(met, seen, logits, spread):
    """Log-integral of one employee's marks; mean and deviation of the spherical effect."""
    at = logits[:, None] + spread * GRID
    heights = met @ log_expit(at) + (seen - met) @ log_expit(-at) - 0.5 * GRID**2
    weights = np.exp(heights - logsumexp(heights))
    mean = weights @ GRID
    total = logsumexp(heights) + np.log(GRID[1] - GRID[0]) - 0.5 * np.log(2 * np.pi)
    return total, mean, np.sqrt(weights @ GRID**2 - mean**2)


def heights_at(intercepts, met, who, each, spread):
    """Log-likelihood at each intercept of employees with so many marks each, their effects integrated."""
    kinds, number = np.unique(np.bincount(who, met), return_counts=True)
    return [
        sum(
            often * integrals(np.array([kind]), np.array([float(each)]), np.array([intercept]), spread)[0]
            for kind, often in zip(kinds, number, strict=True)
        )
        for intercept in intercepts
    ]


@pytest.mark.parametrize("spread", [0.1, 0.8, 2.5])
@pytest.mark.parametrize("each", [1, 3, 20])
def test_laplace_and_what_it_misses_are_the_integral_over_employees_and_intercept(spread, each):
    met, who = few_marks(each=each)
    design = make_design(met, {"employee": who})
    mode = find_mode(design, np.array([spread]))

    missed, matched = beyond_laplace(design, mode)

    intercepts = mode.intercept + np.linspace(-2, 2, 201)
    heights = heights_at(intercepts, met, who, each, spread)
    exact = logsumexp(heights) + np.log(intercepts[1] - intercepts[0])
    assert value_of(mode, "integrated") + missed == pytest.approx(exact, abs=0.15)
    weights = np.exp(heights - logsumexp(heights))
    assert matched.intercept == pytest.approx(weights @ intercepts, abs=0.1)


def test_each_employee_has_the_mean_and_deviation_of_their_own_integral():
    company = simulated_company(np.random.default_rng(2), Shape(40, 4, 3, 2, (1, 2), place_spread=0.5))
    facets = {name: getattr(company, name) for name in ("employee", "standard", "evaluator", "place")}
    design = make_design(company.met, facets)
    mode = find_mode(design, np.full(4, 0.7))

    missed, matched = beyond_laplace(design, mode)

    assert design.names[0] == "employee"
    assert missed > 0.1
    effects = np.append(matched.effects, 0.0)
    logits = np.full(len(design.met), matched.intercept)
    for name, levels in zip(design.names[1:], design.columns[1:], strict=True):
        logits += effects[design.column_of(name) + levels]
    for employee in range(40):
        own = design.columns[0] == employee
        _, mean, deviation = integrals(design.met[own], design.seen[own], logits[own], 0.7)
        assert matched.u_big[employee] == pytest.approx(mean, abs=0.01)
        assert matched.factor.d[employee] ** -0.5 == pytest.approx(deviation, abs=0.01)


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
            heights.append(value_of(mode, "integrated") + beyond_laplace(design, mode)[0])
        heights = np.array(heights) + 2 * np.log(spreads) - 0.5 * spreads**2
        weights = np.exp(heights - heights.max())
        exact.append(weights @ spreads / weights.sum())

    np.testing.assert_allclose(ours, exact, rtol=0.06)
    assert np.mean(laplace) < np.mean(exact)


def test_the_intercept_of_thousands_lies_where_the_exact_posterior_has_it_far_from_laplace():
    spread, each = 0.8, 3
    met, who = few_marks(employees=5_000, each=each)
    design = make_design(met, {"employee": who})
    mode = find_mode(design, np.array([spread]))

    missed, matched = beyond_laplace(design, mode)

    intercepts = mode.intercept + np.linspace(-0.2, 0.4, 121)
    heights = heights_at(intercepts, met, who, each, spread)
    weights = np.exp(heights - logsumexp(heights))
    deviation = np.sqrt(weights @ (intercepts - weights @ intercepts) ** 2)
    assert weights @ intercepts - mode.intercept > 3 * deviation
    assert matched.intercept == pytest.approx(weights @ intercepts, abs=0.05 * deviation)
    exact = logsumexp(heights) + np.log(intercepts[1] - intercepts[0])
    assert value_of(mode, "integrated") + missed == pytest.approx(exact, abs=0.05)


@pytest.mark.parametrize("spread", [0.5, 1.5, 3.0])
def test_marks_that_weigh_differently_are_the_same_integral(spread):
    random = np.random.default_rng(4)
    who, weights = np.repeat(np.arange(30), 6), random.choice([0.7, 1.4, 2.1], 180)
    standard = np.tile(np.arange(6), 30)
    design = make_design(random.random(180) < 0.8, {"who": who, "standard": standard}, weights)
    mode = find_mode(design, np.array([spread, 0.01]))

    _, matched = beyond_laplace(design, mode)

    for one in range(30):
        own = design.columns[0] == one
        logits = matched.intercept + matched.effects[design.n_big + design.columns[1][own]]
        _, mean, deviation = integrals(design.met[own], design.seen[own], logits, spread)
        assert matched.u_big[one] == pytest.approx(mean, abs=0.01)
        assert matched.factor.d[one] ** -0.5 == pytest.approx(deviation, abs=0.01)


def test_of_many_marks_nothing_is_missed():
    met, who = few_marks(each=200, employees=20)
    design = make_design(met, {"employee": who})

    assert not few_of_each(design)
    assert abs(beyond_laplace(design, find_mode(design, np.array([0.8])))[0]) < 0.05
