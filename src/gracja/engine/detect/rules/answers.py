"""Four answers for many spans at once, with the hits that show them (docs/adr/0002).

As numbers they are ordered so that Kleene's *and* is the minimum, and *or* the same seen from the other
side: no < abstained < not seen < yes, and the opposite swaps yes and no.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gracja.engine.detect.rules.search import below
from gracja.engine.detect.scan.numbers import Array

NO, ABSTAINED, NOT_SEEN, YES = range(4)
_OPPOSITE: Final = np.array([YES, ABSTAINED, NOT_SEEN, NO], np.int8)
_OR: Final = np.array([3, 1, 2, 0], np.int8)  # for *or*: yes < abstained < not seen < no


@dataclass(frozen=True)
class Found:
    """Hits and whose they are: owner int64, start and end int64 (places), in this order, each once."""

    owner: Array
    start: Array
    end: Array

    @classmethod
    def nothing(cls) -> Found:
        return cls(*(np.empty(0, np.int64) for _ in range(3)))

    def where(self, kept: Array) -> Found:
        return Found(self.owner[kept], self.start[kept], self.end[kept])

    def owned_by(self, owner: Array) -> Found:
        """The same with other owners: `owner[old]`."""
        return joined([Found(owner[self.owner], self.start, self.end)])

    def first_of(self, owners: int) -> Array:
        """int64[owners + 1]: where the hits of each owner begin."""
        return below(self.owner, np.arange(owners + 1))


def joined(several: Sequence[Found]) -> Found:
    """All hits in order, each once."""
    given = [found for found in several if found.owner.size]
    if not given:
        return Found.nothing()
    if len(given) == 1 and _in_order(given[0]):
        return given[0]
    owner, start, end = (
        np.concatenate([getattr(found, name) for found in given]) for name in ("owner", "start", "end")
    )
    order = np.lexsort((end, start, owner))
    owner, start, end = owner[order], start[order], end[order]
    new = np.ones(owner.size, np.bool_)
    new[1:] = (owner[1:] != owner[:-1]) | (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return Found(owner[new], start[new], end[new])


def _in_order(found: Found) -> bool:
    """Whether hits are in order and each there once, as most are: looking costs less than sorting."""
    owner, start, end = (np.diff(column) for column in (found.owner, found.start, found.end))
    return bool(((owner > 0) | ((owner == 0) & ((start > 0) | ((start == 0) & (end > 0))))).all())


@dataclass(frozen=True)
class Answers:
    """truth int8, one a span; `hits` show a yes, `against` speak for a no."""

    truth: Array
    hits: Found
    against: Found

    def opposite(self) -> Answers:
        return Answers(_OPPOSITE[self.truth], self.against, self.hits)

    def take(self, which: Array, count: int) -> Answers:
        """Answers for `count` spans, of which `which` (sorted) have these; the others are NO."""
        truth = np.full(count, NO, np.int8)
        truth[which] = self.truth
        return Answers(truth, self.hits.owned_by(which), self.against.owned_by(which))

    def instead(self, where: Array, truth: Array | int) -> Answers:
        """The same but for some spans, which have another truth that no hit shows."""
        return Answers(
            np.where(where, truth, self.truth).astype(np.int8),
            self.hits.where(~where[self.hits.owner]),
            self.against.where(~where[self.against.owner]),
        )


def across(answers: Sequence[Answers], *, every: bool) -> Answers:
    """One answer a span from several: all must be true, or some."""
    if len(answers) == 1:
        return answers[0]
    truth = answers[0].truth
    for other in answers[1:]:
        truth = np.minimum(truth, other.truth) if every else _OR[np.minimum(_OR[truth], _OR[other.truth])]
    return Answers(
        truth,
        joined([a.hits.where(truth[a.hits.owner] == YES) for a in answers]),
        joined([a.against.where(truth[a.against.owner] == NO) for a in answers]),
    )


def together(answers: Answers, owner: Array, owners: int, *, every: bool) -> Answers:
    """One answer an owner (sorted, int64) from those of its spans; an owner without spans: NO."""
    begin = below(owner, np.arange(owners))
    has = np.zeros(owners, np.bool_)
    has[owner] = True
    truth = np.full(owners, NO, np.int8)
    if has.any():
        ranked = answers.truth if every else _OR[answers.truth]
        least = np.minimum.reduceat(ranked, begin[has])
        truth[has] = least if every else _OR[least]
    kept = truth[owner]
    return Answers(
        truth,
        answers.hits.where(kept[answers.hits.owner] == YES).owned_by(owner),
        answers.against.where(kept[answers.against.owner] == NO).owned_by(owner),
    )
