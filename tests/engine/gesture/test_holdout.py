"""Who is held out: at random, for good, and independently from policy to policy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.holdout import draw_of, is_held_out
from gracja.wording import say_error

SALT = b"a salt of sixteen or more bytes"
FIRST = 0.49623897119217397  # of ola, in the policy birthday
CUSTOMERS = [f"c{number}" for number in range(20_000)]
ids = st.text(min_size=1, max_size=30)
shares = st.floats(0, 1)


@given(customer=ids, policy=ids, share=shares, other=shares)
def test_raising_the_share_never_releases_anybody(customer, policy, share, other):
    low, high = sorted((share, other))

    assert is_held_out(customer, policy, low, SALT) <= is_held_out(customer, policy, high, SALT)


@given(customer=ids, policy=ids)
def test_at_no_share_nobody_is_held_out_and_at_the_whole_everybody(customer, policy):
    assert not is_held_out(customer, policy, 0.0, SALT)
    assert is_held_out(customer, policy, 1.0, SALT)


def test_the_draw_is_the_same_on_every_machine_and_for_ever():
    assert draw_of("ola", "birthday", SALT) == pytest.approx(FIRST)


def test_draws_are_even():
    assert kstest([draw_of(customer, "gift", SALT) for customer in CUSTOMERS], "uniform").pvalue > 0.001


def test_two_policies_and_two_salts_hold_out_independently():
    of = [
        np.array([draw_of(customer, policy, salt) for customer in CUSTOMERS])
        for policy, salt in (("gift", SALT), ("gift2", SALT), ("gift", SALT[::-1]))
    ]

    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert abs(np.corrcoef(of[one], of[other])[0, 1]) < 3.5 / np.sqrt(len(CUSTOMERS))
        together = np.mean((of[one] < 0.2) & (of[other] < 0.2))
        assert together == pytest.approx(0.04, abs=3.5 * np.sqrt(0.04 * 0.96 / len(CUSTOMERS)))


def test_where_the_policy_ends_and_the_customer_begins_matters():
    assert draw_of("bc", "a", SALT) != draw_of("c", "ab", SALT)


@pytest.mark.parametrize(
    ("share", "salt"), [(1.2, SALT), (-0.1, SALT), (float("nan"), SALT), (0.2, b"short")]
)
def test_a_share_or_salt_that_is_none_is_refused(share, salt):
    with pytest.raises(EngineInputError) as error:
        is_held_out("ola", "gift", share, salt)

    assert error.value.code == ("salt_length" if salt == b"short" else "held_share_out_of_range")
    assert all(say_error(error.value, lang) for lang in ("pl", "en"))
