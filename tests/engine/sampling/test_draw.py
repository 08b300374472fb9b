"""The design: fixed size, known probabilities, unbiased estimates, checked by simulation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.sampling.draw import Design, seats_by_size

RUNS = 4_000
FAR = 4.5  # standard errors: one false alarm in 150,000 comparisons


@st.composite
def designs(draw):
    """Any strata with any seats, and any order."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    seats = [draw(st.integers(1, size)) for size in sizes]
    order = draw(st.permutations(range(sum(sizes))))
    active = draw(st.integers(0, sum(sizes) - sum(seats)))
    strata = np.repeat(np.arange(len(sizes)), sizes)
    return Design(strata, np.array(seats), np.array(order), active)


def every_draw(design):
    """All equally likely random parts, each with what the order adds: (contacts,) asked or not."""
    parts = [
        itertools.combinations(np.flatnonzero(design.strata == stratum).tolist(), int(seats))
        for stratum, seats in enumerate(design.seats)
    ]
    for part in itertools.product(*parts):
        random = np.zeros(len(design.strata), dtype=bool)
        random[[contact for chosen in part for contact in chosen]] = True
        asked = random.copy()
        asked[design.order[~random[design.order]][: design.active]] = True
        yield asked


@given(designs())
def test_the_probability_of_being_asked_is_what_counting_all_draws_gives(design):
    counted = np.mean(list(every_draw(design)), axis=0)

    assert np.allclose(design.inclusion, counted, atol=1e-9)


@given(designs(), st.integers(0, 2**63 - 1))
def test_every_draw_has_the_same_size_and_the_probabilities_add_up_to_it(design, seed):
    drawn = design.draw(seed)

    assert np.array_equal(np.bincount(design.strata[drawn.random]), design.seats)
    assert len(drawn.listed) == design.active
    assert not drawn.random[drawn.listed].any()
    assert design.random_inclusion.sum() == pytest.approx(design.seats.sum())
    assert design.inclusion.sum() == pytest.approx(design.seats.sum() + design.active)
    assert (design.inclusion > 0).all()


@given(designs(), st.integers(0, 2**63 - 1))
def test_a_seed_draws_the_same_again(design, seed):
    one, other = design.draw(seed), design.draw(seed)

    assert np.array_equal(one.random, other.random)
    assert np.array_equal(one.listed, other.listed)


@given(st.data())
def test_seats_are_in_proportion_add_up_and_stay_between_their_least_and_the_size(data):
    sizes = np.array(data.draw(st.lists(st.integers(1, 500), min_size=1, max_size=12)))
    least = np.array([data.draw(st.integers(0, min(4, int(size)))) for size in sizes])
    seats = data.draw(st.integers(int(least.sum()), int(sizes.sum())))

    given_ = seats_by_size(sizes, least, seats)

    assert given_.sum() == seats
    assert ((least <= given_) & (given_ <= sizes)).all()
    free = given_ > least
    if free.sum() > 1:  # those above their least share what is left, to within one seat
        rate = given_[free].sum() / sizes[free].sum()
        assert (np.abs(given_[free] - rate * sizes[free]) <= 1 + 1e-9).all()


@pytest.fixture
def heavily_active():
    """300 contacts of 20 employees; the list puts those first that fail a standard, with a few mistakes."""
    rng = np.random.default_rng(3)
    strata = np.sort(rng.integers(0, 20, 300))
    failed = rng.random(300) < np.linspace(0.05, 0.45, 300)
    order = np.lexsort((rng.random(300), ~failed ^ (rng.random(300) < 0.05)))
    return strata, failed.astype(float), order


@pytest.mark.parametrize("per_employee", [0, 1])
def test_estimates_are_unbiased_under_heavy_active_selection(heavily_active, per_employee):
    """Horvitz-Thompson of the random part and of everyone asked, against a mean that ignores the design.

    Estimand: the share of failures among all 300 contacts. 40 random and 40 listed, 4,000 draws; the mean
    of the estimates must lie within 4.5 Monte-Carlo standard errors of it.
    """
    employees, failed, order = heavily_active
    strata = employees if per_employee else np.zeros_like(employees)
    sizes = np.bincount(strata)
    design = Design(strata, seats_by_size(sizes, np.minimum(sizes, 1), 40), order, 40)
    random_part, everyone, naive = np.empty((3, RUNS))
    for run in range(RUNS):
        drawn = design.draw(run)
        asked = np.concatenate([np.flatnonzero(drawn.random), drawn.listed])
        random_part[run] = (failed / design.random_inclusion)[drawn.random].sum() / len(failed)
        everyone[run] = (failed / design.inclusion)[asked].sum() / len(failed)
        naive[run] = failed[asked].mean()

    for estimates in (random_part, everyone):
        assert abs(estimates.mean() - failed.mean()) < FAR * estimates.std() / RUNS**0.5
    assert naive.mean() - failed.mean() > 0.15  # the list is that one-sided
    assert everyone.std() < random_part.std()  # and what it adds is information


def test_the_share_among_the_random_part_alone_is_near_the_truth(heavily_active):
    """Hajek's ratio in unequal strata: its bias is far below its standard error."""
    strata, failed, order = heavily_active
    seats = np.maximum(1, np.minimum(np.bincount(strata), np.arange(20) % 4 + 1))
    design = Design(strata, seats, order, 30)
    weights = 1 / design.random_inclusion
    shares = np.empty(RUNS)
    for run in range(RUNS):
        random = design.draw(run).random
        shares[run] = np.average(failed[random], weights=weights[random])

    assert abs(shares.mean() - failed.mean()) < 0.1 * shares.std() + FAR * shares.std() / RUNS**0.5


def test_every_contact_is_drawn_as_often_as_it_should_be(heavily_active):
    strata, _, order = heavily_active
    design = Design(strata, np.minimum(np.bincount(strata), 2), order, 25)
    times = np.zeros(len(strata))
    asked_times = np.zeros(len(strata))
    for run in range(RUNS):
        drawn = design.draw(run)
        times += drawn.random
        asked_times += drawn.random
        asked_times[drawn.listed] += 1

    for counted, expected in ((times, design.random_inclusion), (asked_times, design.inclusion)):
        error = np.sqrt(expected * (1 - expected) / RUNS)
        assert (np.abs(counted / RUNS - expected) <= FAR * error + 1e-9).all()


def test_probabilities_of_a_large_design_need_no_large_memory():
    contacts, employees = 200_000, 1_000
    strata = np.arange(contacts) % employees
    design = Design(strata, np.full(employees, 2), np.random.default_rng(1).permutation(contacts), 1_000)

    assert design.inclusion.sum() == pytest.approx(3_000, abs=1e-6)
