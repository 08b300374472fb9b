"""The grade of an employee: known only with assurance, and what it still takes to know it.

At least *standard*: base and failed critical standards at the aspired level; *above*: also fit and
initiative; *exceptional*: also the share of exceptional contacts. A probability of a rung is the product
of its parts' probabilities (their posteriors are made apart); a measure that is missing counts as not
reached. *Below* rests on what was measured of the employee alone: where no critical standard of theirs was
seen to fail, what happens to others may keep *standard* from being known, and never makes it *below*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from gracja.engine.edition.model import Aspire
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.counts import RareShare
from gracja.engine.measure.learning import Learning
from gracja.engine.measure.needed import Ahead, Known, fewest
from gracja.engine.measure.posterior import Mixture
from gracja.engine.tables import GRADES

FEWEST_CONTACTS: Final = 5
ASSURANCE: Final = 0.8


@dataclass(frozen=True)
class Share:
    """One measure of each employee. has: (employees,) of whom it was measured. ahead: what further contacts
    would tell of those at some positions; asked only of those whose grade is open.
    """

    mixture: Mixture
    has: NDArray[np.bool_]
    ahead: Callable[[Ints], Learning]

    def of(self, positions: Ints) -> Share:
        """Of some employees."""
        mixture = replace(
            self.mixture,
            means=self.mixture.means[:, positions],
            deviations=self.mixture.deviations[:, positions],
        )
        return Share(mixture, self.has[positions], self.ahead(positions).of)

    def reached(self, level: float) -> Floats:
        """(employees,) P(share >= level)."""
        return np.asarray(1 - self.mixture.below(_logit(level)))


@dataclass(frozen=True)
class Rare:
    """A rare event of each employee. pace: (employees,) how many of their contacts tell of it."""

    share: RareShare
    pace: Floats

    def of(self, positions: Ints) -> Rare:
        """Of some employees."""
        return Rare(self.share.of(positions), self.pace[positions])


def rare(share: RareShare, contacts: Ints) -> Rare:
    """contacts: (employees,) all; of whom none told yet, as many will as of the others'."""
    has = share.contacts > 0
    overall = float(share.contacts.sum()) / max(int(contacts[has].sum()), 1)
    return Rare(share, np.where(has, share.contacts / np.maximum(contacts, 1), overall))


@dataclass(frozen=True)
class Evidence:
    """What is known of each employee; all (employees,).

    fit and initiative: None where nobody was measured. critical: None where the edition has no critical
    standard, or none was marked for anybody.
    """

    contacts: Ints
    base: Share
    fit: Share | None
    initiative: Share | None
    critical: Rare | None
    exceptional: Rare

    def of(self, positions: Ints) -> Evidence:
        """Of some employees."""
        return Evidence(
            self.contacts[positions],
            self.base.of(positions),
            None if self.fit is None else self.fit.of(positions),
            None if self.initiative is None else self.initiative.of(positions),
            None if self.critical is None else self.critical.of(positions),
            self.exceptional.of(positions),
        )


@dataclass(frozen=True)
class Grades:
    """grade: (employees,) index in `tables.GRADES`, -1 where not known. probability: of exactly that grade,
    NaN where not known. needed: further contacts after which, with probability 0.8, some grade is known; 0
    where one is; capped at 9999.
    """

    grade: Ints
    probability: Floats
    needed: Ints


@dataclass(frozen=True)
class _Odds:
    """Probabilities that parts of a grade are reached: (employees,), or (employees, draws) later.

    fit, initiative: None where nobody was measured. kept: critical failures within their limit; None where
    there is nothing to keep. seen_to_fail: who failed. rarely: too few exceptional contacts.
    """

    base: Floats
    fit: Floats | None
    initiative: Floats | None
    kept: Floats | None
    seen_to_fail: NDArray[np.bool_] | None
    rarely: Floats


def grades(evidence: Evidence, aspire: Aspire) -> Grades:
    """Grade g is known where P(at least g) >= 0.8 and P(at least the next) <= 0.2, from 5 contacts on."""
    rungs, following = _rungs(evidence, _now(evidence, aspire))
    known = _known(rungs, following)
    grade = np.where(evidence.contacts >= FEWEST_CONTACTS, known, -1)
    at_grade = np.take_along_axis(rungs - following, np.maximum(grade, 0)[None, :], axis=0)[0]
    return Grades(grade, np.where(grade >= 0, at_grade, np.nan), _needed(evidence, aspire, known, grade))


def _known(rungs: Floats, following: Floats) -> Ints:
    """The rung that is known, else -1. Both (grades, ...): P(at least it), P(above it)."""
    is_known = (rungs >= ASSURANCE) & (following <= 1 - ASSURANCE)
    return np.where(is_known.any(axis=0), is_known.argmax(axis=0), -1).astype(np.int64)


def _rungs(evidence: Evidence, odds: _Odds) -> tuple[Floats, Floats]:
    """(grades, ...) twice: P(at least each grade), P(above it).

    P(above *below*) leaves out what was not measured of the employee: it may exceed P(at least *standard*).
    """
    standard = _where(evidence.base.has, odds.base, 0.5)
    not_below = _where(evidence.base.has, odds.base, 1.0)
    if odds.kept is not None and odds.seen_to_fail is not None:
        standard = standard * odds.kept
        not_below = not_below * np.where(odds.seen_to_fail, odds.kept, 1.0)
    above = standard
    for part, reached in ((evidence.fit, odds.fit), (evidence.initiative, odds.initiative)):
        if part is None or reached is None:
            above = np.zeros_like(above)
        else:
            above = above * _where(part.has, reached, 0.0)
    exceptional = above * (1 - odds.rarely)
    assert len(GRADES) == 4
    nothing = np.zeros_like(standard)
    return (
        np.stack([np.ones_like(standard), standard, above, exceptional]),
        np.stack([not_below, above, exceptional, nothing]),
    )


def _where(has: NDArray[np.bool_], reached: Floats, else_: float) -> Floats:
    return np.where(has if reached.ndim == 1 else has[:, None], reached, else_)


def _now(evidence: Evidence, aspire: Aspire) -> _Odds:
    critical, fit, initiative = evidence.critical, evidence.fit, evidence.initiative
    return _Odds(
        evidence.base.reached(aspire.base),
        None if fit is None else fit.reached(aspire.fit),
        None if initiative is None else initiative.reached(aspire.initiative),
        None if critical is None else critical.share.at_most(),
        None if critical is None else critical.share.events > 0,
        evidence.exceptional.share.at_most(),
    )


def _logit(level: float) -> float:
    return float(logit(np.clip(level, 1e-9, 1 - 1e-9)))


def _needed(evidence: Evidence, aspire: Aspire, known: Ints, grade: Ints) -> Ints:
    needed, positions = np.zeros(len(grade), dtype=np.int64), np.flatnonzero(known < 0)
    open_still = evidence.of(positions)
    needed[positions] = fewest(len(positions), lambda some: _after(open_still.of(some), aspire))
    too_few = np.maximum(FEWEST_CONTACTS - evidence.contacts, 0)
    return np.where(grade >= 0, 0, np.maximum(needed, too_few)).astype(np.int64)


def _after(evidence: Evidence, aspire: Aspire) -> Known:
    """Whether some grade is known after further contacts."""
    everybody = np.arange(len(evidence.contacts))
    ahead = Ahead(len(everybody))

    def share_ahead(stream: int, part: Share, level: float) -> Callable[[Ints], Floats]:
        return ahead.reached(stream, part.mixture, part.ahead(everybody), _logit(level))

    base, climbs = share_ahead(0, evidence.base, aspire.base), None
    if evidence.fit is not None and evidence.initiative is not None:  # else nobody is above
        fit = share_ahead(1, evidence.fit, aspire.fit)
        initiative = share_ahead(2, evidence.initiative, aspire.initiative)
        climbs = fit, initiative, ahead.events(4, evidence.exceptional.share, evidence.exceptional.pace)
    critical = None
    if evidence.critical is not None:
        critical = ahead.events(3, evidence.critical.share, evidence.critical.pace)

    def known(extra: Ints) -> NDArray[np.bool_]:
        reached = base(extra)
        kept, failed = (None, None) if critical is None else critical(extra)
        seen = None if failed is None else failed > 0
        odds = _Odds(reached, None, None, kept, seen, np.ones_like(reached))
        if climbs is not None:
            fit, initiative, exceptional = climbs
            odds = replace(odds, fit=fit(extra), initiative=initiative(extra), rarely=exceptional(extra)[0])
        return _known(*_rungs(evidence, odds)) >= 0

    return known
