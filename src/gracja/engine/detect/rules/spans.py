"""Stretches of conversations, many at once: from a place up to a place, each in one talk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gracja.engine.detect.rules.talks import TURN_BITS, Talks, place
from gracja.engine.detect.scan.numbers import Array


@dataclass(frozen=True)
class Spans:
    """talk int64, lo and hi int64 (places), open bool: whether what is still to come may belong to it."""

    talk: Array
    lo: Array
    hi: Array
    open: Array

    @classmethod
    def whole(cls, talks: Talks) -> Spans:
        return cls(np.arange(len(talks)), place(talks.first[:-1]), talks.behind, ~talks.complete)

    def __len__(self) -> int:
        return self.talk.size

    def take(self, which: Array) -> Spans:
        return Spans(self.talk[which], self.lo[which], self.hi[which], self.open[which])

    def from_(self, lo: Array) -> Spans:
        """The part from a place on."""
        return Spans(self.talk, np.maximum(self.lo, lo), self.hi, self.open)

    def up_to(self, hi: Array, given: Array | None = None) -> Spans:
        """The part up to a place, which closes it; only where `given`."""
        cuts = hi <= self.hi if given is None else given & (hi <= self.hi)
        return Spans(self.talk, self.lo, np.where(cuts, hi, self.hi), self.open & ~cuts)

    @property
    def first_turn(self) -> Array:
        return self.lo >> TURN_BITS


def ranges(begin: Array, behind: Array) -> tuple[Array, Array]:
    """All numbers of many ranges, one after another: (which range, number), both int64."""
    count = np.maximum(behind - begin, 0)
    which = np.repeat(np.arange(count.size), count)
    skipped = np.cumsum(count) - count
    return which, np.arange(which.size) - skipped[which] + begin[which]
