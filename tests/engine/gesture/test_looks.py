"""Looked at every day for a year: how often chance is taken for an effect, and effects are seen."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.simulation


@pytest.mark.parametrize("usual", [0.05, 0.3, 0.8])
def test_a_gesture_without_effect_is_stopped_falsely_in_at_most_one_policy_of_twenty(usual):
    from gesture.looks import shares

    year = shares(300, 11, usual=usual, effect=0.0)

    assert year.found - 2.576 * year.error <= 0.05
    assert year.naive > 0.2  # what looking daily at a plain test would do


def test_amounts_with_a_long_tail_keep_false_stops_near_one_in_twenty():
    from gesture.looks import spend

    year = spend(300, 12)

    assert year.found - 2.576 * year.error <= 0.05


def test_ten_more_who_return_of_a_hundred_are_seen_within_the_year():
    from gesture.looks import shares

    year = shares(200, 13, usual=0.3, effect=0.1)

    assert year.found + 2.576 * year.error >= 0.95
    assert year.wrong <= 0.05
