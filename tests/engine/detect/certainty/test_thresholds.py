"""Where to decide and where to abstain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from gracja.engine.detect.certainty.intervals import chance_of_so_few, exact_interval, least_decided
from gracja.engine.detect.certainty.thresholds import (
    ABSTAINED,
    GRID,
    Thresholds,
    choose_thresholds,
    decide,
    rarer_class,
)
from gracja.engine.errors import EngineInputError


@given(st.integers(1, 500), st.floats(0, 1))
def test_intervals_are_clopper_and_pearsons(of, share):
    count = round(of * share)
    peer = binomtest(count, of).proportion_ci(0.95, method="exact")

    found = exact_interval(count, of)

    assert (found.low, found.high) == (pytest.approx(peer.low), pytest.approx(peer.high))


def test_nothing_counted_has_no_share():
    found = exact_interval(0, 0)

    assert (found.value, found.low, found.high) == (None, None, None)


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_p_value_is_the_binomial_one(wrong, decided):
    assert chance_of_so_few(min(wrong, decided), decided, 0.05) == pytest.approx(
        binom.cdf(min(wrong, decided), decided, 0.05)
    )


def test_forty_five_decisions_without_error_are_the_fewest_that_show_five_percent():
    assert least_decided(0.05, 0.90) == 45
    assert 0.95**45 <= 0.10 < 0.95**44


def test_a_detector_without_errors_decides_everything():
    met = np.arange(300) % 2 == 0
    found = choose_thresholds(np.where(met, 0.7, 0.2), met)

    assert (found.low, found.high, found.decided, found.wrong) == (0.5, 0.5, 300, 0)


def test_too_few_marks_decide_nothing_even_without_errors():
    met = np.arange(44) % 2 == 0
    found = choose_thresholds(np.where(met, 0.999, 0.001), met)

    assert (found.low, found.high, found.decided) == (None, None, 0)
    assert (decide([0.001, 0.999], found) == ABSTAINED).all()


def test_the_unsure_are_left_to_people():
    sure, met_sure = np.repeat([0.02, 0.98], 120), np.repeat([False, True], 120)
    unsure, met_unsure = np.full(60, 0.6), np.arange(60) % 2 == 0
    probability, met = np.append(sure, unsure), np.append(met_sure, met_unsure)

    found = choose_thresholds(probability, met)

    assert (found.decided, found.wrong) == (240, 0)
    assert decide([0.02, 0.6, 0.98], found).tolist() == [0, ABSTAINED, 1]


def test_one_error_more_than_the_binomial_limit_allows_fails():
    # P(at most 9 of 300 wrong | 5 %) = 0.065, P(at most 10 of 300) = 0.114
    met = np.ones(300, dtype=bool)
    nine, ten = met.copy(), met.copy()
    nine[:9], ten[:10] = False, False

    assert choose_thresholds(np.full(300, 0.9), nine).decided == 300
    assert choose_thresholds(np.full(300, 0.9), ten).high is None


def test_testing_starts_with_the_sure_and_stops_at_the_first_failure():
    # sure ones wrong, unsure ones right: nothing is decided, though all together would pass
    sure, unsure = np.full(150, 0.97), np.full(1500, 0.6)
    met = np.append(np.arange(150) >= 15, np.ones(1500, dtype=bool))

    assert choose_thresholds(np.append(sure, unsure), met).high is None


def test_a_pair_must_pass_with_the_map_that_will_be_used_too():
    met = np.arange(300) % 2 == 0
    held_out = np.where(met, 0.9, 0.1)
    used = np.where(np.arange(300) < 30, 1 - held_out, held_out)

    assert choose_thresholds(held_out, met).decided == 300
    assert choose_thresholds(held_out, met, again=used).high is None


def test_the_pool_says_where_testing_starts():
    met = np.ones(300, dtype=bool)
    met[:2] = False  # two of the sixty surest are wrong: too many for so few
    probability = np.where(np.arange(300) < 60, 0.97, 0.8)

    early = choose_thresholds(probability, met, pool=np.full(100, 0.99))
    later = choose_thresholds(probability, met, pool=np.full(100, 0.8))

    assert (early.high, later.decided) == (None, 300)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=400),
    st.floats(0.01, 0.3),
    st.floats(0.5, 0.99),
)
def test_what_is_chosen_is_on_the_grid_and_passes_its_own_test(marks, most_wrong, confidence):
    probability, met = np.array([p for p, _ in marks]), np.array([m for _, m in marks])

    found = choose_thresholds(probability, met, most_wrong=most_wrong, confidence=confidence)
    answer = decide(probability, found)

    decided = answer != ABSTAINED
    assert (decided.sum(), (answer[decided] != met[decided]).sum()) == (found.decided, found.wrong)
    if found.high is not None:
        assert found.high in GRID
        assert found.low == pytest.approx(1 - found.high)
        assert binom.cdf(found.wrong, found.decided, most_wrong) <= 1 - confidence + 1e-9


@given(st.lists(st.floats(0, 1, width=32), min_size=1), st.sampled_from(GRID))
def test_a_probability_stored_in_32_bits_is_decided_as_it_was(probability, high):
    at = Thresholds(1 - high, high, 300, 300, 0, 0.05, 0.9)
    exact = np.round(np.array(probability, dtype=np.float64), 5)

    assert np.array_equal(decide(exact, at), decide(exact.astype(np.float32), at))


def test_the_rarer_answer_has_an_error_of_its_own():
    met = np.arange(300) < 50
    probability = np.where(met, 0.9, 0.1)
    probability[:5] = 0.1

    found = rarer_class(probability, met, choose_thresholds(probability, met))

    assert (found.met, found.wrong.value, found.wrong.of, found.bounded) == (True, 0.1, 50, True)


def test_a_rarer_answer_seen_too_seldom_cannot_be_bounded():
    met = np.arange(300) < 10
    probability = np.where(met, 0.9, 0.1)

    found = rarer_class(probability, met, choose_thresholds(probability, met))

    assert (found.wrong.of, found.needed, found.bounded) == (10, 45, False)


@pytest.mark.parametrize(
    ("probability", "met", "options", "code"),
    [
        ([0.5, 0.5], [True], {}, "shape_mismatch"),
        ([1.5], [True], {}, "probability_out_of_range"),
        ([np.nan], [True], {}, "probability_out_of_range"),
        ([0.5], [True], {"most_wrong": 0.0}, "level_out_of_range"),
        ([0.5], [True], {"confidence": 1.0}, "level_out_of_range"),
    ],
)
def test_what_is_no_probability_is_refused(probability, met, options, code):
    with pytest.raises(EngineInputError) as error:
        choose_thresholds(probability, met, **options)
    assert error.value.code == code
