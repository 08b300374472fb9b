from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.share import share_met_interval


@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_is_wilsons_as_scipy_has_it(seen, data, level):
    met = data.draw(st.integers(0, seen))

    ours = share_met_interval([met], [seen], level=level)
    theirs = binomtest(met, seen).proportion_ci(level, method="wilson")

    assert ours.share[0] == met / seen
    np.testing.assert_allclose([ours.low[0], ours.high[0]], [theirs.low, theirs.high], atol=1e-9)


def test_what_was_never_seen_has_no_share():
    nothing = share_met_interval([0], [0])

    assert np.isnan([nothing.share[0], nothing.low[0], nothing.high[0]]).all()


@pytest.mark.parametrize(
    ("met", "seen", "level", "code"),
    [
        ([1, 2], [3], 0.95, "shape_mismatch"),
        ([4], [3], 0.95, "count_out_of_range"),
        ([-1], [3], 0.95, "count_out_of_range"),
        ([1], [3], 1.0, "level_out_of_range"),
    ],
)
def test_counts_that_cannot_be_are_refused(met, seen, level, code):
    with pytest.raises(EngineInputError) as refused:
        share_met_interval(met, seen, level=level)
    assert refused.value.code == code
