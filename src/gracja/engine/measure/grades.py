"""The grade of an employee: known only with assurance, and what it still takes to know it.

At least *standard*: base and failed critical standards at the aspired level; *above*: also fit and
initiative; *exceptional*: also the share of exceptional contacts. A probability of a rung is the product
of its parts' probabilities (their posteriors are made apart); a measure that is missing counts as not
reached. *Below* rests on what was measured of the employee alone: where no critical standard of theirs was
seen to fail, what happens to others may keep *standard* from being known, and never makes it *below*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit, ndtr

from gracja.engine.edition.model import Aspire
from gracja.engine.measure.cells import Floats, Ints
from gracja.engine.measure.counts import RareShare
from gracja.engine.measure.posterior import Mixture
from gracja.engine.tables import GRADES

FEWEST_CONTACTS: Final = 5
ASSURANCE: Final = 0.8
AT_THE_BORDER: Final = 500
MOST_NEEDED: Final = 9999
_STEPS: Final = 40


@dataclass(frozen=True)
class Evidence:
    """What is known of each employee; arrays and mixtures have shape (employees,).

    fit and initiative: None where nobody was measured; has_fit, has_initiative: who was. critical: None
    where the edition has no critical standard, or none was marked for anybody.
    """

    contacts: Ints
    base: Mixture
    has_base: NDArray[np.bool_]
    fit: Mixture | None
    has_fit: NDArray[np.bool_]
    initiative: Mixture | None
    has_initiative: NDArray[np.bool_]
    critical: RareShare | None
    exceptional: RareShare


@dataclass(frozen=True)
class Grades:
    """grade: (employees,) index in `tables.GRADES`, -1 where not known. probability: of exactly that grade,
    NaN where not known. needed: contacts still needed to know, 0 where known; capped at 9999.
    """

    grade: Ints
    probability: Floats
    needed: Ints


def grades(evidence: Evidence, aspire: Aspire) -> Grades:
    """Grade g is known where P(at least g) >= 0.8 and P(at least the next) <= 0.2, from 5 contacts on."""
    rungs, following = _rungs(evidence, aspire)
    known = _known(rungs, following)
    grade = np.where(evidence.contacts >= FEWEST_CONTACTS, known, -1)
    at_grade = np.take_along_axis(rungs - following, np.maximum(grade, 0)[None, :], axis=0)[0]
    return Grades(grade, np.where(grade >= 0, at_grade, np.nan), _needed(evidence, aspire, grade))


def _known(rungs: Floats, following: Floats) -> Ints:
    """(employees,) the rung that is known, else -1. Both (grades, employees): P(at least it), P(above it)."""
    is_known = (rungs >= ASSURANCE) & (following <= 1 - ASSURANCE)
    return np.where(is_known.any(axis=0), is_known.argmax(axis=0), -1).astype(np.int64)


def _rungs(evidence: Evidence, aspire: Aspire, extra: int = 0) -> tuple[Floats, Floats]:
    """(grades, employees) twice: P(at least each grade), P(above it); after `extra` contacts like those seen.

    P(above *below*) leaves out what was not measured of the employee: it may exceed P(at least *standard*).
    """
    now = np.maximum(evidence.contacts, 1)
    more = (now + extra) / now if extra else None
    times = np.ones(len(now)) if more is None else more
    base = _reached(evidence.base, aspire.base, more)
    standard = np.where(evidence.has_base, base, 0.5)
    not_below = np.where(evidence.has_base, base, 1.0)
    if evidence.critical is not None:
        kept, seen_to_fail = _critical(evidence.critical, evidence.contacts, times, extra)
        standard = standard * kept
        not_below = not_below * np.where(seen_to_fail, kept, 1.0)
    above = standard * _measured(evidence.fit, evidence.has_fit, aspire.fit, more)
    above = above * _measured(evidence.initiative, evidence.has_initiative, aspire.initiative, more)
    exceptional = above * (1 - evidence.exceptional.grown(times, np.zeros(len(now))).at_most())
    assert len(GRADES) == 4
    nothing = np.zeros_like(standard)
    return (
        np.stack([np.ones_like(standard), standard, above, exceptional]),
        np.stack([not_below, above, exceptional, nothing]),
    )


def _critical(
    critical: RareShare, contacts: Ints, times: Floats, extra: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """(employees,) P(critical failures within their limit), and who was seen to fail.

    Who has no critical mark yet gets them, in `extra` contacts, as often as those who have; one whole failure
    has then to be expected before it counts as seen.
    """
    none_yet = critical.contacts == 0
    pace = critical.contacts.sum() / max(contacts[~none_yet].sum(), 1)
    later = critical.grown(times, np.full(len(contacts), extra * pace))
    return later.at_most(), later.events >= np.where(none_yet, 1.0, np.nextafter(0, 1))


def _measured(mixture: Mixture | None, has: NDArray[np.bool_], level: float, more: Floats | None) -> Floats:
    return np.zeros(len(has)) if mixture is None else np.where(has, _reached(mixture, level, more), 0.0)


def _reached(mixture: Mixture, level: float, more: Floats | None) -> Floats:
    """P(share >= level); with `more` times the contacts, one normal whose deviation has shrunk."""
    bound = float(logit(np.clip(level, 1e-9, 1 - 1e-9)))
    if more is None:
        return 1 - mixture.below(bound)
    return np.asarray(ndtr((mixture.mean - bound) * np.sqrt(more) / np.maximum(mixture.deviation, 1e-12)))


def _needed(evidence: Evidence, aspire: Aspire, grade: Ints) -> Ints:
    """Contacts until a grade would be known if the findings stayed as they are."""
    needed = np.where(grade >= 0, 0, MOST_NEEDED).astype(np.int64)
    open_still = grade < 0
    for extra in np.unique(np.geomspace(1, MOST_NEEDED, _STEPS * 2).astype(np.int64)):
        if not open_still.any():
            break
        settled = open_still & (_known(*_rungs(evidence, aspire, int(extra))) >= 0)
        needed[settled] = extra
        open_still &= ~settled
    too_few = np.maximum(FEWEST_CONTACTS - evidence.contacts, 0)
    return np.where(grade >= 0, 0, np.maximum(needed, too_few)).astype(np.int64)
