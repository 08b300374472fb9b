"""Gestures that stay just under the limit above which a second person says yes, and together pass it.

Never a verdict: a delivery may cost what it costs, and twice. What is asked, and where:

- split_customer: one customer was given, within `DAYS` days and by one policy, gestures of at least `HALF` of
  the limit each, none of which a second person saw, and which together pass the limit: `FEWEST_FOR_CUSTOMER`
  or more by one employee, or `FEWEST_BY_SEVERAL` or more by whomever;
- split_employee: one employee gave, within `DAYS` days and by one policy, `FEWEST_BY_EMPLOYEE` gestures or
  more of at least `CLOSE` of the limit and more than such a gesture costs as a rule; and of all that they
  gave by it so many were like that as chance alone would hardly make, given what colleagues gave by the same
  policy (hypergeometric, corrected by Holm as in `questions`). Of whom nobody else gives, nothing is asked.

The numbers are assumptions: a week is how long one occasion is remembered; half of a limit is the least of
which two pass it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from gracja.engine.gesture.questions import MISS, Question, holm, once_each

DAYS: Final = 7
HALF: Final = 0.5
CLOSE: Final = 0.8
FEWEST_FOR_CUSTOMER: Final = 2
FEWEST_BY_SEVERAL: Final = 3
FEWEST_BY_EMPLOYEE: Final = 3
_WITHIN: Final = timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Granted:
    """A gesture that nobody else had to approve. limit_minor: above it somebody would have had to."""

    employee: str
    customer: str
    policy: str
    cost_minor: int
    usual_minor: int
    limit_minor: int
    currency: str
    at: datetime

    @property
    def is_half(self) -> bool:
        return HALF * self.limit_minor <= self.cost_minor <= self.limit_minor

    @property
    def is_close(self) -> bool:
        return CLOSE * self.limit_minor <= self.cost_minor <= self.limit_minor and (
            self.cost_minor > self.usual_minor
        )


def near_limit(granted: Iterable[Granted]) -> tuple[Question, ...]:
    """What these gestures ask. Facts: customer or employee, grants, days, total_minor, limit_minor,
    currency.
    """
    rows = sorted((one for one in granted if one.limit_minor > 0), key=lambda one: one.at)
    return (*_for_one_customer(rows), *_by_one_employee(rows))


def _for_one_customer(rows: Sequence[Granted]) -> Iterator[Question]:
    groups: dict[tuple[str, str], list[Granted]] = defaultdict(list)
    for one in rows:
        if one.is_half:
            groups[one.customer, one.policy].append(one)
    for (customer, _), group in groups.items():
        tried = [(_most_at_once(group), FEWEST_BY_SEVERAL)]
        for employee in dict.fromkeys(one.employee for one in group):
            theirs = [one for one in group if one.employee == employee]
            tried.append((_most_at_once(theirs), FEWEST_FOR_CUSTOMER))
        passing = [found for found, fewest in tried if len(found) >= fewest and _passes(found)]
        if passing:
            yield Question("split_customer", {"customer": customer} | _facts(max(passing, key=_sum)), None)


def _passes(found: Sequence[Granted]) -> bool:
    return _sum(found) > max(one.limit_minor for one in found)


def _by_one_employee(rows: Sequence[Granted]) -> Iterator[Question]:
    from scipy.stats import hypergeom  # noqa: PLC0415  (a second of CPU, which no start should wait for)

    every: dict[str, dict[str, list[Granted]]] = defaultdict(lambda: defaultdict(list))
    for one in rows:
        every[one.policy][one.employee].append(one)
    found, counts = [], []
    for people in every.values():
        close = {employee: [one for one in given if one.is_close] for employee, given in people.items()}
        of, all_ = sum(map(len, people.values())), sum(map(len, close.values()))
        if len(people) < 2 or not all_:
            continue
        for employee, given in people.items():
            if len(given) >= FEWEST_BY_EMPLOYEE:
                found.append((employee, close[employee]))
                counts.append((len(close[employee]) - 1, of, all_, len(given)))
    adjusted = holm(once_each(hypergeom.sf, *np.asarray(counts, dtype=np.int64).reshape(-1, 4).T))
    for (employee, group), chance in zip(found, adjusted, strict=True):
        together = _most_at_once(group)
        if chance <= MISS and len(together) >= FEWEST_BY_EMPLOYEE:
            yield Question("split_employee", {"employee": employee} | _facts(together), float(chance))


def _most_at_once(group: Sequence[Granted]) -> Sequence[Granted]:
    """Those within so many days that cost the most together. The group is in order of time."""
    best: Sequence[Granted] = ()
    first = 0
    for last, one in enumerate(group):
        while one.at - group[first].at > _WITHIN:
            first += 1
        if _sum(window := group[first : last + 1]) > _sum(best):
            best = window
    return best


def _sum(group: Sequence[Granted]) -> int:
    return sum(one.cost_minor for one in group)


def _facts(group: Sequence[Granted]) -> dict[str, Any]:
    return {
        "grants": len(group),
        "days": DAYS,
        "total_minor": _sum(group),
        "limit_minor": max(one.limit_minor for one in group),
        "currency": group[0].currency,
    }
