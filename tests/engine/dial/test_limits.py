"""The overdose guard and the price of a talk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from dial_situations import RULES
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.dial.load import cost_of
from gracja.engine.dial.overdose import PERIOD, may_start_contact
from gracja.engine.errors import EngineInputError

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def days(*numbers):
    return [NOON + timedelta(days=number) for number in numbers]


def test_two_contacts_in_thirty_days_and_no_third():
    assert may_start_contact([], NOON, RULES).left == 2
    assert may_start_contact(days(-10), NOON, RULES).left == 1
    third = may_start_contact(days(-10, -3), NOON, RULES)
    assert (third.now, third.free_from) == (False, NOON - timedelta(days=10) + PERIOD)


def test_planned_contacts_count():
    assert not may_start_contact(days(5, 9), NOON, RULES).now


def test_what_is_thirty_days_old_counts_no_more():
    assert may_start_contact(days(-30, -31), NOON, RULES).left == 2


def test_a_company_may_start_none():
    none = RULES.model_copy(
        update={"overdose": RULES.overdose.model_copy(update={"contacts_started_in_30_days": 0})}
    )
    never = may_start_contact([], NOON, none)

    assert (never.now, never.left, never.free_from) == (False, 0, None)


@given(st.lists(st.integers(-90 * 24, 90 * 24), max_size=30))
def test_whoever_asks_first_starts_never_more_than_two_in_any_thirty_days(hours):
    started = []
    for hour in hours:
        at = NOON + timedelta(hours=hour)
        if may_start_contact(started, at, RULES).now:
            started.append(at)

    for begin in started:
        assert sum(begin <= time < begin + PERIOD for time in started) <= 2


@given(st.lists(st.integers(-90 * 24, 90 * 24), min_size=2, max_size=30))
def test_when_it_says_free_it_is_free(hours):
    started = [NOON + timedelta(hours=hour) for hour in hours]
    told = may_start_contact(started, NOON, RULES)
    if told.free_from is not None:
        assert told.free_from > NOON
        assert may_start_contact(started, told.free_from, RULES).now
        assert not may_start_contact(started, told.free_from - timedelta(seconds=1), RULES).now


def test_minutes_of_talk_cost_everyone_who_waits():
    assert cost_of("personal", 5, RULES).others_minutes == 4 * 5
    assert cost_of("personal", 5, RULES, servers=2).others_minutes == 4 * 5 / 2
    assert cost_of("personal", 5, RULES, busy=0.8).others_minutes == pytest.approx(4 * 5 / 0.2)
    assert cost_of("discreet", 5, RULES).others_minutes == 0


def test_a_queue_served_in_order_waits_as_long_as_the_formula_says():
    """Poisson arrivals, exponential service, one server: the mean over 4,000 seeded busy periods."""
    import numpy as np

    rng = np.random.default_rng(20261122)
    busy, waiting, extra = 0.6, 4, 4.0
    delayed = []
    for _ in range(4_000):
        work, people = rng.exponential(1.0, waiting).sum(), waiting
        while work > 0:  # arrivals while the work of those before them is done
            came = rng.poisson(busy * work)
            people += came
            work = rng.exponential(1.0, came).sum()
        delayed.append(people * extra)
    error = np.std(delayed) / np.sqrt(len(delayed))

    assert abs(np.mean(delayed) - cost_of("personal", waiting, RULES, busy=busy).others_minutes) < 3 * error


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"queue": -1}, "queue_out_of_range"),
        ({"queue": 1, "servers": 0}, "servers_out_of_range"),
        ({"queue": 1, "busy": 1.0}, "busy_out_of_range"),
    ],
)
def test_an_impossible_queue_is_refused(given_, code):
    with pytest.raises(EngineInputError) as refused:
        cost_of("personal", given_.pop("queue"), RULES, **given_)

    assert refused.value.code == code
