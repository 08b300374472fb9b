"""What people and a detector together leave unknown, for those who ask for one place and one covariance."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gracja.engine.measure.combine import combine
from gracja.engine.measure.combine.simulated import Watched, simulated_marks
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.learning import learning
from gracja.engine.measure.planning.covariance import known

SEED = 20_261_123
COMPANY = Watched(employees=20, standards=4, places=4, reviews=10, conversations=80)


@pytest.fixture(scope="module")
def marks():
    human, automatic, _ = simulated_marks(np.random.default_rng(SEED), COMPANY)
    two = pl.when(pl.col("contact").hash(1) % 2 == 0).then(pl.lit("v0")).otherwise(pl.lit("v1"))
    return human.with_columns(evaluator=two), automatic


@pytest.fixture(scope="module")
def rated(marks):
    return combine(*marks).rated


def test_the_centre_has_the_means_and_all_that_varies_within_and_between_draws(rated):
    each = Contrasts.of(rated.design, np.eye(rated.design.n_columns))
    draws, centre = rated.contrasts(each), rated.posterior.centre

    np.testing.assert_allclose(centre.effects, draws.mean, atol=1e-12)
    np.testing.assert_allclose(each.variance(centre), draws.deviation**2, rtol=1e-9)
    likely, modes = rated.posterior.weights, rated.posterior.modes
    within = sum(weight * each.covariance(draw) for weight, draw in zip(likely, modes, strict=True))
    between = np.cov(np.stack([draw.effects for draw in modes]).T, aweights=likely, bias=True)
    np.testing.assert_allclose(each.covariance(centre), within + between, atol=1e-12)


def test_contacts_do_not_tell_what_standards_evaluators_and_places_leave_unknown(rated, marks):
    human, _ = marks
    names = rated.levels["employee"]
    found = learning(rated, human, names, np.full(len(names), COMPANY.reviews))

    assert np.all(found.told < 0.99), found.told
    assert np.all(found.told > 0.05), found.told


def test_a_plan_knows_what_is_unknown_of_evaluators_and_standards(rated):
    spots = [("e00000", "p000"), ("e00001", "p001")]
    there = known(rated, spots, ["v0", "v1"], marks_of_review=4.0, dispersion=1.0)
    variance = np.diagonal(there.covariance)

    assert np.all(variance > 1e-3), variance
