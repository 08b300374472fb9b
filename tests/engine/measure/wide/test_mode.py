"""Two facets too wide for a matrix: conjugate gradients against the factorised matrix, where both can."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from gracja.engine.measure import wide
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import make_design
from gracja.engine.measure.posterior import Prediction, posterior_of
from gracja.engine.measure.simulated import Company, Shape, simulated_company
from gracja.engine.measure.solve import find_mode
from gracja.engine.measure.wide import crossed

THETA = {"employee": 0.5, "evaluator": 0.4, "standard": 1.0, "place": 0.3}


def company(employees: int = 300, evaluators: int = 200) -> Company:
    shape = Shape(employees, 12, evaluators, 6, (4, 8), place_spread=0.3)
    return simulated_company(np.random.default_rng(4), shape)


def facets(drawn: Company) -> dict[str, np.ndarray]:
    return {name: getattr(drawn, name) for name in THETA}


def test_the_mode_is_that_of_the_factorised_matrix():
    drawn = company()
    design = make_design(drawn.met, facets(drawn), half_marks=1.0)
    theta = np.array([THETA[name] for name in design.names])

    exact, found = find_mode(design, theta), wide.wide_mode(design, theta)

    np.testing.assert_allclose(found.effects, exact.effects, atol=1e-6)


def test_standard_errors_are_those_of_the_factorised_matrix_but_for_the_draws():
    drawn = company()
    design = make_design(drawn.met, facets(drawn), half_marks=1.0)
    theta = np.array([THETA[name] for name in design.names])
    exact, found = find_mode(design, theta), wide.wide_mode(design, theta)
    every = Contrasts.of(design, np.eye(design.n_columns))

    relative = np.sqrt(every.variance(found) / every.variance(exact))

    assert relative.mean() == pytest.approx(1.0, abs=0.015)
    assert relative.std() == pytest.approx(1 / np.sqrt(2 * wide.DRAWS), rel=0.25)
    apart = Contrasts.of(design, np.eye(1, design.n_columns) - np.eye(1, design.n_columns, 1))
    assert apart.covariance(found)[0, 0] == pytest.approx(apart.covariance(exact)[0, 0], rel=0.25)


@pytest.mark.parametrize("place", [-1, 0])
def test_a_company_of_many_evaluators_is_measured_and_its_intervals_cover(monkeypatch, place):
    drawn = company(500, 400)
    coded = facets(drawn)
    if place < 0:
        coded["place"] = np.full_like(drawn.place, -1)  # nothing known of any
    exact = posterior_of(drawn.met, coded)
    monkeypatch.setattr(wide, "WIDEST", 300)
    monkeypatch.setattr(crossed, "_DENSE", 100)

    found = posterior_of(drawn.met, coded)

    assert isinstance(found.modes[0], wide.WideMode)
    assert found.theta == pytest.approx(exact.theta, rel=0.2)  # of six places the mean is not the highest
    assert found.theta["employee"] == pytest.approx(exact.theta["employee"], rel=0.02)
    assert found.theta["evaluator"] == pytest.approx(exact.theta["evaluator"], rel=0.02)
    design = found.design
    people, standards = design.column_of("employee"), design.column_of("standard")
    entries = [(row, people + row, 1.0) for row in range(500)]
    entries += [(row, design.n_columns - 1, 1.0) for row in range(500)]
    if place == 0:
        first = design.column_of("place")
        entries += [(row, first + row % 6, 1.0) for row in range(500)]
    items = tuple(range(standards, standards + 12))
    shares = found.predict(Prediction(Contrasts.of_entries(design, 500, entries), items, (1.0,) * 12))
    low, high = expit(shares.quantile(0.025)), expit(shares.quantile(0.975))
    assert np.mean((low <= drawn.base) & (drawn.base <= high)) > 0.9
    assert np.mean(high - low) < 0.5
