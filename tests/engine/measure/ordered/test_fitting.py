"""Marks on ordered scales: the rating-scale model with crossed effects."""

from __future__ import annotations

import weakref
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from gracja.engine.errors import EngineInputError
from gracja.engine.measure import ordered, rating, wide
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.ordered import objective
from gracja.engine.measure.ordered.objective import point_at
from gracja.engine.measure.ordered.simulated import ScaleShape, chances_of, simulated_steps

SEED = 20_261_123


def yes_or_no(marks=2000):
    random = np.random.default_rng(SEED)
    codes = {
        "employee": random.integers(0, 30, marks),
        "standard": random.integers(0, 8, marks),
        "evaluator": random.integers(-1, 5, marks),
    }
    logits = 0.5 + sum(random.normal(0, 0.7, 31)[of] for of in codes.values())
    return (random.random(marks) < 1 / (1 + np.exp(-logits))).astype(float), codes


def on_three_scales(marks=1500):
    """Yes or no, five steps and ten steps, in one company; slopes 1, .4 and .2."""
    random = np.random.default_rng(SEED)
    codes = {name: random.integers(0, size, marks) for name, size in (("employee", 20), ("standard", 9))}
    logits = 0.4 + sum(random.normal(0, 0.8, 20)[of] for of in codes.values())
    scale, tops, slopes = codes["standard"] % 3, [1, 4, 9], [1.0, 0.4, 0.2]
    values = np.empty(marks)
    for number, (top, slope) in enumerate(zip(tops, slopes, strict=True)):
        own = scale == number
        chance = chances_of(logits[own], ScaleShape(thresholds=(0.0,) * top, slope=slope))
        values[own] = (chance.cumsum(axis=1) < random.random((own.sum(), 1))).sum(axis=1) / top
    return values, codes, scale, tops


def test_a_scale_of_two_steps_is_the_binary_model():
    met, codes = yes_or_no()
    binary, steps = rating.fit(met, codes), ordered.fit(met, codes, tops=[1])

    assert steps.log_likelihood() == pytest.approx(binary.log_likelihood(), rel=1e-9)
    assert steps.theta == pytest.approx(binary.theta, rel=1e-4)
    there = ordered.fit(met, codes, tops=[1], theta=binary.theta)
    assert there.log_likelihood() == pytest.approx(binary.log_likelihood(), rel=1e-9)
    assert there.intercept == pytest.approx(binary.intercept, abs=1e-6)
    for facet, effects in binary.modes.items():
        assert there.modes[facet] == pytest.approx(effects, abs=1e-6)


def test_the_mode_is_where_a_general_search_finds_the_penalised_likelihood_highest():
    drawn = simulated_steps(np.random.default_rng(SEED), ScaleShape(6, 3, 2, 4))
    theta = {"employee": 0.5, "standard": 0.7, "evaluator": 0.4}
    found = ordered.fit(drawn.value, drawn.codes, tops=[4], theta=theta)
    firsts = {"employee": 0, "standard": 6, "evaluator": 9}
    spread = np.repeat([0.5, 0.7, 0.4], [6, 3, 2])
    step = np.rint(drawn.value * 4).astype(int)

    def depth(at):
        effects, intercept, inner = at[:11], at[11], at[12:]
        sums = np.concatenate([[0.0], inner, [0.0]])
        logits = intercept + sum(effects[first + drawn.codes[name]] for name, first in firsts.items())

        def logs(of):
            raw = np.arange(5) * of[:, None] + sums
            return raw - logsumexp(raw, axis=1, keepdims=True)

        marks = logs(logits)[np.arange(len(step)), step].sum()
        spread_evenly = logs(np.array([intercept])).sum() / 5
        return -(marks + spread_evenly - 0.5 * ((effects / spread) ** 2).sum())

    best = minimize(depth, np.zeros(15), method="BFGS", options={"gtol": 1e-8}).x
    for name, first in firsts.items():
        assert found.modes[name] == pytest.approx(best[first:][: len(found.modes[name])], abs=1e-5)
    assert found.intercept == pytest.approx(best[11], abs=1e-5)
    assert found.thresholds() == pytest.approx(-np.diff([0.0, *best[12:], 0.0]), abs=1e-5)


@pytest.mark.parametrize("objective", ["nagq0", "integrated"])
def test_the_gradient_is_that_of_the_objective(objective):
    values, codes, scale, tops = on_three_scales()
    design, free = ordered.make_ordered(values, codes, scale, tops), np.array([1, 2])

    def at(logs):
        slopes = np.array([1.0, *np.exp(logs[2:])])
        return point_at(design, np.exp(logs[:2]), slopes, free, objective)

    here = np.log([0.7, 0.5, 0.3, 0.25])
    differences = [(at(here + e).value - at(here - e).value) / 2e-4 for e in 1e-4 * np.eye(4)]
    assert at(here).slope == pytest.approx(differences, abs=1e-5)


def test_thresholds_spreads_and_slopes_are_recovered():
    shape = ScaleShape(300, 40, 60, 12, slope=1.0)
    drawn = simulated_steps(np.random.default_rng(SEED), shape)
    found = ordered.fit(drawn.value, drawn.codes, tops=[4])

    assert found.thresholds() == pytest.approx(shape.thresholds, abs=0.06)
    assert found.thresholds().sum() == pytest.approx(0, abs=1e-9)
    assert found.theta == pytest.approx({"employee": 0.5, "standard": 0.7, "evaluator": 0.4}, rel=0.2)

    values, codes, scale, tops = on_three_scales(30_000)
    together = ordered.fit(values, codes, tops, scale)
    assert together.mode.slopes == pytest.approx([1.0, 0.4, 0.2], rel=0.15)


def test_a_step_that_nobody_used_keeps_a_finite_threshold_and_little_chance():
    drawn = simulated_steps(np.random.default_rng(SEED), ScaleShape())
    used = np.where(drawn.value == 0.5, 0.75, drawn.value)
    found = ordered.fit(used, drawn.codes, tops=[4])

    assert np.isfinite(found.thresholds()).all()
    assert found.thresholds()[1] > found.thresholds()[2] + 3  # never 2: hard to reach, and left at once


def test_a_mark_between_two_steps_is_shared_out_over_both():
    values, who = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 0.625]), {"employee": np.array([0, 0, 0, 1, 1, 1])}
    theta = {"employee": 0.6}
    between = ordered.fit(values, who, tops=[4], theta=theta)
    both = ordered.fit(
        np.array([*values[:5], 0.5, 0.75]),
        {"employee": np.array([0, 0, 0, 1, 1, 1, 1])},
        tops=[4],
        weights=[1, 1, 1, 1, 1, 0.5, 0.5],
        theta=theta,
    )

    assert between.modes["employee"] == pytest.approx(both.modes["employee"], abs=1e-10)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 25), st.integers(0, 10**6))
def test_turning_the_scale_round_turns_every_effect_round(steps, seed):
    random = np.random.default_rng(seed)
    values = random.integers(0, steps, 60) / (steps - 1)
    codes = {"employee": random.integers(0, 5, 60), "evaluator": random.integers(0, 3, 60)}
    theta = {"employee": 0.3, "evaluator": 0.2}
    there, back = (ordered.fit(v, codes, [steps - 1], theta=theta) for v in (values, 1 - values))

    assert there.intercept == pytest.approx(-back.intercept, abs=1e-7)
    for facet, effects in there.modes.items():
        assert effects == pytest.approx(-back.modes[facet], abs=1e-7)
    assert there.thresholds() == pytest.approx(-back.thresholds()[::-1], abs=1e-6)


def test_marks_all_of_one_kind_give_a_wide_interval_and_no_infinity():
    codes = {"employee": np.repeat([0, 1, 2], 5)}
    design = ordered.make_ordered(np.ones(15), codes, np.zeros(15, int), [4], half_marks=1.0)
    found = ordered.posterior_of_ordered(design)

    assert all(np.isfinite(mode.effects).all() for mode in found.modes)
    assert np.isfinite(list(found.theta.values())).all()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tops": [25]}, "rating_scale_steps"),
        ({"tops": [0]}, "rating_scale_steps"),
        ({"scale": [0, 1]}, "rating_code_range"),
        ({"scale": [0]}, "rating_shape"),
        ({"values": [0.5, 1.2]}, "rating_value_range"),
        ({"values": [0.5, np.nan]}, "rating_value_range"),
        ({"weights": [1.0, -1.0]}, "rating_weight_range"),
        ({"values": [], "facets": {}}, "rating_empty"),
        ({"slopes": [0.0]}, "rating_slope_range"),
        ({"slopes": [1.0, 1.0]}, "rating_shape"),
        ({"tops": [4, 1], "slopes": [1.0]}, "rating_shape"),
        ({"theta": {"place": 1.0}}, "rating_facet_unknown"),
        ({"theta": {"employee": -0.5}}, "rating_theta_range"),
        ({"theta": {"employee": np.nan}}, "rating_theta_range"),
        ({"theta": {"employee": np.inf}}, "rating_theta_range"),
    ],
)
def test_what_cannot_be_fitted_is_refused(changed, code):
    sound = {"values": [0.25, 1.0], "facets": {"employee": np.array([0, 1])}, "tops": [4]}
    with pytest.raises(EngineInputError) as refused:
        ordered.fit(**{**sound, **changed})

    assert refused.value.code == code


@pytest.mark.simulation
def test_intervals_of_the_expected_share_cover():
    """500 companies of 12 employees, 5 steps; and as many of 3 contacts each, skewed standards."""
    for shape in (ScaleShape(), replace(ScaleShape(), contacts=3, thresholds=(0.5, -0.2, -0.6, 0.3))):
        random = np.random.default_rng(SEED)
        covered = np.array([covers(random, shape) for _ in range(500)])
        mean, error = covered.mean(), covered.mean(axis=1).std(ddof=1) / np.sqrt(len(covered))
        assert mean + 2.576 * error >= 0.93, (mean, error)
        assert mean - 2.576 * error <= 0.97, (mean, error)


def covers(random, shape):
    drawn = simulated_steps(random, shape)
    rows = len(drawn.value)
    design = ordered.make_ordered(
        drawn.value, drawn.codes, np.zeros(rows, int), [len(shape.thresholds)], half_marks=1.0
    )
    posterior = ordered.posterior_of_ordered(design)
    facets = design.facets
    first = facets.column_of("employee")
    entries = [(who, first + who, 1.0) for who in range(shape.employees)]
    linear = Contrasts.of_entries(facets, shape.employees, entries).with_intercept()
    items = facets.column_of("standard") + np.arange(shape.standards)
    mixture = ordered.OrderedPrediction(
        design, linear, items, np.zeros(shape.standards, int), np.ones(shape.standards)
    ).of(posterior)
    low, high = expit(mixture.quantile(0.025)), expit(mixture.quantile(0.975))
    return (low <= drawn.base) & (drawn.base <= high)


def test_an_expectation_on_a_scale_that_is_none_is_refused():
    fitted = ordered.fit([0.25, 1.0], {"employee": [0, 1]}, tops=[4], theta={"employee": 0.5})
    with pytest.raises(EngineInputError) as refused:
        fitted.expected({"employee": [0]}, scale=[1])

    assert refused.value.code == "rating_code_range"


def test_a_design_too_wide_for_plain_matrices_is_refused_before_they_are_made(monkeypatch):
    values, codes, scale, tops = on_three_scales()
    monkeypatch.setattr(wide, "WIDEST", 20)
    assert ordered.fit(values, {"employee": codes["employee"]}, tops, scale).theta  # 12 columns beside it
    with pytest.raises(EngineInputError) as refused:
        ordered.fit(values, codes, tops, scale)

    assert refused.value.code == "rating_too_wide"
    assert refused.value.facts == {"levels": 20, "most": 20}


def test_a_search_keeps_one_of_its_steps_matrices(monkeypatch):
    values, codes, scale, tops = on_three_scales(400)
    factors, most, find = [], [0], objective.find_mode

    def watched(*given):
        most[0] = max(most[0], sum(factor() is not None for factor in factors))
        found = find(*given)
        factors.append(weakref.ref(found.factor))
        return found

    monkeypatch.setattr(objective, "find_mode", watched)
    ordered.fit(values, codes, tops, scale)

    assert len(factors) > 5
    assert most[0] <= 2
