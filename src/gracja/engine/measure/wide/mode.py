"""The mode of effects where no matrix fits: Newton's steps by conjugate gradients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats
from gracja.engine.measure.design import Design
from gracja.engine.measure.objective import Objective
from gracja.engine.measure.solve import cold_start
from gracja.engine.measure.wide.around import DRAWS, Around
from gracja.engine.measure.wide.crossed import Crossed, Spherical
from gracja.engine.measure.wide.information import Information
from gracja.engine.measure.wide.levels import Reading, at_point, height, integrated

_MOST_STEPS, _MOST_HALVINGS = 60, 30
# Of log-likelihood, twice what may be left to gain; with levels integrated, whose quadrature is a little off.
_NEGLIGIBLE_GAIN, _NEGLIGIBLE_OF_LEVELS = 1e-9, 1e-7
# A step may overshoot the highest point on its way by so much of the slope at its beginning.
_OVERSHOT: Final = 0.5
_ERROR: Final = 1e-8  # relative, of a solution of conjugate gradients


class LogLikelihood(NamedTuple):
    """error: the standard error of its estimate."""

    value: float
    error: float


@dataclass(frozen=True)
class Found:
    """Where Newton's steps ended."""

    spherical: Spherical
    reading: Reading

    @property
    def theta(self) -> Floats:
        """(facets,) standard deviations in logits, the largest facet first."""
        return self.spherical.theta

    @property
    def scale_rest(self) -> Floats:
        """(n_rest,) theta of each column but the largest facet's, 1 for the intercept."""
        return self.spherical.scale[self.spherical.design.n_big :]

    @property
    def effects(self) -> Floats:
        """(columns,) in logits, the intercept last."""
        return self.spherical.scale * self.reading.effects

    @property
    def intercept(self) -> float:
        """Logits."""
        return float(self.reading.effects[-1])

    @cached_property
    def factor(self) -> Around:
        """Draws of what varies around it."""
        n_big = self.spherical.design.n_big
        found = np.hstack([some.drawn for some in self.information().draws(DRAWS)])
        return Around(found[:n_big], found[n_big:])

    def information(self, *, held: bool = False) -> Information:
        """Of all effects; held: with the intercept held where it is."""
        spherical = Spherical(self.spherical.crossed, self.theta, held=held)
        return Information(spherical, self.reading.weights)

    def log_likelihood(self, objective: Objective) -> LogLikelihood:
        """Of Laplace's approximation, as `objective.value_of`, the determinant being estimated."""
        root = self.information(held=objective == "nagq0").log_determinant
        top = height(self.spherical, self.reading.effects)
        flat = 0.5 * float(np.log(2 * np.pi)) if objective == "integrated" else 0.0
        return LogLikelihood(top - 0.5 * root.value + flat, 0.5 * root.error)


def wide_mode(design: Design, theta: Floats, near: Floats | None = None) -> Found:
    """The joint mode at theta: (facets,), in logits, the design's order; near: as `mode_at`.

    Raises EngineInputError: rating_did_not_converge.
    """
    return mode_at(Spherical(Crossed(design), theta), near)


def mode_at(spherical: Spherical, near: Floats | None = None, *, levels: bool = False) -> Found:
    """The joint mode; levels: that of the rest, each level of the largest facet being integrated.

    near: (columns,) effects in logits of a mode nearby. Raises EngineInputError: rating_did_not_converge.
    """
    here = at_point(spherical, _beginning(spherical, near))
    if levels:
        here = integrated(spherical, here.effects, here.deviations)
    for _ in range(_MOST_STEPS):
        slope = _slope(spherical, here)
        step = Information(spherical, here.weights).solve(slope[:, None], _ERROR)[:, 0]
        gain = float(slope @ step)
        if gain < (_NEGLIGIBLE_OF_LEVELS if levels else _NEGLIGIBLE_GAIN):
            return Found(spherical, here)
        for _ in range(_MOST_HALVINGS):
            there = _read(spherical, here, step)
            # The height is concave: where it still rises along the step, or falls little, it has risen.
            if float(_slope(spherical, there) @ step) >= -_OVERSHOT * gain:
                break
            step, gain = step / 2, gain / 2
        here = there
    raise EngineInputError("rating_did_not_converge", steps=_MOST_STEPS)


def _beginning(spherical: Spherical, near: Floats | None) -> Floats:
    if near is None:
        return np.concatenate(cold_start(spherical.design, spherical.theta))
    return np.divide(near, spherical.scale, out=np.zeros_like(near), where=spherical.scale > 0)


def _read(spherical: Spherical, here: Reading, step: Floats) -> Reading:
    if here.integrated:
        return integrated(spherical, here.effects + step, here.deviations)
    return at_point(spherical, here.effects + step)


def _slope(spherical: Spherical, here: Reading) -> Floats:
    """(columns,); none of levels that are integrated, whose mean follows from the rest."""
    slope = spherical.gathered(spherical.design.met - here.expected)
    slope[:-1] -= here.effects[:-1]
    if here.integrated:
        slope[: spherical.design.n_big] = 0.0
    return slope
