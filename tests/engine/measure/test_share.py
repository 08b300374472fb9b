from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.clustered_share import _degrees, clustered_share_interval
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


@pytest.mark.parametrize("part", [[0.5, 0.5], [0.2, 0.3, 0.5], [0.7, 0.1, 0.1, 0.05, 0.05]])
def test_degrees_of_freedom_are_satterthwaites_of_the_written_out_matrix(part):
    part = np.array(part)
    away = np.eye(len(part)) - part[:, None]  # column i: what cluster i's residual is of all means
    residual = away * (part / np.sqrt(1 - part))
    form = residual.T @ residual

    assert _degrees(part) == pytest.approx(np.trace(form) ** 2 / (form**2).sum())


def test_equal_clusters_leave_one_degree_of_freedom_less_than_there_are():
    assert _degrees(np.full(7, 1 / 7)) == pytest.approx(6)


def test_one_cluster_has_a_share_and_no_interval():
    share, low, high = clustered_share_interval([3, 0], [4, 0])

    assert share == 0.75
    assert np.isnan([low, high]).all()
    assert np.isnan(clustered_share_interval([], [])).all()


def test_clusters_that_all_met_leave_room_for_those_that_do_not():
    share, low, high = clustered_share_interval([9] * 10, [9] * 10)

    assert (share, high) == (1.0, 1.0)
    assert 0.5 < low < share_met_interval([90], [90]).low[0]


SIZES = {"alike": (20, 21), "unlike": (1, 41)}
RUNS = 600


@pytest.mark.simulation
@pytest.mark.parametrize("clusters", [2, 3, 5, 10])
def test_few_clusters_of_unlike_sizes_are_covered(clusters):
    """Clusters of Beta shares, correlated within by .05 and .2. Of 12 kinds with 600 draws each the average
    is known to .003 (one standard error), the worst to .01.
    """
    random, covered = np.random.default_rng(20_261_123), []
    for fewest, most in SIZES.values():
        for correlation in (0.05, 0.2):
            for share in (0.5, 0.8, 0.9):
                both = (1 - correlation) / correlation
                inside = 0
                for _ in range(RUNS):
                    seen = random.integers(fewest, most, clusters)
                    met = random.binomial(seen, random.beta(share * both, (1 - share) * both, clusters))
                    _, low, high = clustered_share_interval(met, seen)
                    inside += low <= share <= high
                covered.append(inside / RUNS)

    assert np.mean(covered) > 0.94
    assert np.min(covered) > 0.89
    if clusters >= 5:
        assert np.mean(covered) < 0.98
