"""Probabilities mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from gracja.engine.detect.certainty.calibration import (
    METHODS,
    calibration_from_dict,
    cross_fitted,
    fit_calibration,
    fold_numbers,
)
from gracja.engine.detect.certainty.logistic import logistic
from gracja.engine.detect.certainty.quality import quality
from gracja.engine.errors import EngineInputError


def drawn(marks, seed=1, slope=1.0, shift=0.0):
    """Scores of which the true log odds are slope * score + shift."""
    random = np.random.default_rng(seed)
    score = random.normal(scale=2.5, size=marks)
    return score, random.random(marks) < expit(slope * score + shift)


def test_the_regression_is_that_of_scikit_learn():
    score, met = drawn(500)
    peer = LogisticRegression(C=np.inf, tol=1e-10).fit(score[:, None], met)

    found = logistic(np.stack([score, np.ones(500)], axis=1), met.astype(float))

    assert found == pytest.approx([peer.coef_[0, 0], peer.intercept_[0]], rel=1e-3)


def test_platt_finds_how_much_too_sure_a_detector_was():
    score, met = drawn(20_000, slope=0.5, shift=-1.0)

    slope, intercept = fit_calibration(score, met, method="platt").parameters

    assert slope == pytest.approx(0.5, abs=0.03)
    assert intercept == pytest.approx(-1.0, abs=0.06)


def test_beta_gives_back_probabilities_that_were_right_already():
    score, met = drawn(20_000)

    found = fit_calibration(score, met, method="beta").probability(score)

    assert np.abs(found - expit(score)).max() < 0.02


def test_steps_are_those_of_scikit_learn_but_for_the_half_mark_of_either_answer():
    score, met = drawn(5000)
    peer = IsotonicRegression(out_of_bounds="clip").fit(score, met).predict(score)

    found = fit_calibration(score, met, method="isotonic")

    assert np.quantile(np.abs(found.probability(score) - peer), 0.95) < 0.03


@pytest.mark.parametrize("method", METHODS)
@given(st.lists(st.tuples(st.integers(-20, 20), st.booleans()), min_size=2, max_size=60))
def test_a_higher_score_never_means_a_lower_probability(method, marks):
    score, met = np.array([s for s, _ in marks], dtype=float), np.array([m for _, m in marks])
    if met.all() or not met.any():
        met[0] = not met[0]

    found = fit_calibration(score, met, method=method)
    probability = found.probability(np.linspace(-50, 50, 101))

    assert (np.diff(probability) >= -1e-12).all()
    assert ((probability > 0) & (probability < 1)).all()
    assert calibration_from_dict(found.to_dict()) == found


def test_few_marks_take_a_line_and_many_crooked_ones_take_steps():
    score, met = drawn(60)
    assert fit_calibration(score, met).method != "isotonic"

    random = np.random.default_rng(2)
    crooked = random.uniform(-3, 3, 4000)
    met = random.random(4000) < np.select([crooked < -1, crooked < 1], [0.02, 0.5], 0.98)
    assert fit_calibration(crooked, met).method == "isotonic"


def test_no_probability_knows_the_answer_of_its_own_fold():
    score, met = drawn(200)
    folds = fold_numbers(met)
    other = met.copy()
    other[folds == 3] = ~other[folds == 3]

    same = cross_fitted(score, met, folds=folds, method="platt")
    changed = cross_fitted(score, other, folds=folds, method="platt")

    assert np.array_equal(same[folds == 3], changed[folds == 3])
    assert not np.array_equal(same[folds != 3], changed[folds != 3])


def test_folds_share_both_answers_evenly():
    met = np.arange(100) < 30

    folds = fold_numbers(met)

    assert np.bincount(folds[met]).tolist() == [3] * 10
    assert np.bincount(folds).tolist() == [10] * 10


def test_calibration_takes_away_overconfidence():
    score, met = drawn(1500, slope=0.4)
    before = quality(expit(score), met)

    after = quality(cross_fitted(score, met), met)

    assert before.slope == pytest.approx(0.4, abs=0.06)
    assert after.slope == pytest.approx(1, abs=0.1)
    assert after.brier < before.brier
    assert after.log_loss < before.log_loss


def test_quality_by_hand():
    found = quality([0.1, 0.1, 0.8, 0.8], [False, True, True, True])

    assert found.brier == pytest.approx((0.01 + 0.81 + 0.04 + 0.04) / 4)
    assert found.log_loss == pytest.approx(-(np.log(0.9) + np.log(0.1) + 2 * np.log(0.8)) / 4)
    filled = [(bin_.said, bin_.met.value) for bin_ in found.reliability if bin_.met.of]
    assert filled == [(pytest.approx(0.1), 0.5), (pytest.approx(0.8), 1.0)]


def test_what_nothing_tells_is_null():
    found = quality([0.9, 0.8], [True, True])

    assert (found.slope, found.intercept) == (None, None)
    assert quality([], []).brier is None


@pytest.mark.parametrize(
    ("scores", "met", "code"),
    [
        ([1.0, 2.0], [True], "shape_mismatch"),
        ([1.0, np.inf], [True, False], "score_not_finite"),
        ([1.0, 2.0], [True, True], "calibration_one_answer"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(scores, met, code):
    with pytest.raises(EngineInputError) as error:
        fit_calibration(scores, met)
    assert error.value.code == code


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"method": "platt", "parameters": [1.0], "knots": []},
        {"method": "platt", "parameters": [1.0, float("nan")], "knots": []},
        {"method": "magic", "parameters": [1.0, 2.0], "knots": []},
        {"method": "isotonic", "parameters": [0.9, 0.1], "knots": [0.0, 1.0]},
        {"method": "isotonic", "parameters": [], "knots": []},
    ],
)
def test_a_calibration_cut_short_is_refused(broken):
    with pytest.raises(EngineInputError) as error:
        calibration_from_dict(broken)
    assert error.value.code == "calibration_broken"
