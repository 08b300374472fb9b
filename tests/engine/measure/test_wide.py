"""Two facets too wide for a matrix: conjugate gradients against the factorised matrix, where both can."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import crossed, rating, wide
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import make_design
from gracja.engine.measure.posterior import Prediction, _Spreads, posterior_of
from gracja.engine.measure.priors import Priors
from gracja.engine.measure.search import climb
from gracja.engine.measure.simulated import Company, Shape, simulated_company
from gracja.engine.measure.solve import find_mode

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

    exact, wide_mode = find_mode(design, theta), wide.wide_mode(design, theta, draws=1)

    np.testing.assert_allclose(wide_mode.effects, exact.effects, atol=1e-6)


def test_standard_errors_are_those_of_the_factorised_matrix_but_for_the_draws():
    drawn = company()
    design = make_design(drawn.met, facets(drawn), half_marks=1.0)
    theta = np.array([THETA[name] for name in design.names])
    exact, wide_mode = find_mode(design, theta), wide.wide_mode(design, theta)
    every = Contrasts.of(design, np.eye(design.n_columns))

    relative = np.sqrt(every.variance(wide_mode) / every.variance(exact))

    assert relative.mean() == pytest.approx(1.0, abs=0.015)
    assert relative.std() == pytest.approx(1 / np.sqrt(2 * wide.DRAWS), rel=0.25)
    apart = Contrasts.of(design, np.eye(1, design.n_columns) - np.eye(1, design.n_columns, 1))
    assert apart.covariance(wide_mode)[0, 0] == pytest.approx(apart.covariance(exact)[0, 0], rel=0.25)


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


def test_spreads_of_sparse_marks_of_three_wide_facets_are_found_from_all_of_them(monkeypatch):
    random = np.random.default_rng(7)
    people, eyes, places = 1_500, 600, 400
    who = np.repeat(np.arange(people), 8)
    coded = {
        "employee": who,
        "evaluator": random.integers(0, eyes, len(who)),
        "place": (who % places),
    }
    spreads = {"employee": 0.6, "evaluator": 0.5, "place": 0.4}
    logits = 0.5 + sum(
        spreads[name] * random.normal(size=codes.max() + 1)[codes] for name, codes in coded.items()
    )
    met = (random.random(len(who)) < expit(logits)).astype(float)
    exact = posterior_of(met, coded)
    monkeypatch.setattr(wide, "WIDEST", 500)

    found = posterior_of(met, coded)

    assert isinstance(found.modes[0], wide.WideMode)
    assert found.theta == pytest.approx(exact.theta, rel=0.08)


def test_the_objective_of_such_a_design_is_refused_with_what_to_do(monkeypatch):
    drawn = company(30, 20)
    monkeypatch.setattr(rating, "WIDEST", 10)

    with pytest.raises(EngineInputError) as refused:
        rating.fit(drawn.met, facets(drawn))

    assert refused.value.code == "rating_too_wide"


def test_three_marks_of_each_do_not_make_everybody_alike():
    """Where hardly anything is known of each, the noise of draws must not outweigh what little there is."""
    random = np.random.default_rng(1)
    employee, severity = random.normal(0, 0.6, 1500), random.normal(0, 0.3, 60)
    who, eye = np.repeat(np.arange(1500), 3), random.integers(0, 60, 4500)
    met = (random.random(4500) < expit(1 + employee[who] - severity[eye])).astype(float)
    design = make_design(met, {"employee": who, "evaluator": eye}, half_marks=1.0)
    priors = Priors.of(design.names)

    exact = climb(_Spreads(design, priors).height, design).mode.theta

    np.testing.assert_allclose(wide.widest_fit(design, priors).theta, exact, rtol=0.15)
