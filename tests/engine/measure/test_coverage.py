"""Do 95 % intervals of base cover, and do ranks part anybody who should not be parted? By simulation.

The estimand is each employee's base: the share met over all standards alike, under an average evaluator
(severity 0). Replications are the unit of the Monte-Carlo error; a gate fails only if its 99 % interval lies
outside the band. `benchmarks/rating/intervals.py` does the same through `measure`, for more companies.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from gracja.engine.measure.estimate import rate
from gracja.engine.measure.ranks import simultaneous_ranks
from gracja.engine.measure.simulated import Shape, simulated_company

pytestmark = pytest.mark.simulation

SEED = 20_261_122
FACETS = ("employee", "standard", "evaluator")
Z_99 = 2.576


def rated(random, shape):
    company = simulated_company(random, shape)
    names = {
        facet: pl.Series([f"{i:03}" for i in range(1000)]).gather(getattr(company, facet)) for facet in FACETS
    }
    frame = pl.DataFrame({**names, "value": company.met, "place": None, "contact": company.contact})
    return company, rate(frame, FACETS)


def intervals(of):
    employees = of.levels["employee"]
    shares = of.shares(of.people(employees), dict.fromkeys(of.levels["standard"], 1.0))
    return expit(shares.quantile(0.025)), expit(shares.quantile(0.975))


FEW_MARKS = Shape(employees=200, standards=3, contacts=(1, 1))


@pytest.mark.parametrize(
    ("shape", "replications"),
    [
        (Shape(), 2000),
        (Shape(employee_spread=1.0, standard_spread=1.5, share_met=0.85), 300),
        (Shape(evaluators_are="skewed"), 300),
        (Shape(employees_are="of_two_kinds"), 300),
        (FEW_MARKS, 200),
        (replace(FEW_MARKS, employees_are="skewed", evaluators_are="skewed"), 200),
    ],
    ids=["small", "spread", "skewed_evaluators", "two_kinds", "three_marks_each", "three_marks_skewed"],
)
def test_intervals_of_base_cover_on_average_and_not_much_less_at_the_ends(
    shape, replications, record_property
):
    random = np.random.default_rng(SEED)
    covered = np.empty((replications, 3))
    for replication in covered:
        company, of = rated(random, shape)
        low, high = intervals(of)
        inside = (low <= company.base) & (company.base <= high)
        order, tenth = np.argsort(company.base), max(1, len(inside) // 10)
        replication[:] = inside.mean(), inside[order[:tenth]].mean(), inside[order[-tenth:]].mean()

    mean, error = covered.mean(axis=0), covered.std(axis=0, ddof=1) / np.sqrt(replications)
    found = f"average, worst tenth, best tenth: {mean.round(4)} ± {error.round(4)}"
    assert mean[0] + Z_99 * error[0] >= 0.94, found
    assert mean[0] - Z_99 * error[0] <= 0.98, found
    # Shrunken intervals cover on average over employees; at the ends they owe less, but not nothing. Three
    # marks are hardly anything: who is truly best of 200 is held for one of the many.
    assert shape.contacts == (1, 1) or np.all(mean[1:] + Z_99 * error[1:] >= 0.85), found


def test_without_a_difference_between_employees_hardly_ever_is_anybody_parted():
    random = np.random.default_rng(SEED)
    replications = 400
    parted = 0
    for _ in range(replications):
        _, of = rated(random, Shape(employee_spread=0.0, evaluators=3))
        ranks = simultaneous_ranks(of.posterior, of.people(of.levels["employee"]), 0.95)
        parted += bool(np.any(ranks.low > 1) or np.any(ranks.high < 12))

    share = parted / replications
    assert share - Z_99 * np.sqrt(share * (1 - share) / replications) <= 0.05, share
