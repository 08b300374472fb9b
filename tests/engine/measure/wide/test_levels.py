"""Levels integrated by themselves, against the integral written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from gracja.engine.measure.design import make_design
from gracja.engine.measure.wide.crossed import Crossed, Spherical
from gracja.engine.measure.wide.levels import at_point, integrated, mean_squares

GRID = np.linspace(-9, 9, 20_001)


def written_out(met, seen, logits, theta):
    """Of one level: mean, mean square, and the mean share, weight and bend of each of its cells."""
    height = -0.5 * GRID**2
    for m, s, logit in zip(met, seen, logits, strict=True):
        at = logit + theta * GRID
        height += m * at - s * np.logaddexp(0, at)
    chance = np.exp(height - height.max())
    chance /= chance.sum()
    share = expit(np.asarray(logits)[:, None] + theta * GRID)
    weight = share * (1 - share)
    means = [of @ chance for of in (share, weight, weight * (1 - 2 * share))]
    return chance @ GRID, chance @ GRID**2, means


def test_each_level_has_the_mean_and_variance_of_its_integral():
    random = np.random.default_rng(1)
    who, eye = np.repeat(np.arange(12), 4), random.integers(-1, 5, 48)
    weights = random.choice([0.5, 1.0], 48)
    design = make_design(
        random.integers(0, 2, 48).astype(float), {"who": who, "eye": eye}, weights, half_marks=1.0
    )
    spherical = Spherical(Crossed(design), np.array([1.3, 0.7]))
    effects = np.append(random.normal(size=17), 0.4)

    found = integrated(spherical, effects, at_point(spherical, effects).deviations)

    rest = spherical.logits(np.append(np.zeros(12), effects[12:]))
    for level in range(12):
        own = design.columns[0] == level
        mean, square, (share, weight, bend) = written_out(design.met[own], design.seen[own], rest[own], 1.3)
        np.testing.assert_allclose(found.effects[level], mean, atol=1e-4)
        np.testing.assert_allclose(found.deviations[level] ** 2, square - mean**2, atol=1e-4)
        np.testing.assert_allclose(found.expected[own], design.seen[own] * share, atol=1e-4)
        weights = design.seen[own] * weight
        ours = found.weights[own]
        np.testing.assert_allclose(ours / ours.sum(), weights / weights.sum(), atol=1e-4)
        assert 1 / (1 + 1.3**2 * ours.sum()) == pytest.approx(square - mean**2, abs=1e-4)
        assert 0.8 * weights.sum() < ours.sum() < 1.001 * weights.sum()
        np.testing.assert_allclose(found.bends[own], design.seen[own] * bend, atol=1e-4)
    nobodys = design.columns[0] == 12
    np.testing.assert_allclose(found.expected[nobodys], design.seen[nobodys] * expit(rest[nobodys]))


def test_mean_squares_are_those_of_each_level_given_all_others():
    random = np.random.default_rng(2)
    facets = {"who": np.repeat(np.arange(10), 5), "eye": random.integers(-1, 6, 50)}
    design = make_design(random.integers(0, 2, 50).astype(float), facets)
    spherical, effects = Spherical(Crossed(design), np.array([1.0, 0.8])), random.normal(size=17)

    found = mean_squares(spherical, effects, np.zeros(17), np.ones(17))

    for facet, (first, size, theta) in enumerate([(0, 10, 1.0), (10, 6, 0.8)]):
        others = effects.copy()
        others[first : first + size] = 0.0
        logits = spherical.logits(others)
        squares = 0.0
        for level in range(size):
            own = design.columns[facet] == level
            squares += written_out(design.met[own], design.seen[own], logits[own], theta)[1]
        np.testing.assert_allclose(found[facet], squares, rtol=1e-4)


def test_many_marks_of_one_level_do_not_run_over():
    design = make_design(np.ones(5_000), {"who": np.zeros(5_000, dtype=int), "which": np.arange(5_000)})
    spherical = Spherical(Crossed(design), np.array([0.5, 2.0]))
    effects = np.append(np.full(5_000, 3.0), [0.5, 4.0])

    assert np.isfinite(mean_squares(spherical, effects, effects, np.full(5_002, 0.3))).all()
