"""A share over clusters whose observations hang together: a person's marks, a contact's standards."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from gracja.engine.measure.share import share_met_interval


def clustered_share_interval(
    met: ArrayLike, seen: ArrayLike, *, level: float = 0.95
) -> tuple[float, float, float]:
    """One share over clusters that hang together, with its interval: (share, low, high), NaN where nothing
    was seen, low and high also where one cluster was: nothing tells then how clusters vary.

    met, seen: (clusters,), counts of each; 0 <= met <= seen. Wilson's interval of as many independent
    observations as would vary as the clusters do, in the tails of Student's t: never more than there are, and
    where all or none are met, one a cluster. Simulated with clusters of like and unlike sizes: 2-20 of them
    with correlations within up to .2 are covered in .96-.99 of cases on average and .92 at worst, with .5
    (clusters nearly all or none) in .94-.99 and .86 at worst; two tell next to nothing.

    Raises EngineInputError: as `share_met_interval`.
    Source: the ratio estimator, Cochran (1977), Sampling Techniques, section 9A.3; its variance and degrees
    of freedom from few clusters, Bell and McCaffrey (2002), Survey Methodology 28:169 (CR2, as if cluster
    means varied alike); effective sample sizes in Wilson's interval, with t, Korn and Graubard (1998), Survey
    Methodology 24:193.
    """
    met_, seen_ = np.asarray(met, np.float64), np.asarray(seen, np.float64)
    share_met_interval(met_, seen_, level=level)  # refuses what cannot be
    met_, seen_ = met_[seen_ > 0], seen_[seen_ > 0]
    total, clusters = float(seen_.sum()), len(seen_)
    share = float(met_.sum()) / total if total else float("nan")
    if clusters < 2:
        return share, float("nan"), float("nan")
    part = seen_ / total
    effective = float(clusters)
    if 0 < share < 1:
        spread = float((((met_ - share * seen_) / total) ** 2 / (1 - part)).sum())
        effective = share * (1 - share) / spread if spread else total
    normal = NormalDist().inv_cdf(0.5 + level / 2)
    effective = min(total, effective * (normal / float(stdtrit(_degrees(part), 0.5 + level / 2))) ** 2)
    found = share_met_interval([share * effective], [effective], level=level)
    return share, float(found.low[0]), float(found.high[0])


def _degrees(part: NDArray[np.float64]) -> float:
    """Satterthwaite's degrees of freedom of CR2, of cluster means that vary alike. part: (clusters,) of all
    that was seen, each under 1.
    """
    own, even = part**2 / (1 - part), float(part @ part)
    one, two, three = (float(own @ part**power) for power in (0, 1, 2))
    trace = one * (1 + even) - 2 * two
    squares = (even * one) ** 2 + 2 * one * three - 4 * even * one * two + 2 * two**2
    squares += float(own**2 @ (1 + 2 * even - 4 * part))
    return trace**2 / squares
