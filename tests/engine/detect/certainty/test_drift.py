"""When to check a detector again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, ks_2samp

from gracja.engine.detect.certainty.card import HISTOGRAM_BINS, card_from_dict, card_to_dict, make_card
from gracja.engine.detect.certainty.drift import compare, marks_to_draw
from gracja.engine.detect.certainty.intervals import exact_interval
from gracja.engine.errors import EngineInputError

from .conftest import ABOUT


def test_a_month_like_the_card_is_steady(card, scored):
    found = compare(card, card.calibration.probability(scored(3000, seed=3)[0]))

    assert (found.verdict, found.signals, found.marks_to_draw) == ("steady", (), 0)
    assert found.stability < 0.02
    assert found.expected_wrong < 0.05


def test_a_month_in_which_everybody_greets_is_checked_again(card, scored):
    score, met = scored(3000, seed=3)

    found = compare(card, card.calibration.probability(score[met]))

    assert found.verdict == "recheck"
    assert set(found.signals) >= {"scores", "mean"}
    assert found.mean > found.mean_then + 0.3


def test_a_month_in_which_the_detector_is_unsure_is_checked_again(card):
    found = compare(card, np.linspace(0.3, 0.7, 500))

    assert "decided" in found.signals
    assert found.decided < found.decided_then


def test_few_contacts_say_nothing(card):
    for contacts in (0, 99):
        found = compare(card, np.full(contacts, 0.5))
        assert (found.verdict, found.signals, found.contacts) == ("too_few", (), contacts)


def test_a_card_that_knows_too_few_contacts_without_a_mark_is_not_compared(scored):
    score, met = scored(300, seed=9)
    folds = np.arange(300) % 5
    by_folds = make_card(ABOUT, score, met, folds=folds)
    few_others = make_card(ABOUT, score, met, folds=folds, pool=scored(99, seed=10)[0])
    enough = make_card(ABOUT, score, met, folds=folds, pool=scored(100, seed=11)[0])

    verdicts = [compare(card, np.full(500, 0.5)).verdict for card in (by_folds, few_others, enough)]

    assert verdicts == ["too_few_then", "too_few_then", "recheck"]
    assert card_from_dict(card_to_dict(by_folds)).scores.by_folds


def test_a_change_of_no_consequence_is_no_alarm_however_many_contacts_show_it(card, scored):
    found = compare(card, card.calibration.probability(scored(300_000, seed=4, shift=0.1)[0]))

    assert found.verdict == "steady"


def test_the_distance_is_that_of_kolmogorov_and_smirnov_on_the_bins(card, scored):
    now = card.calibration.probability(scored(500, seed=5, shift=1.0)[0])
    middles = (np.arange(HISTOGRAM_BINS) + 0.5) / HISTOGRAM_BINS
    then = np.repeat(middles, card.scores.histogram)
    binned = middles[np.minimum((now * HISTOGRAM_BINS).astype(int), HISTOGRAM_BINS - 1)]

    assert compare(card, now).distance == pytest.approx(ks_2samp(then, binned).statistic)


def test_the_marks_to_draw_show_the_guarantee_four_times_in_five():
    marks = marks_to_draw(1.0, 0.05, 0.90)
    allowed = max(w for w in range(marks) if binom.cdf(w, marks, 0.05) <= 0.10)

    assert binom.cdf(allowed, marks, 0.025) >= 0.8
    assert marks_to_draw(0.5, 0.05, 0.90) == 2 * marks
    assert marks_to_draw(0.0, 0.05, 0.90) == marks


def test_what_is_no_probability_is_refused(card):
    with pytest.raises(EngineInputError) as error:
        compare(card, [0.5, 1.2])
    assert error.value.code == "probability_out_of_range"


@pytest.mark.simulation
@pytest.mark.parametrize("contacts", [100, 400, 2000])
def test_hardly_one_steady_month_in_a_hundred_is_an_alarm(card, scored, contacts):
    draws = 1000
    alarms = sum(
        compare(card, card.calibration.probability(scored(contacts, seed=1000 + draw)[0])).verdict
        == "recheck"
        for draw in range(draws)
    )

    assert exact_interval(alarms, draws, level=0.99).low <= 0.01, alarms


@pytest.mark.simulation
@pytest.mark.parametrize("marks", [100, 150])
def test_a_card_that_rests_on_few_marks_alone_raises_no_more_alarms(scored, marks):
    draws = 200
    alarms = 0
    for draw in range(draws):
        score, met = scored(marks + 400, seed=50_000 + draw)
        card = make_card(ABOUT, score[:marks], met[:marks])
        alarms += compare(card, card.calibration.probability(score[marks:])).verdict == "recheck"

    assert exact_interval(alarms, draws, level=0.99).low <= 0.01, alarms


@pytest.mark.simulation
def test_a_detector_that_few_marks_taught_raises_no_more_alarms():
    """A weak detector of 60 features that learned from 150 marks, beside contacts that nobody marked."""
    draws, marks, contacts, features = 150, 150, 400, 60
    random = np.random.default_rng(20_261_123)
    direction = np.zeros(features)
    direction[:5] = 0.9
    alarms = 0
    for _ in range(draws):
        signs = random.normal(size=(marks + 2 * contacts, features))
        met = random.random(len(signs)) < 1 / (1 + np.exp(-signs @ direction))
        folds = np.arange(marks) % 5
        held_out = np.empty(marks)
        for fold in range(5):
            held = folds == fold
            held_out[held] = signs[:marks][held] @ learned(signs[:marks][~held], met[:marks][~held])
        score = signs[marks:] @ learned(signs[:marks], met[:marks])
        card = make_card(ABOUT, held_out, met[:marks], folds=folds, pool=score[contacts:])
        found = compare(card, card.calibration.probability(score[:contacts]))
        assert found.verdict != "too_few_then"
        alarms += found.verdict == "recheck"

    assert exact_interval(alarms, draws, level=0.99).low <= 0.01, alarms


def learned(signs, met):
    """Ridge logistic regression, by Newton's steps."""
    weights = np.zeros(signs.shape[1])
    for _ in range(8):
        chance = 1 / (1 + np.exp(-np.clip(signs @ weights, -30, 30)))
        slope = signs.T @ (chance - met) + 0.3 * weights
        curve = (signs * (chance * (1 - chance))[:, None]).T @ signs + 0.3 * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return weights
