"""What the next reviews are best spent on.

Each pick is the pair of an employee at a place and an evaluator whose review is expected to take most off
what matters: the weighted sum of the posterior variances of employees' bases. A review is counted as one
observation along its marks' mean, and the covariance then follows by the rank-one formula
M - (Mx)(Mx)' / (1 / information + x'Mx), so that the next pick knows of it.
Source: greedy Bayesian A-optimal design; Chaloner, Verdinelli (1995), Statistical Science 10:273.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

import numpy as np

from gracja.engine.errors import EngineInputError
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.estimate import Rated
from gracja.engine.measure.planning.covariance import Known, known

UNDECIDED: Final = 1.0
DECIDED: Final = 0.2  # a result that is known is worth less than one that is not, and is not worth nothing
MOST_SPOTS: Final = 1200
MOST_REVIEWS: Final = 500
_STANDARDS_NAMED: Final = 3
_FAIR_SHARES: Final = 2  # no evaluator is asked for more than so many times their even part


May = Callable[[str, str, str | None], bool]
"""Whether this evaluator may read this employee at this place."""


def anybody_else(evaluator: str, employee: str, place: str | None) -> bool:  # noqa: ARG001  (a rule of May)
    """Nobody evaluates themselves."""
    return evaluator != employee


@dataclass(frozen=True)
class Choice:
    """Who may be read by whom. places: employee -> where they may be seen; none where it is not known.

    evaluators: who can be asked. weights: employee ->
    how much their variance matters (`UNDECIDED`, `DECIDED`); who is not named counts as undecided.
    """

    places: Mapping[str, Sequence[str]]
    evaluators: Sequence[str]
    may: May = anybody_else
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """One review to make. standards: those whose marks tell most here, the best first. gain: the part of what
    matters (0-1 of all of it before the first pick) that it is expected to take off.
    """

    employee: str
    place: str | None
    evaluator: str
    standards: tuple[str, ...]
    gain: float


def next_reviews(
    rated: Rated, choice: Choice, count: int, *, marks_of_review: float, dispersion: float = 1.0
) -> list[Review]:
    """The next `count` reviews, the most telling first; fewer where not as many are permitted.

    marks_of_review: how many marks one review has. Of more than 1,200 employees and places those that matter
    most are looked at. Raises EngineInputError: plan_reviews_range, plan_nobody_to_read, plan_nobody_reads.
    """
    if not 1 <= count <= MOST_REVIEWS:
        raise EngineInputError("plan_reviews_range", given=count, most=MOST_REVIEWS)
    none: list[str | None] = [None]  # it is not known where they may be seen
    spots = [(name, at) for name in sorted(choice.places) for at in (sorted(choice.places[name]) or none)]
    if not spots:
        raise EngineInputError("plan_nobody_to_read")
    if not choice.evaluators:
        raise EngineInputError("plan_nobody_reads")
    spots = _that_matter(rated, spots, choice.weights, marks_of_review, dispersion)
    evaluators = sorted(set(choice.evaluators))
    there = known(rated, spots, evaluators, marks_of_review=marks_of_review, dispersion=dispersion)
    return _Picking(there, choice).picks(count)


def _that_matter(
    rated: Rated,
    spots: list[tuple[str, str | None]],
    weights: Mapping[str, float],
    marks_of_review: float,
    dispersion: float,
) -> list[tuple[str, str | None]]:
    """The spots of which least is known, for their weight, in their order."""
    if len(spots) <= MOST_SPOTS:
        return spots
    matters = np.concatenate(
        [
            _matter(known(rated, part, [], marks_of_review=marks_of_review, dispersion=dispersion), weights)
            for part in (spots[i : i + MOST_SPOTS] for i in range(0, len(spots), MOST_SPOTS))
        ]
    )
    return [spots[i] for i in np.sort(np.argsort(-matters, kind="stable")[:MOST_SPOTS])]


def _matter(there: Known, weights: Mapping[str, float]) -> Floats:
    n = len(there.spots)
    return _weights(there, weights) * np.diagonal(there.covariance)[:n]


def _weights(there: Known, weights: Mapping[str, float]) -> Floats:
    """(spots,) by points of share; an employee of several places counts once."""
    at = Counter(employee for employee, _ in there.spots)
    own = [weights.get(employee, UNDECIDED) / at[employee] for employee, _ in there.spots]
    return np.array(own) * there.slope**2


class _Picking:
    """The covariance as it changes from pick to pick."""

    def __init__(self, there: Known, choice: Choice) -> None:
        self.there, self.covariance = there, there.covariance.copy()
        self.n, self.weights = len(there.spots), _weights(there, choice.weights)
        permitted = [[choice.may(v, *spot) for v in there.evaluators] for spot in there.spots]
        self.permitted = np.array(permitted, dtype=np.bool_)
        self.asked: Ints = np.zeros(len(there.evaluators), dtype=np.int64)
        self.whole = float(self.weights @ np.diagonal(self.covariance)[: self.n])

    def picks(self, count: int) -> list[Review]:
        most = _FAIR_SHARES * ceil(count / len(self.there.evaluators))
        reviews = []
        for _ in range(count):
            gain = np.where(self.permitted & (self.asked < most), self._gains(), -np.inf)
            spot, evaluator = np.unravel_index(int(np.argmax(gain)), gain.shape)
            if not np.isfinite(gain[spot, evaluator]):
                break
            reviews.append(self._review(int(spot), int(evaluator), float(gain[spot, evaluator])))
            self._take(int(spot), int(evaluator))
        return reviews

    def _gains(self) -> Floats:
        """(spots, evaluators) what one review takes off the weighted variances."""
        spots, evaluators = slice(self.n), self.there.of_evaluators
        own, eyes = self.covariance[spots, spots], self.covariance[spots, evaluators]
        weighted = self.weights[:, None] * own
        off = (weighted * own).sum(axis=0)[:, None] - 2 * weighted.T @ eyes + self.weights @ eyes**2
        among = np.diagonal(self.covariance[evaluators, evaluators])
        left = 1 / self.there.information[:, None] + np.diagonal(own)[:, None] - 2 * eyes + among
        return np.asarray(off / left)

    def _review(self, spot: int, evaluator: int, gain: float) -> Review:
        employee, place = self.there.spots[spot]
        name = self.there.evaluators[evaluator]
        return Review(employee, place, name, self._standards(spot, evaluator), gain / self.whole)

    def _standards(self, spot: int, evaluator: int) -> tuple[str, ...]:
        """Those of which one mark alone would take most off."""
        if not self.there.standards:
            return ()
        items = self.there.of_standards
        # a mark lies along the spot without its mean standard, with the one that is marked
        along = self._along(spot, evaluator) - self.covariance[:, items] @ self.there.mix
        each = along[:, None] + self.covariance[:, items]
        n = self.n + evaluator
        variance = each[spot] - each[n] - self.there.mix @ each[items] + np.diagonal(each[items])
        gain = (self.weights @ each[: self.n] ** 2) / (1 / self.there.mark[spot] + variance)
        return tuple(self.there.standards[i] for i in np.argsort(-gain, kind="stable")[:_STANDARDS_NAMED])

    def _along(self, spot: int, evaluator: int) -> Floats:
        """Covariance of everything with the level that this review shows."""
        return np.asarray(self.covariance[:, spot] - self.covariance[:, self.n + evaluator])

    def _take(self, spot: int, evaluator: int) -> None:
        along = self._along(spot, evaluator)
        left = 1 / self.there.information[spot] + along[spot] - along[self.n + evaluator]
        self.covariance -= np.outer(along, along) / left
        self.asked[evaluator] += 1
