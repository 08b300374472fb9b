"""Rows made into cells, and contrasts of their effects."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import make_design
from gracja.engine.measure.posterior import posterior_of
from gracja.engine.measure.simulated import Shape, simulated_company


def test_cells_are_in_reading_order_and_marks_of_nobody_join_the_half_marks():
    random = np.random.default_rng(3)
    company = simulated_company(random, Shape(employees=30))
    shuffled = random.permutation(len(company.met))
    nobody = np.append(company.employee[shuffled], [-1, -1]), np.append(company.standard[shuffled], [-1, -1])

    design = make_design(
        np.append(company.met[shuffled], [1.0, 0.5]),
        dict(zip(("employee", "standard"), nobody, strict=True)),
        half_marks=1.0,
    )

    assert (np.diff(design.columns[0].astype(np.int64) * 100 + design.columns[1]) > 0).all()
    assert design.columns[:, -1].tolist() == list(design.sizes)
    assert (design.met[-1], design.seen[-1]) == (2.0, 3.0)
    assert design.met.sum() == company.met.sum() + 2.0


@pytest.mark.parametrize("touched", [2, 40])
def test_variances_of_contrasts_that_touch_few_columns_and_many_are_those_of_their_covariance(touched):
    company = simulated_company(np.random.default_rng(8), Shape(employees=60, evaluators=50, places=4))
    facets = {name: getattr(company, name) for name in ("employee", "standard", "evaluator", "place")}
    found = posterior_of(company.met, facets)
    random = np.random.default_rng(9)
    matrix = np.zeros((25, found.design.n_columns))
    for row in matrix:
        row[random.choice(len(row), touched, replace=False)] = random.normal(size=touched)
    contrasts = Contrasts.of(found.design, matrix)
    mode = found.modes[0]

    np.testing.assert_allclose(
        contrasts.variance(mode), np.diagonal(contrasts.covariance(mode)), rtol=1e-9, atol=1e-12
    )
