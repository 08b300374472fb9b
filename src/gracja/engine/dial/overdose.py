"""Closeness is like good food: too much is indigestible. How much is left, and when more may be started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gracja.engine.dial.rules import Band, SituationRules

PERIOD: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class MayStart:
    """Whether we may start a contact with this customer now. left: how many more in this period; after that
    one, `free_from` says when the next may be started (null: now, or never where none is allowed).
    """

    now: bool
    left: int
    free_from: datetime | None


def moves_left(made: int, band: Band, rules: SituationRules) -> int:
    """Personal moves that this contact still bears, after `made`; never below zero."""
    return max(0, rules.overdose.personal_moves.of(band) - made)


def may_start_contact(started: Sequence[datetime], at: datetime, rules: SituationRules) -> MayStart:
    """Whether one more contact may be started by us at this time.

    started: when we started contacts with this customer, in any order; those of the future (planned ones)
    count, too. Any 30 days hold at most as many as the rules allow, so a calendar month does, as well.
    """
    most = rules.overdose.contacts_started_in_30_days
    if most == 0:
        return MayStart(now=False, left=0, free_from=None)
    if (left := most - _fullest(started, at)) > 0:
        return MayStart(now=True, left=left, free_from=None)
    leaving = sorted(time + PERIOD for time in started if time + PERIOD > at)
    return MayStart(now=False, left=0, free_from=next(t for t in leaving if _fullest(started, t) < most))


def _fullest(started: Sequence[datetime], at: datetime) -> int:
    """How many contacts the fullest 30 days that hold this time already have."""
    begins = [at, *(time for time in started if at - PERIOD < time <= at)]
    return max(sum(begin <= time < begin + PERIOD for time in started) for begin in begins)
