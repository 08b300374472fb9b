"""One integral for each level of a facet, by adaptive Gauss-Hermite quadrature."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gracja.engine.compiled import compiled
from gracja.engine.measure.cells import Floats, Ints

_NODES, _MASSES = np.polynomial.hermite.hermgauss(15)
_OFF: Final = np.sqrt(2.0) * _NODES
_LOG_MASSES: Final = np.log(_MASSES) + _NODES**2
_HUGE: Final = 1e100  # a product that is still far from the largest number


class OfLevels(NamedTuple):
    """met, seen: (cells,); odds: (cells,) without the levels' own effects. order: the cells' numbers, level
    after level; starts: (levels + 1,) where each begins. theta: the levels' standard deviation in logits.
    """

    met: Floats
    seen: Floats
    odds: Floats
    order: NDArray[np.int32]
    starts: Ints
    theta: float


@compiled()
def squares(of: Any, about: Any, deviations: Any) -> Any:
    """Sum of each level's mean square; about, deviations: (levels,) about where each lies."""
    found, chance, times = 0.0, np.empty(len(_OFF)), np.empty(len(_OFF))
    for level in range(len(about)):
        cells = of.order[of.starts[level] : of.starts[level + 1]]
        middle, deviation = about[level], deviations[level]
        _weigh(of, cells, middle, deviation, chance, times)
        for k in range(len(_OFF)):
            found += chance[k] * (middle + deviation * _OFF[k]) ** 2
    return found


@compiled(error_model="numpy")
def integrals(of: Any, about: Any, deviations: Any, of_cells: Any, levels: Any) -> None:
    """levels: (2, levels) mean and variance of each; of_cells: (3, cells), as `levels.Reading` has expected,
    weights and bends. about, deviations: as `squares`.
    """
    chance, times = np.empty(len(_OFF)), np.empty(len(_OFF))
    for level in range(len(about)):
        cells = of.order[of.starts[level] : of.starts[level + 1]]
        middle, deviation = about[level], deviations[level]
        _weigh(of, cells, middle, deviation, chance, times)
        first, second = 0.0, 0.0
        for k in range(len(_OFF)):
            first += chance[k] * _OFF[k]
            second += chance[k] * _OFF[k] ** 2
        levels[0, level] = middle + deviation * first
        levels[1, level] = deviation**2 * (second - first**2)
        for cell in cells:
            expected, weight, bend = 0.0, 0.0, 0.0
            for k in range(len(_OFF)):
                left = 1.0 / (1.0 + of.odds[cell] * times[k])
                share = 1.0 - left
                expected += chance[k] * share
                weight += chance[k] * share * left
                bend += chance[k] * share * left * (left - share)
            of_cells[0, cell] = of.seen[cell] * expected
            of_cells[1, cell] = of.seen[cell] * weight
            of_cells[2, cell] = of.seen[cell] * bend


@compiled()
def _weigh(of: Any, cells: Any, middle: float, deviation: float, chance: Any, times: Any) -> None:
    """chance: (nodes,) of each node of one level, 1 in all; times: (nodes,) by how much it raises odds."""
    all_met = 0.0
    for cell in cells:
        all_met += of.met[cell]
    for k in range(len(_OFF)):
        u = middle + deviation * _OFF[k]
        times[k] = np.exp(of.theta * u)
        chance[k] = _LOG_MASSES[k] + all_met * of.theta * u - 0.5 * u * u
    _take_not_met(of, cells, times, chance)
    top, total = chance.max(), 0.0
    for k in range(len(_OFF)):
        chance[k] = np.exp(chance[k] - top)
        total += chance[k]
    for k in range(len(_OFF)):
        chance[k] /= total


@compiled()
def _take_not_met(of: Any, cells: Any, times: Any, height: Any) -> None:
    """Height: (nodes,) -= the sum of seen * log(1 + odds * times)."""
    even, product = of.seen[cells[0]] if len(cells) else 0.0, np.ones(len(_OFF))
    for cell in cells:
        for k in range(len(_OFF)):
            one = 1.0 + of.odds[cell] * times[k]
            if of.seen[cell] == even:  # of even weights one logarithm serves many cells
                product[k] *= one
            else:
                height[k] -= of.seen[cell] * np.log(one)
        if product[-1] > _HUGE:
            height -= even * np.log(product)
            product[:] = 1.0
    height -= even * np.log(product)
