"""The card says what is known of a detector, and can be read back."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from gracja.engine.detect.certainty.calibration import fold_numbers
from gracja.engine.detect.certainty.card import card_from_dict, card_to_dict, make_card
from gracja.engine.detect.certainty.intervals import exact_interval
from gracja.engine.errors import EngineInputError


def changed(card, *path, value):
    data = copy.deepcopy(card_to_dict(card))
    below = data
    for step in path[:-1]:
        below = below[step]
    below[path[-1]] = value
    return data


def test_a_card_is_read_back_as_it_was_written(card):
    assert card_from_dict(json.loads(json.dumps(card_to_dict(card), allow_nan=False))) == card


def test_a_card_of_a_detector_that_decides_nothing_is_read_back_too(card, scored):
    score, met = scored(60)
    nothing = make_card(card.about, score, np.roll(met, 7))

    assert nothing.thresholds.high is None
    assert nothing.of_decided.sensitivity.value is None
    assert card_from_dict(json.loads(json.dumps(card_to_dict(nothing), allow_nan=False))) == nothing


def test_accuracy_is_that_of_the_plain_decision_counted_by_hand(card, scored):
    _, met = scored(300)
    said = card.bare

    assert said.sensitivity.of == met.sum()
    assert said.specificity.of == (~met).sum()
    hits = round(said.sensitivity.value * said.sensitivity.of)
    false_alarms = said.specificity.of - round(said.specificity.value * said.specificity.of)
    assert card.f1 == pytest.approx(2 * hits / (met.sum() + hits + false_alarms))
    assert said.sensitivity == exact_interval(hits, int(met.sum()))


def test_most_is_decided_and_the_decided_are_surer_than_the_bare(card):
    assert card.decided.value > 0.8
    assert card.thresholds.wrong / card.thresholds.decided < 0.05
    assert card.of_decided.sensitivity.value >= card.bare.sensitivity.value
    assert card.scores.count == 4000


def test_marks_scored_without_their_fold_are_calibrated_without_it_too(card, scored):
    score, met = scored(300)
    folds = fold_numbers(met)
    score = score.copy()
    score[folds == 0] += 2.0

    moved = make_card(card.about, score, met, folds=folds)
    elsewhere = make_card(card.about, score, met, folds=np.arange(300) % 10)

    assert moved.quality.brier > elsewhere.quality.brier


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("marks",), 0),
        (("marks",), "many"),
        (("thresholds", "decided"), 301),
        (("thresholds", "low"), None),
        (("thresholds", "high"), 0.3),
        (("thresholds", "confidence"), 1.0),
        (("scores", "histogram"), [1, 2]),
        (("scores", "decided"), 4001),
        (("about", "design"), "guessed"),
        (("surplus",), 1),
    ],
)
def test_a_card_that_cannot_be_ours_is_refused(card, path, value):
    with pytest.raises(EngineInputError) as error:
        card_from_dict(changed(card, *path, value=value))
    assert error.value.code == "card_broken"


def test_a_card_cut_short_is_refused(card):
    data = card_to_dict(card)
    del data["quality"]

    for broken in (data, None, [], "card"):
        with pytest.raises(EngineInputError) as error:
            card_from_dict(broken)
        assert error.value.code == "card_broken"


def test_a_broken_calibration_on_a_card_is_refused(card):
    with pytest.raises(EngineInputError) as error:
        card_from_dict(changed(card, "calibration", "parameters", value=[1.0]))
    assert error.value.code == "calibration_broken"


def test_a_card_of_a_later_form_is_refused(card):
    with pytest.raises(EngineInputError) as error:
        card_from_dict(changed(card, "form", value=2))
    assert (error.value.code, error.value.facts) == ("card_version", {"given": 2, "known": 1})
