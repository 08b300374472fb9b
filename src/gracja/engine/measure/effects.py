"""The joint mode of intercept and effects, whatever the marks are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gracja.engine.measure.cells import Floats


@dataclass(frozen=True)
class Effects:
    """Spherical effects and intercept at their mode for one theta, (facets,).

    u_big: (n_big,), u_rest: (n_rest,) whose last entry is the intercept; scale_rest: (n_rest,) theta of each
    column, 1 for the intercept; fit: log-likelihood at the mode, without penalty.
    """

    theta: Floats
    u_big: Floats
    u_rest: Floats
    scale_rest: Floats
    fit: float

    @property
    def intercept(self) -> float:
        return float(self.u_rest[-1])

    @property
    def effects(self) -> Floats:
        """(columns,) effects in logits, the intercept last."""
        return np.concatenate([self.theta[0] * self.u_big, self.scale_rest * self.u_rest])

    @property
    def penalty(self) -> float:
        return 0.5 * float(self.u_big @ self.u_big + self.u_rest[:-1] @ self.u_rest[:-1])
