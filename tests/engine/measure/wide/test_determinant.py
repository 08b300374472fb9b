"""The likelihood of a company too wide for a matrix: its determinant is estimated, and says how well."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.measure import rating, wide
from gracja.engine.measure.simulated import Shape, simulated_company
from gracja.engine.measure.wide import crossed
from gracja.engine.measure.wide.gradients import gradients, of_logarithm

THETA = {"employee": 0.5, "evaluator": 0.4, "standard": 1.0, "place": 0.3}


@pytest.fixture(scope="module")
def company():
    shape = Shape(600, 10, 300, 6, (3, 6), place_spread=0.3)
    drawn = simulated_company(np.random.default_rng(4), shape)
    some = np.random.default_rng(5).random(len(drawn.met)) < 0.4
    return drawn.met[some], {name: getattr(drawn, name)[some] for name in THETA}


@pytest.fixture
def too_wide(monkeypatch):
    monkeypatch.setattr(wide, "WIDEST", 100)
    monkeypatch.setattr(crossed, "_DENSE", 100)


def test_steps_of_conjugate_gradients_tell_the_logarithm_of_a_matrix():
    random = np.random.default_rng(2)
    root = random.normal(size=(30, 40))
    matrix, side = root @ root.T + np.eye(30), random.normal(size=(30, 1))
    values, vectors = np.linalg.eigh(matrix)
    logarithm = vectors @ np.diag(np.log(values)) @ vectors.T

    steps = gradients(lambda right: matrix @ right, np.copy, side, 1e-10)

    np.testing.assert_allclose(matrix @ steps.found, side, atol=1e-8)
    found = of_logarithm(*steps.matrices()[0]) * float((side**2).sum())
    assert found == pytest.approx((side.T @ logarithm @ side).item(), rel=1e-9)


@pytest.mark.parametrize("objective", ["nagq0", "integrated"])
@pytest.mark.parametrize("place", [0.3, 0.0])
def test_the_likelihood_is_the_exact_one_within_its_error(company, request, objective, place):
    theta = THETA | {"place": place}
    exact = rating.fit(*company, theta=theta, objective=objective)
    request.getfixturevalue("too_wide")

    found = rating.fit(*company, theta=theta, objective=objective)

    assert 0 < found.log_likelihood_error < 0.1
    assert found.log_likelihood() == pytest.approx(exact.log_likelihood(), abs=3 * found.log_likelihood_error)
    assert found.intercept == pytest.approx(exact.intercept, abs=1e-5)
    np.testing.assert_allclose(found.modes["evaluator"], exact.modes["evaluator"], atol=1e-5)
    elsewhere = THETA | {"employee": 0.6}
    assert found.log_likelihood(elsewhere) - found.log_likelihood() == pytest.approx(
        exact.log_likelihood(elsewhere) - exact.log_likelihood(), abs=3 * found.log_likelihood_error
    )


def test_the_optimum_is_as_high_as_the_exact_one(company, request):
    exact = rating.fit(*company)
    request.getfixturevalue("too_wide")

    found = rating.fit(*company)

    assert exact.log_likelihood() - 0.3 < exact.log_likelihood(found.theta)
    assert found.theta["employee"] == pytest.approx(exact.theta["employee"], rel=0.03)
    _, ours = found.contrast({"employee": np.eye(1, 600)}, intercept=1.0)
    _, theirs = exact.contrast({"employee": np.eye(1, 600)}, intercept=1.0)
    assert ours[0, 0] == pytest.approx(theirs[0, 0], rel=0.3)  # of 200 draws


def test_a_spread_that_is_not_there_is_none(too_wide):
    random = np.random.default_rng(3)
    met = np.tile([0.0, 1.0], 600)  # of every evaluator as often met as not
    facets = {"evaluator": np.repeat(np.arange(200), 6), "employee": random.integers(0, 150, 1200)}

    found = rating.fit(met, facets)

    assert found.theta["evaluator"] == 0.0
    assert found.modes["evaluator"] == pytest.approx(np.zeros(200))
