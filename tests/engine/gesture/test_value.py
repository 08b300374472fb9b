"""What a customer is worth: histories, fits and predictions."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from gracja.engine.errors import EngineInputError
from gracja.engine.gesture.value import buying as buying_module
from gracja.engine.gesture.value import spending as spending_module
from gracja.engine.gesture.value.buying import BuyingModel, fit_buying
from gracja.engine.gesture.value.history import PURCHASES, summary_of
from gracja.engine.gesture.value.predict import (
    chance_active,
    expected_purchases,
    purchase_chances,
    purchases_interval,
)
from gracja.engine.gesture.value.spending import fit_spending
from gracja.engine.gesture.value.worth import customer_value, expected_spend, worth_of
from gracja.wording import say_error

CDNOW = BuyingModel(0.24259, 4.41353, 0.79289, 2.42577, -9582.4256, 2357, 946, np.eye(4))


def purchases(*rows):
    return pa.Table.from_pylist(
        [
            {"customer": who, "at": datetime(*when, tzinfo=UTC), "amount": amount}
            for who, when, amount in rows
        ],
        schema=PURCHASES,
    )


class TestHistories:
    def test_purchases_of_one_day_are_one_and_the_first_says_nothing_of_the_repeat_spend(self):
        table = purchases(
            ("ola", (2026, 3, 1, 9), 10.0),
            ("ola", (2026, 3, 8, 9), 20.0),
            ("ola", (2026, 3, 8, 17), 5.0),
            ("jan", (2026, 3, 15, 9), 7.0),
        )

        rows = summary_of(table, date(2026, 3, 29)).to_pylist()

        assert rows == [
            {"customer": "jan", "frequency": 0, "recency": 0.0, "observed": 2.0, "mean_spend": None},
            {"customer": "ola", "frequency": 1, "recency": 1.0, "observed": 4.0, "mean_spend": 25.0},
        ]

    def test_a_day_is_the_shops_day_also_when_clocks_change(self):
        late = purchases(("ola", (2026, 3, 28, 22, 30), 10.0), ("ola", (2026, 3, 28, 23, 30), 10.0))

        assert summary_of(late, date(2026, 4, 1), zone="UTC")["frequency"].to_pylist() == [0]
        assert summary_of(late, date(2026, 4, 1), zone="Europe/Warsaw")["frequency"].to_pylist() == [1]

    def test_purchases_after_the_end_are_left_for_later(self):
        table = purchases(
            ("ola", (2026, 3, 1), 10.0), ("ola", (2026, 5, 1), 10.0), ("jan", (2026, 5, 2), 1.0)
        )

        assert summary_of(table, date(2026, 4, 1), "day").to_pylist() == [
            {"customer": "ola", "frequency": 0, "recency": 0.0, "observed": 31.0, "mean_spend": None}
        ]

    @pytest.mark.parametrize(
        ("amount", "code"), [(-1.0, "amount_below_zero"), (float("nan"), "amount_not_a_number")]
    )
    def test_an_amount_that_is_none_is_refused(self, amount, code):
        with pytest.raises(EngineInputError) as error:
            summary_of(purchases(("ola", (2026, 3, 1), amount)), date(2026, 4, 1))

        assert error.value.code == code
        assert all("ola" in say_error(error.value, lang) for lang in ("pl", "en"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("history", "code"),
        [
            (([1, 2], [1.0, 3.0], [4.0, 2.0]), "recency_beyond_observed"),
            (([1, 0], [1.0, 3.0], [4.0, 4.0]), "recency_without_repeat"),
            (([1.5, 0], [1.0, 0.0], [4.0, 4.0]), "frequency_not_a_count"),
            (([-1, 0], [1.0, 0.0], [4.0, 4.0]), "frequency_not_a_count"),
            (([1, 0], [1.0], [4.0, 4.0]), "shape_mismatch"),
            (([1, 0], [1.0, 0.0], [4.0, np.inf]), "recency_beyond_observed"),
            (([1, 0], [1.0, 0.0], [4.0, 4.0]), "too_few_repeaters"),
        ],
    )
    def test_a_history_that_cannot_be_is_refused(self, history, code):
        with pytest.raises(EngineInputError) as error:
            fit_buying(*history)

        assert error.value.code == code
        assert all(say_error(error.value, lang) for lang in ("pl", "en"))

    def test_customers_who_all_buy_alike_fix_no_parameters(self):
        many = np.ones(200)

        with pytest.raises(EngineInputError) as error:
            fit_buying(many * 5, many * 10, many * 10)

        assert error.value.code == "value_not_converged"
        assert all(say_error(error.value, lang) for lang in ("pl", "en"))

    def test_amounts_below_zero_and_too_few_amounts_are_refused(self):
        with pytest.raises(EngineInputError, match="amount_below_zero"):
            fit_spending([1, 2], [3.0, -1.0])
        with pytest.raises(EngineInputError, match="too_few_repeaters"):
            fit_spending([1, 0], [3.0, np.nan])

    @pytest.mark.parametrize("periods", [0, -1, float("nan"), float("inf")])
    def test_a_horizon_without_length_is_refused(self, periods):
        with pytest.raises(EngineInputError, match="horizon_out_of_range"):
            expected_purchases(CDNOW, [1], [1.0], [2.0], periods)


class TestFits:
    def test_the_gradients_are_those_of_the_likelihoods(self, made_up):
        part = slice(0, 300)
        told = made_up.frequency[part] > 0
        likelihoods = [
            (
                buying_module._Likelihood(
                    made_up.frequency[part], made_up.recency[part], made_up.observed[part]
                ),
                np.log([0.3, 5.0, 0.9, 2.0]),
            ),
            (
                spending_module._Likelihood(made_up.frequency[part][told], made_up.mean_spend[part][told]),
                np.log([5.0, 3.0, 12.0]),
            ),
        ]
        for likelihood, logs in likelihoods:
            by_differences = approx_fprime(logs, lambda at, of=likelihood: of.of_logs(at)[0], 1e-7)
            assert likelihood.of_logs(logs)[1] == pytest.approx(by_differences, rel=1e-4, abs=1e-2)

    def test_counting_customers_in_weeks_or_days_is_the_same_model(self, made_up, buying):
        days = fit_buying(made_up.frequency, made_up.recency * 7, made_up.observed * 7)

        assert (days.r, days.alpha / 7, days.a, days.b) == pytest.approx(
            (buying.r, buying.alpha, buying.a, buying.b), rel=1e-6
        )

    def test_more_customers_narrow_the_intervals(self, made_up, buying):
        few = slice(0, 1000)
        part = fit_buying(made_up.frequency[few], made_up.recency[few], made_up.observed[few])

        for name, (low, high) in buying.intervals().items():
            wide = part.intervals()[name]
            assert high / low < wide[1] / wide[0]

    def test_an_interval_holds_its_parameter(self, spending):
        for name, (low, high) in spending.intervals(0.9).items():
            assert low < getattr(spending, name) < high


class TestPredictions:
    def test_who_never_came_again_is_taken_to_be_active(self):
        assert chance_active(CDNOW, [0], [0.0], [30.0]) == [1.0]

    @given(
        frequency=st.integers(0, 300),
        share=st.floats(0, 1),
        observed=st.floats(0.5, 200),
        periods=st.floats(0.1, 150),
    )
    def test_the_expectation_is_that_of_the_predictive_distribution(
        self, frequency, share, observed, periods
    ):
        assume(frequency <= 7 * observed)  # weeks, and one day counts once
        history = (frequency, share * observed if frequency else 0.0, observed)

        chances = purchase_chances(CDNOW, *history, periods)
        expected = expected_purchases(CDNOW, *([value] for value in history), periods)[0]

        assert chances.sum() == pytest.approx(1)
        assert (chances >= -1e-12).all()
        assert expected == pytest.approx(chances @ np.arange(len(chances)), rel=1e-3, abs=1e-5)

    def test_a_model_at_the_edge_of_its_formula_predicts_as_its_neighbours_do(self):
        def at(a):
            model = BuyingModel(0.3, 4.0, a, 2.4, 0.0, 0, 0, np.eye(4))
            return expected_purchases(model, [3], [20.0], [30.0], 20)[0]

        assert at(1.0) == pytest.approx((at(0.999) + at(1.001)) / 2, rel=1e-5)

    def test_an_interval_is_that_of_the_distribution(self):
        histories = np.array([[0, 0, 30.0], [5, 25.0, 30.0], [29, 30.0, 31.0]]).T
        interval = purchases_interval(CDNOW, *histories, 39, level=0.9)

        for row, history in enumerate(histories.T):
            below = np.cumsum(purchase_chances(CDNOW, *history, 39))
            assert interval.low[row] == np.searchsorted(below, 0.05)
            assert interval.high[row] == np.searchsorted(below, 0.95)

    def test_who_came_more_recently_is_worth_more(self, buying, spending):
        recent, former = [
            worth_of(buying, spending, (5, recency, 38.0, 30.0), 52).value for recency in (37.0, 8.0)
        ]

        assert recent > 3 * former

    def test_a_discount_lowers_the_value_and_never_raises_an_end(self, buying, spending):
        plain = worth_of(buying, spending, (5, 30.0, 38.0, 30.0), 52)
        discounted = worth_of(buying, spending, (5, 30.0, 38.0, 30.0), 52, discount=0.002)

        assert 0.9 * plain.value < discounted.value < plain.value
        assert discounted.high < plain.high
        assert plain.low <= plain.value <= plain.high

    def test_value_without_discount_is_purchases_times_spend(self, made_up, buying, spending):
        history = (made_up.frequency, made_up.recency, made_up.observed)
        value = customer_value(buying, spending, (*history, made_up.mean_spend), 26)

        spend = expected_spend(spending, made_up.frequency, made_up.mean_spend)
        assert value == pytest.approx(expected_purchases(buying, *history, 26) * spend)

    def test_the_spend_of_who_never_came_again_is_everyones(self, spending):
        everyones = spending.p * spending.gamma / (spending.q - 1)

        assert expected_spend(spending, [0], [np.nan])[0] == pytest.approx(everyones)
