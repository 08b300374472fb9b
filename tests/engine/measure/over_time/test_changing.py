"""When a share changed, and how rarely a change is seen where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.over_time.changing import change


def test_a_change_is_found_where_it_was_made():
    random = np.random.default_rng(1)
    judged = random.integers(30, 60, 60)
    met = random.binomial(judged, np.where(np.arange(60) < 35, 0.9, 0.75))

    found = change(met, judged)

    assert found.sure
    assert abs(found.period - 35) <= 3
    assert found.before == pytest.approx(0.9, abs=0.03)
    assert found.after == pytest.approx(0.75, abs=0.03)


@pytest.mark.simulation
@pytest.mark.parametrize("spread", [0.0, 0.06])
def test_where_nothing_changes_one_series_in_twenty_seems_to_at_five_percent(spread):
    random = np.random.default_rng(3)
    judged = np.full((400, 60), 80)
    met = random.binomial(judged, np.clip(random.normal(0.8, spread, judged.shape), 0, 1))

    seen = sum(change(*pair, level=0.05, draws=400).sure for pair in zip(met, judged, strict=True))

    # 20 of 400, within three standard errors; the dispersion is itself estimated, which costs a little
    assert 7 <= seen <= 36


@pytest.mark.simulation
@pytest.mark.parametrize("periods", [8, 12, 20])
def test_a_few_periods_seem_to_change_no_more_often_than_many(periods):
    met = np.random.default_rng(4).binomial(100, 0.7, (1000, periods))
    judged = np.full(periods, 100)

    seen = sum(change(one, judged, level=0.02, draws=400).sure for one in met)

    assert seen <= 20 + 3 * 4.5


def test_periods_without_a_judgement_are_passed_over():
    met = np.array([9, 9, 0, 8, 9, 9, 0, 9, 8, 3, 2, 4, 0, 3, 2, 3, 4])
    judged = np.where(met > 0, 10, 0)

    found = change(met, judged)

    assert (found.period, found.sure) == (9, True)


def test_a_single_miss_among_nearly_all_met_is_no_change():
    found = change([5] + [6] * 10, [6] * 11)

    assert not found.sure
    assert found.p > 0.05
    assert change([6] * 30 + [3, 2, 3, 4, 2, 3, 3, 2], [6] * 38).sure


def test_too_little_to_tell_is_no_change():
    assert change([1, 2, 1], [2, 2, 2]) is None
    assert change([5] * 20, [5] * 20) is None
    assert change([0] * 20, [0] * 20) is None


def test_a_level_that_is_none_is_refused():
    with pytest.raises(EngineInputError, match="change_level"):
        change([1] * 10, [2] * 10, level=0)
