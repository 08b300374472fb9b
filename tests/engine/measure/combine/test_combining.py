"""People's marks and a detector's in one rating, on companies whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.combine import combine, integrated
from gracja.engine.measure.combine.columns import Columns
from gracja.engine.measure.combine.integrated import integrate, people_at
from gracja.engine.measure.combine.mode import Prior, find_mode, information_at
from gracja.engine.measure.combine.simulated import Watched, simulated_marks
from gracja.engine.measure.combine.spreads import modes_of
from gracja.engine.measure.combine.tallies import tally
from gracja.engine.measure.estimate import FACETS, rate

SEED = 20_261_123


def marks(company, seed=SEED):
    return simulated_marks(np.random.default_rng(seed), company)


def shares(rated):
    """(employees,) estimate, low and high of the share met over all standards alike."""
    of = rated.shares(rated.people(rated.levels["employee"]), dict.fromkeys(rated.levels["standard"], 1.0))
    return of.share, expit(of.quantile(0.025)), expit(of.quantile(0.975))


def rms(away):
    return float(np.sqrt((away**2).mean()))


def test_two_hundred_automatic_marks_beside_three_reviews_say_far_more_than_the_reviews():
    human, automatic, truth = marks(Watched())
    alone, _, _ = shares(rate(human, FACETS))
    together, low, high = shares(combine(human, automatic).rated)

    assert rms(together - truth) < 0.6 * rms(alone - truth)
    assert ((low <= truth) & (truth <= high)).mean() >= 0.85


def test_the_detectors_errors_are_told_with_their_intervals():
    company = Watched(reviews=20, sensitivity=0.92, specificity=0.8)
    (error,) = combine(*marks(company)[:2]).errors

    assert error.pairs == 800
    assert error.sensitivity_low < 0.92 < error.sensitivity_high
    assert error.specificity_low < 0.8 < error.specificity_high
    assert error.sensitivity_high - error.sensitivity_low < 0.1


def test_a_detector_that_misses_much_at_one_place_does_not_mark_its_people_down():
    company = Watched(places=4, reviews=10, biased_against=2.0, employee_spread=0.4)
    human, automatic, truth = marks(company)
    there = np.arange(company.employees) % company.places == 0
    raw = automatic.group_by("employee").agg(pl.col("value").mean()).sort("employee")["value"].to_numpy()
    together, low, high = shares(combine(human, automatic).rated)

    assert (raw - truth)[there].mean() < -0.2  # what the detector alone would say
    assert abs((together - truth)[there].mean()) < 0.07
    assert ((low <= truth) & (truth <= high))[there].mean() >= 0.8


def test_where_people_judged_everything_the_detector_adds_nothing():
    company = Watched(reviews=60, conversations=60, employees=20)
    human, automatic, _ = marks(company)
    alone, low_alone, high_alone = shares(rate(human, FACETS))
    together, low, high = shares(combine(human, automatic).rated)

    assert together == pytest.approx(alone, abs=0.015)  # beside a detector employees may lean to one side
    assert (high - low) == pytest.approx(high_alone - low_alone, abs=0.02)


def test_reviews_chosen_by_what_the_detector_said_mislead_nobody():
    company = Watched(reviews=200)
    human, automatic, truth = marks(company)
    random = np.random.default_rng(SEED)
    seen = human.join(
        automatic.select("contact", "standard", said="value"),
        on=["contact", "standard"],
        maintain_order="left",
    )
    chance = np.where(seen["said"].to_numpy() == 0, 0.2, 0.02)
    drawn = seen.with_columns(inclusion=pl.Series(chance)).filter(
        pl.Series(random.random(len(seen)) < chance)
    )
    naive = drawn["value"].mean()
    together, low, high = shares(combine(drawn.drop("said"), automatic).rated)

    assert naive < truth.mean() - 0.2
    assert abs((together - truth).mean()) < 0.04
    assert ((low <= truth) & (truth <= high)).mean() >= 0.85


def test_somebody_without_a_review_is_measured_by_what_the_reviews_of_others_tell_of_the_detector():
    human, automatic, truth = marks(Watched(reviews=10))
    combined = combine(human.filter(pl.col("employee") != "e00000"), automatic)
    _, low, high = shares(combined.rated)

    assert combined.rated.levels["employee"][0] == "e00000"
    assert low[0] < truth[0] < high[0]


def test_the_order_of_rows_changes_nothing():
    human, automatic, _ = marks(Watched(employees=12, standards=3, reviews=10, conversations=40))
    first = shares(combine(human, automatic).rated)
    second = shares(combine(human.reverse(), automatic.sample(fraction=1, shuffle=True, seed=1)).rated)

    np.testing.assert_allclose(first, second, atol=1e-9)


def test_a_standard_that_people_hardly_judged_stays_with_people():
    human, automatic, _ = marks(Watched(employees=12, standards=2, reviews=10, conversations=40))
    rarely = human.filter((pl.col("standard") == "s000") | (pl.col("employee") == "e00000"))
    combined = combine(rarely, automatic)

    assert combined.left_out == {"s001": 10}
    assert [error.standard for error in combined.errors] == ["s000"]
    assert combined.automatic["standard"].unique().to_list() == ["s000"]


def test_without_common_contacts_nothing_is_combined():
    human, automatic, _ = marks(Watched(employees=12))
    assert combine(human.with_columns(contact=pl.format("visit-{}", "contact")), automatic) is None


def test_no_mode_keeps_what_grows_with_employees_times_standards():
    human, automatic, _ = marks(Watched(employees=30, standards=3, reviews=5, conversations=20))
    modes, _ = modes_of(Columns(tally(human, automatic, (1.0, 1.0))))

    assert len(modes) > 5
    assert all(mode.information.over.nbytes == mode.information.inverse.nbytes == 0 for mode in modes)


def test_a_visit_that_nobody_drew_by_chance_counts_whole_beside_reviews_drawn_seldom():
    human, automatic, _ = marks(Watched(employees=12, reviews=10, conversations=40))
    drawn = pl.when(pl.col("employee") == "e00000").then(0.01)
    together = combine(human.with_columns(inclusion=drawn), automatic)
    alike = combine(human, automatic)

    np.testing.assert_allclose(shares(together.rated), shares(alike.rated), atol=1e-9)


@pytest.mark.parametrize("chance", [0.0, -0.5, 1.5])
def test_a_chance_of_review_outside_its_range_is_refused(chance):
    human, automatic, _ = marks(Watched(employees=12, reviews=10, conversations=40))
    with pytest.raises(EngineInputError) as refused:
        combine(human.with_columns(inclusion=pl.lit(chance)), automatic)
    assert refused.value.code == "inclusion_out_of_range"


def test_errors_that_many_reviews_leave_open_make_employees_less_certain(monkeypatch):
    """Of 60 standards, 180 marks of each employee that both made: few nodes find what many do."""
    company = Watched(employees=12, standards=60, conversations=10, error_spread=0.3)
    human, automatic, _ = marks(company, SEED)
    columns = Columns(tally(human, automatic, (1.0, 1.0)))
    spreads = np.full(len(columns.spreads), 0.4)
    mode = integrate(columns, find_mode(columns, spreads), spreads, 1.0)
    start = replace(mode, information=information_at(columns, mode.effects, Prior.of(columns, spreads)))

    found = people_at(columns, start, start.effects.rest)
    monkeypatch.setattr(integrated, "_FEWER_NODES", 8)
    exact = people_at(columns, start, start.effects.rest)

    deviation = np.sqrt(exact.variance)
    assert np.sqrt(found.variance) == pytest.approx(deviation, rel=0.03)
    assert (found.mean[:, 0] - exact.mean[:, 0]) / deviation == pytest.approx(0, abs=0.05)
    assert found.squares == pytest.approx(exact.squares, rel=0.03)
    monkeypatch.setattr(integrated, "_FEWER_NODES", 1)
    held = people_at(columns, start, start.effects.rest)
    assert (np.sqrt(held.variance) < 0.97 * deviation).mean() > 0.5  # as if the errors were known


@pytest.mark.simulation
def test_three_reviews_and_two_hundred_automatic_marks_are_worth_twenty_five_times_the_reviews(
    record_property,
):
    company, replications = Watched(employees=100), 20
    errors, chances = np.empty(replications), np.empty(replications)
    for number in range(replications):
        human, automatic, truth = marks(company, SEED + number)
        share, _, _ = shares(combine(human, automatic).rated)
        errors[number], chances[number] = ((share - truth) ** 2).mean(), (truth * (1 - truth)).mean()
    worth = chances.mean() / errors.mean() / company.reviews
    record_property("worth", f"{worth:.1f} times")
    assert worth >= 25


@pytest.mark.simulation
@pytest.mark.parametrize(
    "company",
    [
        Watched(conversations=100),
        Watched(conversations=100, error_spread=0.5),
        Watched(conversations=100, places=4, biased_against=1.5, error_spread=0.3),
        Watched(conversations=100, employees_are="skewed", error_spread=0.3),
        Watched(conversations=100, employees_are="of_two_kinds"),
    ],
    ids=["plain", "errors differ", "biased against a place", "skewed people", "two kinds of people"],
)
def test_intervals_cover_though_the_detector_errs(company, record_property):
    replications = 30
    covered = np.empty((replications, 3))
    for number in range(replications):
        human, automatic, truth = marks(company, SEED + number)
        _, low, high = shares(combine(human, automatic).rated)
        inside, order = (low <= truth) & (truth <= high), np.argsort(truth)
        covered[number] = inside.mean(), inside[order[:4]].mean(), inside[order[-4:]].mean()

    mean, error = covered.mean(axis=0), covered.std(axis=0, ddof=1) / np.sqrt(replications)
    found = f"average, worst and best tenth: {mean.round(3)} ± {error.round(3)}"
    record_property("coverage", found)
    assert mean[0] + 2.576 * error[0] >= 0.94, found
