"""Evaluators' habits on a wide scale: severity, width, noise."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.ordered.habits import habits

SEED = 20_261_123


@pytest.fixture(scope="module")
def panel():
    """600 subjects, each rated by 8 of 30 evaluators from 0 to 100, and the truth."""
    random = np.random.default_rng(SEED)
    rated, severity = random.normal(0, 10, 600), random.normal(0, 5, 30)
    width, noise = np.exp(random.normal(0, 0.3, 30)), np.exp(random.normal(1.8, 0.5, 30))
    subject = np.repeat(np.arange(600), 8)
    eye = random.integers(0, 30, len(subject))
    values = 50 + severity[eye] + width[eye] * rated[subject] + noise[eye] * random.normal(0, 1, len(eye))
    return np.clip(values, 0, 100), subject, eye, (rated, severity, width, noise)


def test_severity_width_and_noise_of_each_evaluator_are_found_again(panel):
    *given, (rated, severity, width, noise) = panel
    found = habits(*given, lowest=0, highest=100)

    assert np.corrcoef(found.subjects, rated)[0, 1] > 0.95
    assert found.severity - found.severity.mean() == pytest.approx(severity - severity.mean(), abs=2.0)
    assert np.corrcoef(found.width, width)[0, 1] > 0.97
    assert np.corrcoef(np.log(found.noise), np.log(noise))[0, 1] > 0.95


def test_what_was_rated_lies_within_two_of_its_deviations_as_often_as_it_should(panel):
    *given, (rated, _, width, _) = panel
    found = habits(*given, lowest=0, highest=100)
    # widths are told only up to their common size
    off = found.subjects - rated * (width.mean() / found.width.mean())

    assert np.mean(np.abs(off) < 2 * found.deviation) == pytest.approx(0.954, abs=0.03)


def test_somebody_unknown_is_expected_as_the_average(panel):
    *given, _ = panel
    found = habits(*given, lowest=0, highest=100)

    assert found.expected([-1, 10_000], [-1, 99]) == pytest.approx([found.mean] * 2)
    assert found.expected([3], [-1])[0] == pytest.approx(found.mean + found.subjects[3])


def test_values_all_alike_are_that_value_for_everyone():
    found = habits(np.full(12, 7.0), np.repeat(np.arange(4), 3), np.tile([0, 1, 2], 4), lowest=0, highest=10)

    assert found.expected(np.arange(4), np.zeros(4, int)) == pytest.approx(7.0, abs=1e-3)


@pytest.mark.parametrize(
    ("values", "subject", "evaluator", "code"),
    [
        ([], [], [], "rating_empty"),
        ([1.0, 11.0], [0, 1], [0, 0], "rating_value_range"),
        ([1.0, np.nan], [0, 1], [0, 0], "rating_value_range"),
        ([1.0, 2.0], [0], [0, 0], "rating_shape"),
        ([1.0, 2.0], [0, -1], [0, 0], "rating_code_range"),
        ([1.0, 2.0], [0, 1], [0.5, 0.0], "rating_code_range"),
    ],
)
def test_what_cannot_be_fitted_is_refused(values, subject, evaluator, code):
    with pytest.raises(EngineInputError) as refused:
        habits(values, np.array(subject), np.array(evaluator), lowest=0, highest=10)

    assert refused.value.code == code
