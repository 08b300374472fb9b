"""The highest point of an objective over the standard deviations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
_START: Final = 0.7
# Above so many cells a part of them says first where to begin.
LARGE: Final = 50_000
_PART: Final = 10_000
# Of a slope in log theta, where the highest point is about 1e-6 higher.
_FLAT: Final = 1e-2


def climb(height_of: Callable[[Design], HeightFunction], design: Design) -> Height:
    """The highest point over log theta, each search step starting from the last mode."""
    if len(design.met) <= LARGE:
        return _search(height_of(design), np.full(len(design.sizes), np.log(_START)))
    near = climb(height_of, part_of(design, _PART))
    height = height_of(design)
    begin = height(near.mode.theta, None)
    steps = [begin]
    found = minimize(
        _downward(height, steps),
        np.log(near.mode.theta),
        jac=True,
        method="BFGS",
        options={"gtol": _FLAT, "hess_inv0": np.diag(1 / np.maximum(begin.curvature, 1.0))},
    )
    return height(np.exp(found.x), steps[-1].mode) if found.success else _search(height, found.x)


def part_of(design: Design, cells: int) -> Design:
    """The marks of the first levels of the largest facet, about so many cells."""
    of_level = np.bincount(design.columns[0], minlength=design.n_big + 1)[:-1]
    levels = max(2, int(np.searchsorted(np.cumsum(of_level), cells)))
    kept = design.columns[0] < levels
    return replace(
        design,
        met=design.met[kept],
        seen=design.seen[kept],
        columns=design.columns[:, kept],
        sizes=(levels, *design.sizes[1:]),
    )


def _search(height: HeightFunction, start: Floats) -> Height:
    steps: list[Height] = []
    # The relative tolerance of the height is left to the gradient's: heights are of the order of -1e5.
    found = minimize(
        _downward(height, steps),
        np.clip(start, LOWEST, HIGHEST),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST, HIGHEST)] * len(start),
        options={"ftol": 1e-11, "gtol": 1e-6, "maxiter": 200},
    )
    return height(np.exp(found.x), steps[-1].mode)


def _downward(height: HeightFunction, steps: list[Height]) -> Callable[[Floats], tuple[float, Floats]]:
    def depth(log_theta: Floats) -> tuple[float, Floats]:
        theta = np.exp(np.clip(log_theta, LOWEST, HIGHEST))
        here = height(theta, steps[-1].mode if steps else None)
        steps.append(here)
        return -here.value, -here.slope

    return depth
