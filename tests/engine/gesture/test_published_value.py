"""Customer value as published: Fader, Hardie & Lee (2005) and Fader & Hardie (2013) on CDNOW."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from gracja.engine.gesture.value.buying import fit_buying
from gracja.engine.gesture.value.history import summary_of
from gracja.engine.gesture.value.predict import expected_purchases
from gracja.engine.gesture.value.spending import fit_spending

pytestmark = pytest.mark.real_data
END = date(1997, 9, 30)


@pytest.fixture
def model(published):
    return fit_buying(published["frequency"], published["recency"], published["T"])


@pytest.fixture
def summary(transactions):
    return summary_of(transactions, END)


def to_cents(amounts):
    """Half up, as the published file of mean amounts was written."""
    return np.floor(amounts * 100 + 0.5 + 1e-9) / 100


def test_how_often_customers_buy_has_the_published_parameters(model):
    found = (model.r, model.alpha, model.a, model.b)

    assert found == pytest.approx((0.24259, 4.41353, 0.79289, 2.42577), abs=2e-5)
    assert model.log_likelihood == pytest.approx(-9582.4256, abs=1e-4)
    assert (model.customers, model.repeaters) == (2357, 946)


def test_how_much_customers_spend_has_the_published_parameters(summary):
    means = to_cents(summary["mean_spend"].to_numpy())

    model = fit_spending(summary["frequency"], means)

    assert (model.p, model.q, model.gamma) == pytest.approx((6.2488, 3.7446, 15.4478), abs=1e-4)
    assert model.log_likelihood == pytest.approx(-4055.9232, abs=1e-4)
    assert model.repeaters == 946
    assert model.correlation == pytest.approx(0.11, abs=0.01)


def test_amounts_not_rounded_to_cents_fit_at_least_as_well(summary):
    means = summary["mean_spend"].to_numpy()

    assert fit_spending(summary["frequency"], means).log_likelihood == pytest.approx(-4055.9177, abs=1e-4)


def test_the_next_39_weeks_are_predicted_as_published(model, published, transactions):
    predicted = expected_purchases(model, published["frequency"], published["recency"], published["T"], 39)
    later = summary_of(transactions, date(1998, 6, 30))

    actual = sum(later["frequency"].to_pylist()) - published["frequency"].sum()

    assert round(predicted.sum()) == 1653
    assert actual == 1882


def test_purchases_become_the_published_histories(summary, published):
    assert summary["frequency"].to_pylist() == published["frequency"].to_list()
    assert summary["recency"].to_numpy() == pytest.approx(published["recency"].to_numpy(), abs=0.006)
    assert summary["observed"].to_numpy() == pytest.approx(published["T"].to_numpy(), abs=0.006)
