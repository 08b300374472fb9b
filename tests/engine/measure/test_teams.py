"""The share met at a place, by who serves there how often, on companies whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from gracja.engine.measure.combine import combine
from gracja.engine.measure.combine.post_strata import mix_of_places
from gracja.engine.measure.combine.simulated import Watched, simulated_marks
from gracja.engine.measure.estimate import FACETS, rate
from gracja.engine.measure.teams import place_shares

SEED = 20_261_123
COMPANY = Watched(employees=24, places=4, reviews=8, conversations=80)


def marks(company=COMPANY, seed=SEED):
    """People's marks, those of a detector, and the true share met of all contacts at each place: at each the
    worse half of the employees serve a quarter as many customers.
    """
    human, automatic, truth = simulated_marks(np.random.default_rng(seed), company)
    names = np.array([f"e{i:05}" for i in range(company.employees)])
    place = np.arange(company.employees) % company.places
    middle = np.array([np.median(truth[place == one]) for one in range(company.places)])
    served = np.where(truth < middle[place], company.conversations // 4, company.conversations)
    last = automatic["employee"].replace_strict(names.tolist(), served.tolist(), return_dtype=pl.Int64)
    number = automatic["contact"].cast(pl.Int64) % company.conversations
    there = np.array(
        [np.average(truth[place == i], weights=served[place == i]) for i in range(company.places)]
    )
    return human, automatic.filter(number < last), there


def test_who_serves_more_customers_counts_for_more_of_their_place():
    human, automatic, _ = marks()
    rated = combine(human, automatic).rated
    people = rated.shares(rated.people(rated.levels["employee"])).share
    name = rated.levels["place"][0]
    shares = rated.members(name)
    own = dict(zip(rated.levels["employee"], people, strict=True))

    assert sum(shares.values()) == pytest.approx(1)
    assert max(shares.values()) / min(shares.values()) == pytest.approx(4)
    expected = sum(share * own[employee] for employee, share in shares.items())
    assert place_shares(rated, [name]).share[0] == pytest.approx(expected, abs=0.003)


@pytest.mark.parametrize("standards", [1, 3])
def test_a_place_of_one_employee_has_that_employees_interval(standards):
    human, automatic, _ = simulated_marks(
        np.random.default_rng(SEED),
        replace(COMPANY, employees=24, places=24, reviews=6, conversations=20, standards=standards),
    )
    rated = combine(human, automatic).rated
    mix = dict.fromkeys(rated.levels["standard"], 1.0)
    places = rated.levels["place"]
    own = rated.shares(rated.people([next(iter(rated.members(place))) for place in places]), mix)
    found = place_shares(rated, places, mix)

    np.testing.assert_allclose(found.share, own.share, atol=0.01)
    for tail in (0.025, 0.975):
        np.testing.assert_allclose(expit(found.quantile(tail)), expit(own.quantile(tail)), atol=0.02)


def test_over_several_standards_a_place_is_the_mean_of_its_employees_too():
    human, automatic, _ = simulated_marks(np.random.default_rng(SEED), replace(COMPANY, standards=3))
    rated = combine(human, automatic).rated
    mix = {"s000": 2.0, "s001": 1.0}
    people = rated.shares(rated.people(rated.levels["employee"]), mix).share
    own = dict(zip(rated.levels["employee"], people, strict=True))
    found = place_shares(rated, rated.levels["place"], mix).share
    expected = [
        sum(share * own[employee] for employee, share in rated.members(place).items())
        for place in rated.levels["place"]
    ]

    assert found == pytest.approx(expected, abs=0.003)


def test_without_a_detector_or_a_ledger_employees_count_alike():
    human, _, _ = marks()
    rated = rate(human, FACETS)
    names = rated.levels["place"]

    np.testing.assert_array_equal(
        place_shares(rated, names).means, rated.shares(rated.at_places(names)).means
    )
    assert set(rated.members(names[0]).values()) == {1 / 6}


def test_a_review_of_what_the_detector_did_not_mark_stands_for_as_many_as_its_chance_says():
    automatic = pl.DataFrame({
        "contact": ["a", "b"], "employee": ["anna", "anna"], "place": ["rynek", "rynek"]
    })  # fmt: skip
    human = pl.DataFrame(
        {
            "contact": ["b", "c", "visit", "other"],
            "employee": ["anna", "celina", "celina", "darek"],
            "place": ["rynek", "rynek", "rynek", "zamek"],
            "inclusion": [0.1, 0.2, None, 0.1],
        }
    )
    found = mix_of_places(human, automatic)

    assert found == {"rynek": {"anna": pytest.approx(2 / 8), "celina": pytest.approx(6 / 8)}}


@pytest.mark.simulation
@pytest.mark.parametrize(
    "company",
    [COMPANY, replace(COMPANY, error_spread=0.5), replace(COMPANY, biased_against=1.5, error_spread=0.3)],
    ids=["plain", "errors differ", "biased against a place"],
)
def test_intervals_of_places_cover_the_share_of_their_contacts(company, record_property):
    replications = 40
    covered = np.empty(replications)
    for number in range(replications):
        human, automatic, truth = marks(company, SEED + number)
        rated = combine(human, automatic).rated
        of = place_shares(rated, rated.levels["place"])
        low, high = expit(of.quantile(0.025)), expit(of.quantile(0.975))
        covered[number] = ((low <= truth) & (truth <= high)).mean()
    mean, error = covered.mean(), covered.std(ddof=1) / np.sqrt(replications)
    record_property("coverage", f"{mean:.3f} ± {error:.3f}")
    assert mean + 2.576 * error >= 0.94, (mean, error)
