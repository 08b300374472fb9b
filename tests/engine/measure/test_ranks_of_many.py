"""Ranks of more people than pairs can be kept of: by intervals that hold all at once."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from gracja.engine.measure import ranks
from gracja.engine.measure.contrasts import Contrasts
from gracja.engine.measure.design import make_design
from gracja.engine.measure.posterior import Posterior, posterior_of
from gracja.engine.measure.ranks import (
    ranks_of_intervals,
    simultaneous_intervals,
    simultaneous_ranks,
    tiers,
)
from gracja.engine.measure.wide import DRAWS, Around, WideMode

SEED = 20_261_123


def company(random, truth, marks):
    """Marks of people of this truth (logits) by 20 evaluators, and a contrast of each person."""
    people = len(truth)
    who = np.repeat(np.arange(people), marks)
    eye = random.integers(0, 20, len(who))
    logits = truth[who] - random.normal(0, 0.3, 20)[eye]
    met = (random.random(len(who)) < 1 / (1 + np.exp(-logits))).astype(float)
    found = posterior_of(met, {"employee": who, "evaluator": eye})
    first = found.design.column_of("employee")
    return found, Contrasts.of_entries(found.design, people, [(n, first + n, 1.0) for n in range(people)])


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 3), st.floats(0, 3)), min_size=1, max_size=25))
def test_ranks_of_intervals_are_those_of_every_pair(people):
    mean, down, up = (np.array(column) for column in zip(*people, strict=True))
    low, high = mean - down, mean + up
    found = ranks_of_intervals(mean, low, high)
    better = low[:, None] > high

    assert found.low.tolist() == (1 + better.sum(axis=0)).tolist()
    assert found.high.tolist() == (len(mean) - better.sum(axis=1)).tolist()
    assert found.tier.tolist() == tiers(mean, better).tolist()


def test_among_ten_thousand_the_surely_better_half_is_parted_in_little_memory():
    truth = np.where(np.arange(10_000) % 2, 1.5, -1.5)
    found, contrasts = company(np.random.default_rng(SEED), truth, 100)
    tracemalloc.start()
    ranked = simultaneous_ranks(found, contrasts, 0.95)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 200e6  # one number for each pair would be 800 MB
    good = truth > 0
    assert (ranked.high[good] < 5500).mean() > 0.9
    assert (ranked.low[~good] > 4500).mean() > 0.9
    assert (ranked.low[good] <= 5000).all()
    assert (ranked.high[~good] > 5000).all()


def test_by_intervals_nobody_is_parted_who_is_not_by_pairs(monkeypatch):
    random = np.random.default_rng(SEED)
    found, contrasts = company(random, random.normal(0, 1.5, 60), 80)
    by_pairs = simultaneous_ranks(found, contrasts, 0.95)
    monkeypatch.setattr(ranks, "MOST_PAIRED", 10)
    by_intervals = simultaneous_ranks(found, contrasts, 0.95)

    assert (by_intervals.low <= by_pairs.low).all()
    assert (by_intervals.high >= by_pairs.high).all()
    # the price is small: the ranges are hardly longer
    assert (by_intervals.high - by_intervals.low).mean() < 1.4 * (by_pairs.high - by_pairs.low).mean()


def known_from_draws(people):
    """Everybody's effect is standard normal; that is known only from draws."""
    random = np.random.default_rng(SEED)
    design = make_design(np.full(people, 0.5), {"employee": np.arange(people)})
    drawn = Around(random.normal(size=(people, DRAWS)), np.zeros((1, DRAWS)))
    mode = WideMode(np.ones(1), np.ones(1), np.zeros(people + 1), drawn)
    contrasts = Contrasts.of_entries(design, people, [(n, n, 1.0) for n in range(people)])
    return Posterior(design, (mode,), np.ones(1)), contrasts


def test_intervals_from_draws_all_hold_at_once_with_the_probability_they_say():
    """Each chance of a miss is known here: their sum, which bounds that of any, is .05 but for the draws."""
    _, low, high = simultaneous_intervals(*known_from_draws(20_000), 0.95)

    missed = float((ndtr(low) + ndtr(-high)).sum())  # by normal tails .09
    assert missed == pytest.approx(0.05, rel=0.1)


def test_pairs_compared_by_draws_that_are_equal_are_seldom_parted():
    """The posterior draws 60 times; normal draws of such a covariance would part some of 1,000 nine times."""
    posterior, contrasts = known_from_draws(1_000)
    mode, random, parted = posterior.modes[0], np.random.default_rng(1), 0
    for _ in range(60):
        effects = np.append(random.normal(size=1_000), 0.0)
        moved = Posterior(
            posterior.design, (WideMode(mode.theta, mode.scale_rest, effects, mode.factor),), np.ones(1)
        )
        ranked = simultaneous_ranks(moved, contrasts, 0.95)
        parted += bool((ranked.low > 1).any() or (ranked.high < 1_000).any())

    assert parted <= 4


@pytest.mark.simulation
def test_intervals_of_ranks_hold_for_everyone_at_once(monkeypatch):
    monkeypatch.setattr(ranks, "MOST_PAIRED", 10)
    random, replications, missed = np.random.default_rng(SEED), 300, 0
    for _ in range(replications):
        truth = random.normal(0, 1.0, 40)
        ranked = simultaneous_ranks(*company(random, truth, 40), 0.95)
        true = 1 + (-truth).argsort().argsort()
        missed += bool(np.any((true < ranked.low) | (true > ranked.high)))

    share = missed / replications
    assert share - 2.576 * np.sqrt(share * (1 - share) / replications) <= 0.05, share
