"""A plain share of observations with its interval: what was seen, not corrected for anything."""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gracja.engine.errors import EngineInputError


class ShareInterval(NamedTuple):
    """Shares in [0, 1] with their interval, each of shape (n_standards,)."""

    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def share_met_interval(met: ArrayLike, seen: ArrayLike, *, level: float = 0.95) -> ShareInterval:
    """Wilson interval for the share of observations that met a standard.

    met, seen: counts, shape (n_standards,); 0 <= met <= seen. met may be a sum of marks between 0 and 1:
    the interval is then wider than it need be. level: coverage in (0, 1). Returns three (n_standards,)
    arrays of shares in [0, 1]; NaN where seen == 0, because "not observed" is not "0 %".

    >>> share_met_interval([8], [10]).low.round(3)
    array([0.49])

    Raises EngineInputError: shape_mismatch, count_out_of_range, level_out_of_range.
    Source: Wilson (1927), JASA 22:209.
    """
    met_, seen_ = np.asarray(met, np.float64), np.asarray(seen, np.float64)
    if met_.shape != seen_.shape:
        raise EngineInputError("shape_mismatch", given=list(met_.shape), expected=list(seen_.shape))
    if not 0 < level < 1:
        raise EngineInputError("level_out_of_range", given=level)
    if not ((met_ >= 0) & (met_ <= seen_ + 1e-9) & np.isfinite(seen_)).all():
        raise EngineInputError("count_out_of_range")
    z2 = NormalDist().inv_cdf(0.5 + level / 2) ** 2
    n = np.where(seen_ > 0, seen_, np.nan)
    share = met_ / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return ShareInterval(share, np.clip(centre - half, 0.0, 1.0), np.clip(centre + half, 0.0, 1.0))
