"""Ratings: who rates was not drawn, so the silent are counted at their worst and at their best."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.effect.ratings import STARS, Rated, rating_difference

SHARE = np.array([0.02, 0.03, 0.05, 0.3, 0.6])


def rated(open_drawn, held_drawn, *, answer_open, answer_held, mood=SHARE, held_mood=SHARE):
    """Everybody drawn; so many of each side answer, in that mood."""
    sides = ((open_drawn, answer_open, mood), (held_drawn, answer_held, held_mood))
    open_, held = (tuple(int(drawn * answers * one) for one in of_them) for drawn, answers, of_them in sides)
    return Rated(0.5, open_, held, open_drawn - sum(open_), held_drawn - sum(held))


@pytest.mark.parametrize(("n", "more"), [(1500, 1.15), (1500, 1.1), (5000, 1.05), (200_000, 1.2)])
def test_a_gesture_that_only_makes_people_answer_is_no_better_service(n, more):
    found = rating_difference([rated(n, n, answer_open=0.5 * more, answer_held=0.5)])

    assert found.low < 0 < found.high
    assert found.open_mean == pytest.approx(found.held_mean, abs=0.01)


def test_nor_is_one_that_makes_the_pleased_answer():
    pleased = np.array([0.0, 0.0, 0.0, 0.1, 0.9])
    found = rating_difference([rated(9000, 9000, answer_open=0.6, answer_held=0.5, mood=pleased)])

    assert found.open_mean > found.held_mean + 0.2
    assert found.low < 0


def test_where_nearly_all_rate_a_large_difference_is_seen():
    sad = np.array([0.5, 0.3, 0.1, 0.1, 0.0])
    found = rating_difference([rated(4000, 4000, answer_open=0.95, answer_held=0.95, held_mood=sad)])

    assert 0 < found.low < 4.43 - 1.8 < found.high


def test_where_nobody_rates_it_may_be_anything_and_no_mean_is_told():
    found = rating_difference([Rated(0.5, (0,) * 5, (0,) * 5, 400, 400)])

    assert (found.open_mean, found.held_mean) == (None, None)
    assert found.low < -3
    assert found.high > 3


def test_before_anybody_was_drawn_there_is_nothing_to_say_and_no_count_is_negative():
    assert rating_difference([Rated(0.5, (0,) * 5, (0,) * 5, 7, 0)]) is None
    assert len(STARS) == 5
    with pytest.raises(EngineInputError, match="count_out_of_range"):
        rating_difference([Rated(0.5, (0,) * 5, (0,) * 5, -1, 3)])
