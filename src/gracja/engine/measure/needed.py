"""How many more contacts until a grade would be known, by simulation.

What is known of an employee now says what further contacts may show: a measure's next estimate is drawn from
its posterior, less what would then still be unknown; failed critical standards and exceptional contacts are
drawn as events at a drawn rate. `needed` is the fewest contacts after which, in four draws of five, some
grade is known.
Source: Raiffa and Schlaifer (1961), Applied Statistical Decision Theory (preposterior analysis).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.counts import RareShare
from gracja.engine.measure.learning import Learning
from gracja.engine.measure.posterior import Mixture

MOST_NEEDED: Final = 9999
SHARE_KNOWN: Final = 0.8
_SEED: Final = 20_261_123
_DRAWS: Final = 160
_AT_ONCE: Final = 1000  # employees
_STEPS: Final = np.unique(np.geomspace(1, MOST_NEEDED, 64).astype(np.int64))


@dataclass(frozen=True)
class Ahead:
    """What further contacts may show of so many employees, in 160 draws that are the same in every run, and
    for each employee whoever else is asked about.
    """

    count: int

    def reached(
        self, stream: int, mixture: Mixture, ahead: Learning, bound: float
    ) -> Callable[[Ints], Floats]:
        """(employees,) further contacts -> (employees, draws) P(logit >= bound) after them.

        stream: of the draws; another for each measure.
        """
        mean, deviation = mixture.mean[:, None], np.maximum(mixture.deviation, 1e-12)[:, None]
        # evenly spread, so that a share of draws is a probability to a hundredth or so
        even = ndtri((np.arange(_DRAWS) + 0.5) / _DRAWS)
        drawn = np.random.default_rng((_SEED, stream)).permutation(even)

        def after(extra: Ints) -> Floats:
            left = ahead.left(extra)[:, None]
            expected = mean + drawn * deviation * np.sqrt(1 - left)
            return np.asarray(ndtr((expected - bound) / (deviation * np.sqrt(np.maximum(left, 1e-9)))))

        return after

    def events(self, stream: int, share: RareShare, pace: Floats) -> Callable[[Ints], tuple[Floats, Floats]]:
        """(employees,) further contacts -> (employees, draws) P(the share is at most its limit), and events.

        pace: (employees,) contacts that tell of it, of one further contact.
        """
        random = np.random.default_rng((_SEED, stream))
        point = random.choice(len(share.weights), size=_DRAWS, p=share.weights)
        a, b = share.a[point], share.b[point]
        others, rate = share.contacts - share.events, np.empty((self.count, _DRAWS))
        for row in _each_alike(self.count, random):
            rate[row] = random.beta(a + share.events[row], b + others[row])
        most = share.contacts.max(initial=0) + MOST_NEEDED * pace.max(initial=0)
        odds = share.table(int(most) + 1)

        def after(extra: Ints) -> tuple[Floats, Floats]:
            more, seen = np.round(extra * pace).astype(np.int64), np.empty((self.count, _DRAWS))
            draws = np.random.default_rng((_SEED, stream, 1))
            for row in _each_alike(self.count, draws):
                seen[row] = share.events[row] + draws.binomial(more[row], rate[row])
            return odds(seen, share.contacts + more), seen

        return after


def _each_alike(count: int, random: np.random.Generator) -> Iterator[int]:
    """Rows, for each of which `random` begins anew: how many numbers a draw takes is for itself to say."""
    begin = random.bit_generator.state
    for row in range(count):
        random.bit_generator.state = begin
        yield row


Known = Callable[[Ints], NDArray[np.bool_]]
"""(employees,) further contacts -> (employees, draws) whether a grade is known after them."""


def fewest(count: int, known_of: Callable[[Ints], Known]) -> Ints:
    """(employees,) the fewest contacts after which a grade is known in four draws of five; at most 9999.

    known_of: of the employees at some positions. Halved over 64 steps, each a sixth more than the one before.
    """
    needed = np.full(count, MOST_NEEDED, dtype=np.int64)
    for first in range(0, count, _AT_ONCE):
        some = np.arange(first, min(first + _AT_ONCE, count))
        # most of those who are at the border stay there, and are looked at once
        after_all = known_of(some)(np.full(len(some), MOST_NEEDED))
        some = some[_enough(after_all)]
        needed[some] = _halved(len(some), known_of(some))
    return needed


def _halved(count: int, known: Known) -> Ints:
    low, high = np.full(count, -1), np.full(count, len(_STEPS) - 1)
    while (high - low > 1).any():
        middle, moving = (low + high) // 2, high - low > 1
        enough = _enough(known(_STEPS[np.maximum(middle, 0)]))
        high, low = np.where(moving & enough, middle, high), np.where(moving & ~enough, middle, low)
    return np.asarray(_STEPS[high])


def _enough(known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(known.mean(axis=1) >= SHARE_KNOWN)
