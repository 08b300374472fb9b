"""What is held of standard deviations before any mark is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from gracja.engine.measure.cells import Floats

# In logits. Standards differ by more than people do; 1 logit between two employees is 50 % against 73 %. Wide
# against what is seen in practice, and stated in the ADR.
PRIOR_SCALES: Final[Mapping[str, float]] = {"employee": 1.0, "place": 1.0, "evaluator": 0.7, "standard": 2.0}
_OTHER_SCALE: Final = 2.0
# Employees are never held to be all alike: with few marks of each that would be a tenth of the posterior, and
# the intervals of those who do differ too short.
PRIOR_DEGREES: Final[Mapping[str, float]] = {"employee": 2.0}


@dataclass(frozen=True)
class Priors:
    """Chi densities of theta / scale, as densities of log theta: half-normal with 1 degree of freedom; with 2
    (Rayleigh) there is none at no spread at all. scales: (facets,) in logits; degrees: (facets,).

    Source: Chung et al. (2013), Psychometrika 78:685, on priors that avoid the boundary.
    """

    scales: Floats
    degrees: Floats

    @classmethod
    def of(cls, facets: Sequence[str]) -> Self:
        """Those of facets by their names."""
        scales = [PRIOR_SCALES.get(name, _OTHER_SCALE) for name in facets]
        return cls(np.array(scales), np.array([PRIOR_DEGREES.get(name, 1.0) for name in facets]))

    def log_density(self, theta: Floats) -> float:
        """Up to a constant."""
        return float((self.degrees * np.log(theta) - 0.5 * (theta / self.scales) ** 2).sum())

    def slope(self, theta: Floats) -> Floats:
        """(facets,) in log theta."""
        return np.asarray(self.degrees - (theta / self.scales) ** 2)

    def curvature(self, theta: Floats) -> Floats:
        """(facets,) how fast the slope falls."""
        return np.asarray(2 * (theta / self.scales) ** 2)
