"""A random part drawn first and kept apart, then the first of an order that chance has not drawn.

The random part is a simple random sample of fixed size in each stratum. The order is fixed before the draw
and does not depend on the seed. So the probability that a contact is asked at all needs no simulation: a
contact of rank j is read for its rank exactly if at least j - `active` of those ahead of it were drawn at
random, and how many of them were is a sum of hypergeometric counts, one a stratum.

Source: simple random and stratified sampling, Tillé (2006), Sampling Algorithms, ch. 4; the probability by
rank is derived in docs/adr/0009.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NEGLIGIBLE = 1e-10


@dataclass(frozen=True)
class Drawn:
    """random: (contacts,) whether drawn at random. listed: contacts read for their rank, best first."""

    random: Bools
    listed: Ints


@dataclass(frozen=True)
class Design:
    """strata: (contacts,) numbers of strata from 0. seats: (strata,) how many are drawn at random in each,
    at least 1 and at most its size. order: (contacts,) all contacts, the one to read first first. active:
    how many of the order are read beside the random part; seats and active make at most all contacts.
    """

    strata: Ints
    seats: Ints
    order: Ints
    active: int

    @cached_property
    def sizes(self) -> Ints:
        return np.bincount(self.strata, minlength=len(self.seats)).astype(np.int64)

    @cached_property
    def random_inclusion(self) -> Floats:
        """(contacts,) the probability of being drawn at random: seats by size of the stratum."""
        inclusion: Floats = (self.seats / self.sizes)[self.strata]
        return inclusion

    @cached_property
    def inclusion(self) -> Floats:
        """(contacts,) the probability of being asked at all; their sum is the size of the sample."""
        asked = self.random_inclusion.copy()
        asked[self.order[: self.active]] = 1.0
        ahead = np.bincount(self.strata[self.order[: self.active]], minlength=len(self.seats))
        for surplus, contact in enumerate(self.order[self.active :], 1):
            stratum = self.strata[contact]
            moved_up = self._at_least(surplus, ahead, stratum) if asked[contact] < 1 else 1.0
            if moved_up < _NEGLIGIBLE:
                break
            asked[contact] += (1 - asked[contact]) * moved_up
            ahead[stratum] += 1
        return asked

    def draw(self, seed: int) -> Drawn:
        """The same seed draws the same contacts."""
        lots = np.random.default_rng(seed).random(len(self.strata))
        by_stratum = np.lexsort((lots, self.strata))
        first = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        place = np.arange(len(lots)) - first[self.strata[by_stratum]]
        random = np.zeros(len(lots), dtype=np.bool_)
        random[by_stratum] = place < self.seats[self.strata[by_stratum]]
        return Drawn(random, self.order[~random[self.order]][: self.active])

    def _at_least(self, count: int, ahead: Ints, own: int) -> float:
        """P(at least `count` of those ahead were drawn), for a contact of stratum `own` that was not."""
        fewer: Floats = np.zeros(count)  # probabilities of 0 .. count - 1
        fewer[0] = 1.0
        for stratum in np.flatnonzero(ahead):
            size = int(self.sizes[stratum]) - (stratum == own)
            drawn = _hypergeometric(size, int(ahead[stratum]), int(self.seats[stratum]))
            fewer = np.convolve(fewer, drawn)[:count].astype(np.float64)
        return max(0.0, 1.0 - float(fewer.sum()))


@lru_cache(maxsize=100_000)
def _hypergeometric(size: int, marked: int, draws: int) -> Floats:
    """P(hits), from 0 hits on, in `draws` without replacement of `size` with `marked`.

    From the ratios of neighbours, since differences of large log-factorials lose ten digits.
    """
    least, most = max(0, draws - (size - marked)), min(marked, draws)
    hits = np.arange(least, most, dtype=np.float64)
    ratios = (marked - hits) * (draws - hits) / ((hits + 1) * (size - marked - draws + hits + 1))
    log = np.concatenate([[0.0], np.cumsum(np.log(ratios))])
    chances = np.zeros(most + 1)
    chances[least:] = np.exp(log - log.max())
    return chances / float(chances.sum())


def seats_by_size(sizes: Ints, least: Ints, seats: int) -> Ints:
    """Seats for each stratum in proportion to its size (largest remainders), never under its least.

    sizes, least: (strata,); least is at most the size, and `seats` at least their sum. No stratum gets
    more than its size.
    """
    fixed = np.zeros(len(sizes), dtype=np.bool_)
    while True:
        free = seats - least[fixed].sum()
        share = np.where(fixed, least, free * sizes / max(1, int(sizes[~fixed].sum())))
        short = ~fixed & (share < least)
        if not short.any():
            break
        fixed |= short
    given = np.floor(share + 1e-9).astype(np.int64)
    remainder = np.where(given < sizes, share - given, -1.0)
    given[np.argsort(-remainder, kind="stable")[: seats - given.sum()]] += 1
    return given
