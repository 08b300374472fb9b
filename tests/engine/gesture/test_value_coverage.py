"""Intervals of customer value hold the truth as often as they say; simulated, with the simulation's error."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.simulation


def within(figure, low, high):
    """Whether the 99 % interval of a simulated share reaches the band."""
    return figure.share + 2.576 * figure.error >= low and figure.share - 2.576 * figure.error <= high


def test_parameters_lie_in_their_intervals_and_later_purchases_and_spend_in_theirs():
    from gesture.coverage import value_coverage

    found = value_coverage(replications=40, count=2_400, seed=3)

    for name in ("r", "alpha", "a", "b", "p", "q", "gamma"):
        assert within(found[name], 0.92, 0.98), (name, found[name])
    # counts are whole and many customers never come again: at least the level
    assert within(found["purchases"], 0.95, 1.0), found["purchases"]
    assert within(found["spend"], 0.94, 1.0), found["spend"]
    assert within(found["spend of the frequent"], 0.92, 0.98), found["spend of the frequent"]
