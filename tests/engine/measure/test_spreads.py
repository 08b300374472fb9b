"""Points around the highest standard deviations, against densities whose moments are known."""

from __future__ import annotations

import numpy as np
import pytest

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.spreads import SURE, Summit, weighed


class Normal:
    """A normal of log theta around 0, whose modes are the points themselves; counts how often it is asked."""

    def __init__(self, covariance, bend=0.0):
        self.precision = np.linalg.inv(covariance)
        self.bend, self.asked = bend, 0

    def value(self, theta, _start):
        self.asked += 1
        at = np.log(theta)
        away = at - self.follows(at)
        return -0.5 * float(away @ self.precision @ away), theta

    def follows(self, at):
        """What the others lie around once the last is known."""
        return np.append(np.full(len(at) - 1, self.bend * at[-1]), 0.0)

    def slope(self, theta, start):
        at, step = np.log(theta), 1e-5
        ways = np.eye(len(at)) * step
        return np.array(
            [
                (self.value(np.exp(at + w), start)[0] - self.value(np.exp(at - w), start)[0]) / (2 * step)
                for w in ways
            ]
        )

    def summit(self):
        ones = np.ones(len(self.precision))
        return Summit(ones, 0.0, np.diagonal(self.precision).copy(), ones)


def moments(surface):
    modes, weights = weighed(surface, surface.summit(), sure=SURE)
    at = np.log(np.stack(modes))
    mean = weights @ at
    return mean, (at - mean).T @ ((at - mean) * weights[:, None]), len(modes)


def test_spreads_that_are_all_well_known_take_two_points_each():
    surface = Normal(np.diag([0.01, 0.02, 0.03]))

    mean, covariance, points = moments(surface)

    assert (points, surface.asked) == (6, 6)
    np.testing.assert_allclose(mean, 0, atol=1e-12)
    np.testing.assert_allclose(covariance, np.diag([0.01, 0.02, 0.03]), atol=1e-12)


@pytest.mark.parametrize("known", [0, 1, 3])
def test_the_one_spread_that_is_not_well_known_and_those_that_are_have_their_own_deviations(known):
    covariance = np.diag([*np.full(known, 0.01), 0.3])

    mean, found, points = moments(Normal(covariance))

    assert points <= 14
    np.testing.assert_allclose(mean, 0, atol=1e-6)
    np.testing.assert_allclose(np.diagonal(found), np.diagonal(covariance), rtol=0.02)


def test_what_is_well_known_follows_the_one_that_is_not():
    surface = Normal(np.diag([0.01, 0.01, 0.3]), bend=0.2)

    mean, found, _ = moments(surface)

    np.testing.assert_allclose(mean, 0, atol=1e-6)
    np.testing.assert_allclose(found[:2, 2], 0.2 * 0.3, rtol=0.05)


def test_of_several_that_are_not_well_known_all_are_averaged_over():
    _, found, points = moments(Normal(np.diag([0.01, 0.2, 0.3])))

    assert points > 20
    np.testing.assert_allclose(np.diagonal(found), [0.01, 0.2, 0.3], rtol=0.3)


def test_a_density_that_is_no_number_is_refused_and_never_left_out():
    surface = Normal(np.diag([0.01, 0.02]))
    surface.precision[:] = np.nan

    with pytest.raises(EngineInputError) as refused:
        weighed(surface, Summit(np.ones(2), 0.0, np.array([100.0, 50.0]), np.ones(2)), sure=SURE)

    assert refused.value.code == "rating_did_not_converge"
