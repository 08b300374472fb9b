"""Control charts: the published example, run lengths, and what a chart must not be fooled by."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.over_time.charts import ALL_RULES, THREE_SIGMAS, Rules, chart
from gracja.engine.measure.over_time.lengths import in_control
from gracja.engine.measure.over_time.signals import BEYOND, DRIFT, IN_CONTROL_PERIODS, RUN

ROWS_OF_COUNTS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair))),
    min_size=2,
    max_size=40,
)


@pytest.mark.real_data
def test_the_orange_juice_has_its_published_limits_and_signals(data_folder):
    with gzip.open(data_folder / "orangejuice30.txt.gz", "rt") as file:
        lines = file.read().splitlines()[1:31]
    defective, size = (np.array([int(line.split()[column]) for line in lines]) for column in (1, 2))

    found = chart(defective, size, kind="p", rules=THREE_SIGMAS)

    low, high = found.limits(0)
    assert found.centre[0] == pytest.approx(0.231333, abs=5e-7)
    assert (low[0], high[0]) == pytest.approx((0.052428, 0.410239), abs=5e-7)
    assert (np.flatnonzero(found.signals[0] & BEYOND) + 1).tolist() == [15, 23]


def test_a_site_that_varies_more_than_counts_would_gets_wider_limits_but_only_in_laney_s_chart():
    random = np.random.default_rng(5)
    judged = np.full(200, 400)
    met = random.binomial(judged, random.normal(0.8, 0.05, 200))

    plain, laney = (chart(met, judged, kind=kind, rules=THREE_SIGMAS) for kind in ("p", "laney"))

    assert plain.dispersion[0] == 1.0
    assert laney.dispersion[0] == pytest.approx(np.sqrt(0.05**2 / (0.8 * 0.2 / 400) + 1), rel=0.15)
    assert (plain.signals > 0).sum() > 10 * (laney.signals > 0).sum()


def test_counts_that_are_binomial_leave_laney_s_dispersion_at_one():
    random = np.random.default_rng(6)
    judged = random.integers(20, 60, (400, 100))

    found = chart(random.binomial(judged, 0.7), judged)

    assert found.dispersion.mean() == pytest.approx(1.0, abs=0.01)


@pytest.mark.simulation
@pytest.mark.parametrize(
    ("rules", "periods"),
    [
        (THREE_SIGMAS, 370.4),  # 1 / P(|z| > 3)
        (ALL_RULES, IN_CONTROL_PERIODS),
    ],
)
def test_where_nothing_changes_a_chart_is_silent_for_a_year(rules, periods):
    found = in_control(rules, series=10_000)

    assert found.mean == pytest.approx(periods, abs=4 * found.error)
    assert found.cut == 0


def test_a_lasting_small_fall_is_seen_by_the_average_sooner_than_by_single_periods():
    random = np.random.default_rng(2)
    judged = np.full((300, 180), 50)
    met = random.binomial(judged, np.where(np.arange(180) < 80, 0.85, 0.79))

    signals = chart(met, judged, baseline=80).signals[:, 80:]

    drift, beyond = (np.argmax(np.pad(signals & bit, ((0, 0), (0, 1)), constant_values=1), axis=1)
                     for bit in (DRIFT, BEYOND))  # fmt: skip
    assert np.median(drift) < 15 < np.median(beyond)


def test_twelve_in_a_row_on_one_side_are_a_run_and_eleven_are_not():
    met = np.array([60, 40] * 4 + [51] * 12)
    found = chart(met, np.full(20, 100), kind="p", baseline=8)

    assert np.flatnonzero(found.signals[0] & RUN).tolist() == [19]


def test_a_period_without_a_judgement_neither_signals_nor_ends_a_run():
    met = np.array([60, 40] * 4 + [51] * 6 + [0] + [51] * 6)
    judged = np.full(21, 100)
    judged[14] = 0
    found = chart(met, judged, kind="p", baseline=8)

    assert np.isnan(found.z[0][14])
    assert found.signals[0][14] == 0
    assert np.flatnonzero(found.signals[0] & RUN).tolist() == [20]
    assert np.isnan(found.limits(0)[0][14])


def test_a_site_whose_baseline_is_all_met_or_empty_signals_nothing():
    found = chart([[5, 5, 0], [0, 0, 3]], [[5, 5, 9], [0, 0, 3]], baseline=2)

    assert not found.signals.any()
    assert np.isnan(found.z).all()
    assert np.isnan(found.centre[1])


@given(st.lists(ROWS_OF_COUNTS, min_size=2, max_size=4))
def test_many_sites_at_once_are_each_site_alone(sites):
    periods = min(len(site) for site in sites)
    met, judged = (np.array([[pair[side] for pair in site[:periods]] for site in sites]) for side in (0, 1))

    together = chart(met, judged)

    for row in range(len(sites)):
        alone = chart(met[row], judged[row])
        np.testing.assert_array_equal(alone.z[0], together.z[row])
        np.testing.assert_array_equal(alone.signals[0], together.signals[row])


@pytest.mark.parametrize(
    ("call", "code", "facts"),
    [
        (lambda: chart([1, 2], [1, 2, 3]), "shape_mismatch", {}),
        (lambda: chart([1, 2], [2, 1]), "chart_counts", {"site": 0, "period": 1}),
        (lambda: chart([1, -2], [2, 1]), "chart_counts", {"period": 1}),
        (lambda: chart([1, 0.5], [2, 1]), "chart_counts", {"period": 1}),
        (lambda: chart([1, np.nan], [2, 1]), "chart_counts", {"period": 1}),
        (lambda: chart([1, 1], [2, 1], baseline=3), "chart_baseline", {"given": 3, "periods": 2}),
        (lambda: chart([1, 1], [2, 1], kind="u"), "chart_kind", {"given": "u"}),
        (lambda: Rules(sigmas=0), "chart_rules", {}),
    ],
)
def test_impossible_counts_are_refused_with_their_place(call, code, facts):
    with pytest.raises(EngineInputError) as refused:
        call()

    assert refused.value.code == code
    assert facts.items() <= refused.value.facts.items()
