"""The highest point of an objective over the standard deviations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.optimize import minimize

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.design import Design
from gracja.engine.measure.objective import Height
from gracja.engine.measure.solve import Mode

HeightFunction = Callable[[Floats, Mode | None], Height]

# Log theta between these; at the lower end an effect is the same as none.
LOWEST, HIGHEST = float(np.log(1e-4)), float(np.log(30.0))
_PLAUSIBLE: Final = (0.3, 2.0)  # logits between which a search begins
# Of a slope in log theta: the highest point is about its square over twice the curvature higher, which in a
# large company is some hundreds.
LARGE: Final = 50_000
_FLAT, _FLATTEST = 2e-3, 1e-5
# So near none, in logits, that the height hardly falls on the way there, unless it does by this.
_NEAR_NONE: Final = 0.05
_INDISTINGUISHABLE: Final = 1e-6


def climb(height: HeightFunction, design: Design) -> Height:
    """The highest point over log theta, each search step starting from the last mode."""
    return _search(_Way(height), seen_apart(design), _FLAT if len(design.met) > LARGE else _FLATTEST)


def _search(way: _Way, start: Floats, flat: float) -> Height:
    begin = way.at(start)
    found = minimize(
        way,
        np.log(start),
        jac=True,
        method="BFGS",
        options={"gtol": flat, "hess_inv0": np.diag(1 / np.maximum(begin.curvature, 1.0))},
    )
    reached = np.clip(found.x, LOWEST, HIGHEST)
    top = way.at(np.exp(reached)) if found.success else _search_within(way, reached)
    near_none = top.mode.theta < _NEAR_NONE
    if not near_none.any():
        return top
    none = way.at(np.where(near_none, np.exp(LOWEST), top.mode.theta))
    return none if none.value > top.value - _INDISTINGUISHABLE else top


def seen_apart(design: Design) -> Floats:
    """(facets,): how far the levels of each lie apart, beyond what chance does, by moments."""
    beyond = [np.mean(far**2 - chance) for far, chance in design.apart]
    return np.clip(np.sqrt(np.maximum(beyond, 0.0)), *_PLAUSIBLE)


def _search_within(way: _Way, log_start: Floats) -> Height:
    # The relative tolerance of the height is left to the gradient's: heights are of the order of -1e5.
    found = minimize(
        way,
        log_start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, HIGHEST)] * len(log_start),
        options={"ftol": 1e-11, "gtol": 1e-6, "maxiter": 200},
    )
    return way.at(np.exp(found.x))


class _Way:
    """Heights one after the other, each from the mode of the last. The last and the highest are kept, for
    where a search ends it has mostly been; no more, for what surrounds a mode is large.
    """

    def __init__(self, height: HeightFunction) -> None:
        self._height = height
        self._kept: tuple[Height, ...] = ()

    def at(self, theta: Floats) -> Height:
        for known in self._kept:
            if np.array_equal(known.mode.theta, theta):
                return known
        here = self._height(theta, self._kept[0].mode if self._kept else None)
        self._kept = (here, max((*self._kept, here), key=lambda height: height.value))
        return here

    def __call__(self, log_theta: Floats) -> tuple[float, Floats]:
        """Depth and its slope, for a search that goes down."""
        here = self.at(np.exp(np.clip(log_theta, LOWEST, HIGHEST)))
        return -here.value, -here.slope
