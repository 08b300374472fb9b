"""Where effects lie, and draws of what varies around that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gracja.engine.measure.cells import Floats

DRAWS: Final = 200
"""From which a standard error is known to 5 %."""


@dataclass(frozen=True)
class Around:
    """Draws of what varies around a mode, spherical: big (n_big, DRAWS), rest (n_rest, DRAWS)."""

    big: Floats
    rest: Floats

    def variance_of(self, big: Any, rest: Any, less: Floats | None = None) -> Floats:
        """(n,) of contrasts in spherical effects: big (n, n_big) and rest (n, n_rest), sparse or not; less:
        (n_rest,) taken from every one's rest.
        """
        return np.asarray((self._away(big, rest, less) ** 2).mean(axis=1))

    def covariance_of(self, big: Any, rest: Any, less: Floats | None = None) -> Floats:
        """(n, n) of the same."""
        away = self._away(big, rest, less)
        return np.asarray(away @ away.T / away.shape[1])

    def _away(self, big: Any, rest: Any, less: Floats | None) -> Floats:
        """(n, DRAWS)."""
        away = big @ self.big + rest @ self.rest
        return np.asarray(away if less is None else away - less @ self.rest)


@dataclass(frozen=True)
class WideMode:
    """theta: (facets,), the largest first; scale_rest: (n_rest,), 1 for the intercept; effects: (columns,) in
    logits, the intercept last.
    """

    theta: Floats
    scale_rest: Floats
    effects: Floats
    factor: Around
