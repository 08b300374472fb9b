"""The likelihood of one cell bends as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from gracja.engine.measure.combine.likelihood import bend_of

counts = st.lists(st.integers(0, 9), min_size=8, max_size=8)
logits = st.floats(-3, 3)
STEP = 1e-4


def cell(seen):
    """Everybody judged by both was also seen by the detector."""
    seen = np.array([seen], dtype=float)
    seen[0, 0] += seen[0, 2] + seen[0, 4]
    seen[0, 1] += seen[0, 3] + seen[0, 5]
    return seen


@given(counts, logits, logits, logits)
def test_slope_and_weights_are_those_of_the_value(seen, truth, sensitivity, specificity):
    seen, at = cell(seen), np.array([[truth], [sensitivity], [specificity]])
    here = bend_of(seen, at)
    for k in range(3):
        step = np.zeros((3, 1))
        step[k] = STEP
        ahead, behind = bend_of(seen, at + step), bend_of(seen, at - step)
        assert (ahead.value - behind.value) / (2 * STEP) == pytest.approx(here.slope[k, 0], abs=1e-4)
        assert (behind.slope - ahead.slope)[:, 0] / (2 * STEP) == pytest.approx(
            here.weights[:, k, 0], abs=1e-4
        )


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), logits, logits, logits)
def test_where_both_judged_the_four_outcomes_have_the_probabilities_of_the_table(
    both, missed, false, neither, truth, sensitivity, specificity
):
    seen = cell([0, 0, both, missed, false, neither, 0, 0])
    p, s, t = expit([truth, sensitivity, specificity])
    table = np.array([p * s, p * (1 - s), (1 - p) * (1 - t), (1 - p) * t])
    expected = np.array([both, missed, false, neither]) @ np.log(table)

    found = bend_of(seen, np.array([[truth], [sensitivity], [specificity]]))
    assert found.value == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 50), st.integers(0, 50), logits)
def test_a_detector_that_guesses_says_nothing_of_the_truth(met, not_met, truth):
    found = bend_of(cell([met, not_met, 0, 0, 0, 0, 0, 0]), np.array([[truth], [0.0], [0.0]]))
    assert found.slope[0, 0] == pytest.approx(0, abs=1e-9)
    assert found.weights[0, 0, 0] == pytest.approx(0, abs=1e-9)
