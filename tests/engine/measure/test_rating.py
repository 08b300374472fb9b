"""The rating model against a dense oracle, and the laws that it must keep."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import rating
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import make_design
from gracja.engine.measure.objective import height_at, value_of
from gracja.engine.measure.posterior import Posterior, Prediction, posterior_of
from gracja.engine.measure.simulated import Shape, simulated_company
from gracja.engine.measure.solve import find_mode

THETA = {"employee": 0.6, "standard": 1.1, "evaluator": 0.4}


def rows_at(seed: int, rows: int = 300):
    random = np.random.default_rng(seed)
    facets = {
        "employee": random.integers(0, 9, rows),
        "standard": random.integers(0, 6, rows),
        "evaluator": random.integers(-1, 3, rows),
    }
    return random.integers(0, 2, rows).astype(float), facets


class Dense:
    """The same model written out in full: one indicator matrix, no elimination, no cells."""

    def __init__(self, y, facets, theta):
        blocks = []
        for name, codes in facets.items():
            block = np.zeros((len(y), codes.max() + 1))
            block[np.flatnonzero(codes >= 0), codes[codes >= 0]] = theta[name]
            blocks.append(block)
        self.y, self.x = y, np.hstack([*blocks, np.ones((len(y), 1))])
        self.penalty = np.append(np.ones(self.x.shape[1] - 1), 0.0)

        def depth(u):
            eta = self.x @ u
            return -(y @ eta - np.logaddexp(0, eta).sum()) + 0.5 * self.penalty @ u**2

        def slope(u):
            return -self.x.T @ (y - expit(self.x @ u)) + self.penalty * u

        self.u = minimize(
            depth, np.zeros(self.x.shape[1]), jac=slope, method="BFGS", options={"gtol": 1e-9}
        ).x
        met = expit(self.x @ self.u)
        self.information = (self.x.T * (met * (1 - met))) @ self.x + np.diag(self.penalty)
        self.log_likelihood = -depth(self.u) - 0.5 * np.linalg.slogdet(self.information[:-1, :-1])[1]


def test_likelihood_modes_and_covariance_are_those_of_the_model_written_out():
    y, facets = rows_at(1)
    dense = Dense(y, facets, THETA)
    fit = rating.fit(y, facets, theta=THETA)

    assert fit.log_likelihood() == pytest.approx(dense.log_likelihood, rel=1e-9)
    assert fit.intercept == pytest.approx(dense.u[-1], abs=1e-6)
    np.testing.assert_allclose(fit.modes["employee"], THETA["employee"] * dense.u[:9], atol=1e-6)
    _, covariance = fit.contrast({"employee": np.eye(9)}, intercept=1.0)
    scaled = np.zeros((9, len(dense.u)))
    scaled[:, :9], scaled[:, -1] = THETA["employee"] * np.eye(9), 1.0
    np.testing.assert_allclose(covariance, scaled @ np.linalg.inv(dense.information) @ scaled.T, atol=1e-6)


@pytest.mark.parametrize("objective", ["nagq0", "integrated"])
def test_the_gradient_is_that_of_the_objective(objective):
    design = make_design(*rows_at(2), half_marks=1.0)
    theta, step = np.array([0.8, 0.5, 0.3]), 1e-4
    slope = height_at(design, theta, objective).slope
    for facet in range(3):
        nudge = np.exp(step * np.eye(3)[facet])
        ahead, behind = (height_at(design, t, objective).value for t in (theta * nudge, theta / nudge))
        assert slope[facet] == pytest.approx((ahead - behind) / (2 * step), abs=1e-5)


@pytest.mark.parametrize("objective", ["nagq0", "integrated"])
@pytest.mark.parametrize(
    "facets", [("employee",), ("employee", "standard"), ("standard", "evaluator", "employee")]
)
def test_full_rows_and_sparse_blocks_give_what_scattered_and_plain_ones_give(monkeypatch, objective, facets):
    y, all_of_them = rows_at(3)
    chosen, theta = {name: all_of_them[name] for name in facets}, np.array([0.8, 0.5, 0.3])[: len(facets)]
    heights = []
    for full, small in ((False, 10**6), (len(facets) > 1, 0)):
        monkeypatch.setattr("gracja.engine.measure.solve.SMALL", small)
        monkeypatch.setattr("gracja.engine.measure.cells.layout._full_is_faster", lambda *_, full=full: full)
        design = make_design(y, chosen, half_marks=1.0)
        assert design.layout.full is full
        heights.append(height_at(design, theta, objective))
    scattered, full = heights

    assert full.value == pytest.approx(scattered.value, rel=1e-12)
    np.testing.assert_allclose(full.slope, scattered.slope, atol=1e-8)
    np.testing.assert_allclose(full.mode.effects, scattered.mode.effects, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(seed):
    y, facets = rows_at(seed)
    order = np.random.default_rng(seed).permutation(len(y))
    shuffled = rating.fit(y[order], {name: codes[order] for name, codes in facets.items()}, theta=THETA)

    assert shuffled.log_likelihood() == pytest.approx(
        rating.fit(y, facets, theta=THETA).log_likelihood(), rel=1e-12
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_a_row_of_weight_two_is_two_rows(seed):
    y, facets = rows_at(seed, 120)
    weights = np.random.default_rng(seed).integers(1, 4, len(y))
    twice = rating.fit(
        np.repeat(y, weights), {n: np.repeat(c, weights) for n, c in facets.items()}, theta=THETA
    )

    assert rating.fit(y, facets, weights, theta=THETA).log_likelihood() == pytest.approx(
        twice.log_likelihood()
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.data())
def test_meeting_a_standard_never_lowers_the_share_of_the_employee(seed, data):
    y, facets = rows_at(seed)
    missed = np.flatnonzero(y == 0)
    row = missed[data.draw(st.integers(0, len(missed) - 1))]
    better = y.copy()
    better[row] = 1.0

    before, after = (share_of(marks, facets, facets["employee"][row]) for marks in (y, better))
    assert after >= before


def share_of(y, facets, employee):
    posterior = posterior_of(y, facets)
    linear = np.zeros((1, posterior.design.n_columns))
    linear[0, -1] = linear[0, posterior.design.column_of("employee") + employee] = 1.0
    first = posterior.design.column_of("standard")
    contrasts = Contrasts.of(posterior.design, linear)
    return posterior.predict(Prediction(contrasts, tuple(range(first, first + 6)), (1.0,) * 6)).share[0]


def test_a_spread_that_is_not_there_is_estimated_as_none():
    marks = np.tile([0.0, 1.0], 200)
    fit = rating.fit(marks, {"employee": np.repeat(np.arange(8), 50)})

    assert fit.theta == {"employee": 0.0}
    assert fit.modes["employee"] == pytest.approx(np.zeros(8))


@pytest.mark.parametrize(
    ("y", "facets", "weights", "code"),
    [
        ([], {}, None, "rating_empty"),
        ([1.0, 2.0], {}, None, "rating_value_range"),
        ([1.0, float("nan")], {}, None, "rating_value_range"),
        ([1.0, 0.0], {"employee": [0]}, None, "rating_shape"),
        ([1.0, 0.0], {"employee": [0, -2]}, None, "rating_code_range"),
        ([1.0, 0.0], {"employee": [0.5, 1.0]}, None, "rating_code_range"),
        ([1.0, 0.0], {}, [1.0, 0.0], "rating_weight_range"),
    ],
)
def test_rows_that_cannot_be_rated_are_refused_by_code(y, facets, weights, code):
    with pytest.raises(EngineInputError) as refused:
        rating.fit(y, facets, weights)
    assert refused.value.code == code


def test_spreads_of_other_facets_or_below_zero_are_refused():
    for theta, code in (({"place": 1.0}, "rating_facet_unknown"), ({"employee": -1.0}, "rating_theta_range")):
        with pytest.raises(EngineInputError) as refused:
            rating.fit([1.0, 0.0, 1.0], {"employee": [0, 1, 1]}, theta=theta)
        assert refused.value.code == code


@pytest.mark.parametrize("spread", [0.0, 0.7])
def test_a_few_points_integrate_over_the_spread_as_a_fine_grid_does(spread):
    random = np.random.default_rng(4)
    employee = np.repeat(np.arange(10), 25)
    y = (random.random(250) < expit(0.5 + spread * random.normal(size=10)[employee])).astype(float)
    few = posterior_of(y, {"employee": employee})
    log_theta = np.linspace(-6, 1.5, 400)
    modes = [find_mode(few.design, np.exp([at])) for at in log_theta]
    height = (
        np.array([value_of(m, "integrated") for m in modes]) + 2 * log_theta - 0.5 * np.exp(2 * log_theta)
    )
    grid = Posterior(
        few.design, tuple(modes), np.exp(height - height.max()) / np.exp(height - height.max()).sum()
    )
    linear = Contrasts.of(few.design, np.hstack([np.eye(10), np.ones((10, 1))]))

    coarse, fine = (posterior.predict(Prediction(linear)) for posterior in (few, grid))
    assert few.theta["employee"] == pytest.approx(grid.theta["employee"], rel=0.1)
    np.testing.assert_allclose(coarse.share, fine.share, atol=0.01)
    for probability in (0.025, 0.975):
        ends = (expit(mixture.quantile(probability)) for mixture in (coarse, fine))
        np.testing.assert_allclose(*ends, atol=0.012)


@pytest.mark.parametrize("objective", ["nagq0", "integrated"])
def test_the_shorter_search_of_large_companies_ends_where_the_longer_one_does(monkeypatch, objective):
    company = simulated_company(np.random.default_rng(5), Shape(employees=150, contacts=(10, 20)))
    facets = {"employee": company.employee, "standard": company.standard, "evaluator": company.evaluator}
    whole = rating.fit(company.met, facets, objective=objective)
    monkeypatch.setattr("gracja.engine.measure.search.LARGE", 2_000)

    shorter = rating.fit(company.met, facets, objective=objective)

    assert shorter.log_likelihood() == pytest.approx(whole.log_likelihood(), abs=1e-5)
    assert shorter.theta == pytest.approx(whole.theta, rel=2e-3)


def test_few_points_are_enough_where_the_marks_say_what_the_spreads_are(monkeypatch):
    shape = Shape(employees=150, standards=40, evaluators=60, contacts=(10, 20))
    company = simulated_company(np.random.default_rng(6), shape)
    facets = {"employee": company.employee, "standard": company.standard, "evaluator": company.evaluator}
    many = posterior_of(company.met, facets)
    monkeypatch.setattr("gracja.engine.measure.posterior.LARGE", 1_000)

    few = posterior_of(company.met, facets)

    assert len(few.weights) == 6
    assert few.theta == pytest.approx(many.theta, rel=0.03)
    contrast = Contrasts.of(few.design, np.eye(150, few.design.n_columns))
    ours, theirs = few.predict(Prediction(contrast)), many.predict(Prediction(contrast))
    np.testing.assert_allclose(ours.mean, theirs.mean, atol=0.01)
    np.testing.assert_allclose(ours.deviation, theirs.deviation, rtol=0.01)


@pytest.mark.parametrize("small", [10**6, 0])
def test_variances_of_shares_are_those_of_the_written_out_gradient(monkeypatch, small):
    for module in ("solve", "contrasts"):
        monkeypatch.setattr(f"gracja.engine.measure.{module}.SMALL", small)
    y, facets = rows_at(7)
    for items in ("standard", "employee"):  # the largest facet and another
        fit = rating.fit(y, facets, theta=THETA)
        other = next(name for name in facets if name != items)
        first, size = fit.design.column_of(items), fit.design.sizes[fit.design.names.index(items)]
        own = fit.design.column_of(other)
        entries = [(row, column, 1.0) for row in range(3) for column in (own + row, fit.design.n_columns - 1)]
        linear = np.zeros((3, fit.design.n_columns))
        linear[np.arange(3), own + np.arange(3)] = linear[:, -1] = 1.0
        weights = tuple(range(1, size + 1))
        contrasts = Contrasts.of_entries(fit.design, 3, entries)
        prediction = Prediction(contrasts, tuple(range(first, first + size)), weights)

        def logit_of(effects, linear=linear, first=first, size=size, weights=weights):
            met = expit((linear @ effects)[:, None] + effects[first : first + size])
            share = met @ np.array(weights) / sum(weights)
            return np.log(share / (1 - share))

        effects = fit.mode.effects
        nudges = 1e-6 * np.eye(len(effects))
        gradient = np.stack([(logit_of(effects + n) - logit_of(effects - n)) / 2e-6 for n in nudges], axis=1)
        mean, deviation = prediction.at(fit.mode)
        covariance = Contrasts.of(fit.design, gradient).covariance(fit.mode)

        np.testing.assert_allclose(mean, logit_of(effects), atol=1e-12)
        np.testing.assert_allclose(deviation, np.sqrt(np.diagonal(covariance)), rtol=1e-6)
