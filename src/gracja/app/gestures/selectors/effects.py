"""Does a gesture work? Every customer to whom a policy was open against those held out, from purchases."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil, log
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import F, Sum

from gracja.app.contacts.models import Customer, Purchase
from gracja.app.gestures.models import Eligible, Gesture
from gracja.app.gestures.selectors.policies import Written
from gracja.app.gestures.selectors.reading import places_read, require_reading, start_of
from gracja.app.gestures.terms import TermsDocument
from gracja.app.organisation.access import may
from gracja.app.organisation.models import Place, User
from gracja.app.organisation.selectors.company import company_zone, today_here
from gracja.engine.gesture.effect.amounts import Amounts, SpendDifference, spend_difference
from gracja.engine.gesture.effect.bounded import YES_NO, Difference, Stage, difference, log_wealth
from gracja.engine.gesture.effect.conclusion import Conclusion, does_it_work

LOOKS: Final = 10  # in the picture
LEVEL: Final = 0.95
_MOST_MORE: Final = 100_000  # customers: beyond it no number is honest
_AT_ONCE: Final = 5000


@dataclass(frozen=True, slots=True)
class Look:
    """What one would have seen on a day; effect None: nothing yet."""

    day: date
    customers: int
    effect: Difference | None


@dataclass(frozen=True, slots=True)
class Effect:
    """eligible: all who were eligible; waiting: those whose days are not over; left_out: those who were
    erased since. spend: None where it cannot be said. more: about how many more customers it takes to see a
    worthwhile effect; None where that cannot be said, 0 where it is seen. first_on: the day on which the
    first customer's days are over; None where nobody was eligible yet. days_differ: whether the policy's days
    to return changed: each customer has those of the day on which they were first eligible.
    """

    conclusion: Conclusion
    looks: tuple[Look, ...]
    spend: SpendDifference | None
    spent_minor: int
    eligible: int
    waiting: int
    left_out: int
    more: int | None
    first_on: date | None
    days_differ: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    """By what customers were drawn and are judged who were first eligible from `since` on: who may change it
    after having looked could look for the days on which it seems to work.
    """

    since: datetime
    share: float
    days: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One eligible customer. over: the first day after their days to return."""

    pk: int
    day: date
    over: date
    share: float
    held_out: bool


def effect_of(*, by: User, written: Written) -> Effect:
    """All who were eligible where `by` may read gestures, as the lot fell; each counts once their days are
    over. Returned: bought something on a later day within the policy's days.

    Raises Refused: not_permitted.
    """
    require_reading(by)
    today = today_here()
    drawn, left_out = _drawn(by, written)
    settled = [one for one in drawn if one.over <= today]
    bought = _bought(settled, written.document.currency)
    returned = {one.pk: bool(bought.get(one.pk, (0, 0))[0]) for one in settled}
    spent = _spent(settled, written)
    conclusion = does_it_work(
        _stages(settled, returned, [one.share for one in _rules(written)]),
        spent_minor=spent,
        worthwhile=written.document.worthwhile_share,
        level=LEVEL,
    )
    shares = {one.share for one in settled}
    return Effect(
        conclusion=conclusion,
        looks=tuple(_looks(settled, returned, today)) if conclusion.effect else (),
        spend=_spend(settled, bought) if conclusion.effect and len(shares) == 1 else None,
        spent_minor=spent,
        eligible=len(drawn) + left_out,
        waiting=len(drawn) - len(settled),
        left_out=left_out,
        more=_more(settled, returned, written.document.worthwhile_share) if conclusion.effect else None,
        first_on=min((one.over for one in drawn), default=None),
        days_differ=len({one.over - one.day for one in drawn}) > 1,
    )


def _drawn(by: User, written: Written) -> tuple[list[_Drawn], int]:
    """Each customer once, under whichever of their keys came first; and how many are nobody any more."""
    rows = Eligible.objects.filter(policy=written.policy).order_by("pk")
    if not (may(by, "gesture.read") or may(by, "gesture.manage")):
        rows = rows.filter(place__in=Place.objects.filter(places_read(by)))
    kept = list(rows.values_list("customer_key", "at", "held_out", "place__zone"))
    known = _customers([row[0] for row in kept])
    rules = _rules(written)
    company = str(company_zone())
    found: dict[int, _Drawn] = {}
    left_out = 0
    for key, at, held_out, zone in kept:
        if key not in known:
            left_out += 1
        elif known[key] not in found:
            day, by_then = at.astimezone(ZoneInfo(zone or company)).date(), _rules_at(rules, at)
            over = day + timedelta(days=by_then.days + 1)
            found[known[key]] = _Drawn(known[key], day, over, by_then.share, held_out)
    return list(found.values()), left_out


def _customers(keys: Sequence[str]) -> dict[str, int]:
    """Key -> pk of the record that stands for it now; erased ones are not there."""
    found: dict[str, int] = {}
    for some in _some(keys):
        rows = Customer.objects.filter(key__in=some, erased_at=None)
        for key, pk, merged_into in rows.values_list("key", "pk", "merged_into"):
            found[key] = merged_into or pk
    return found


def _rules(written: Written) -> list[_Rules]:
    """Oldest first."""
    said = [(one.made_at, TermsDocument.model_validate(one.document)) for one in reversed(written.versions)]
    return [_Rules(since, terms.held_out_share, terms.return_days) for since, terms in said]


def _rules_at(rules: list[_Rules], at: datetime) -> _Rules:
    place = bisect_right([one.since for one in rules], at)
    return rules[max(0, place - 1)]


def _bought(settled: Iterable[_Drawn], currency: str) -> dict[int, tuple[int, int]]:
    """Customer -> (purchases, what they came to in this currency) on later days within their days."""
    by_pk = {one.pk: one for one in settled}
    zone = company_zone()
    found: dict[int, tuple[int, int]] = {}
    for some in _some(list(by_pk)):
        # no clock on earth is a day ahead of another
        since = start_of(min(by_pk[pk].day for pk in some) - timedelta(days=1))
        rows = Purchase.objects.filter(customer__in=some, at__gte=since).values_list(
            "customer", "at", "currency", "place__zone", F("amount_minor") - F("refunded_minor")
        )
        for pk, at, paid_in, its_zone, kept in rows:
            one, day = by_pk[pk], at.astimezone(ZoneInfo(its_zone) if its_zone else zone).date()
            if one.day < day < one.over and kept > 0:
                times, sum_ = found.get(pk, (0, 0))
                found[pk] = (times + 1, sum_ + (kept if paid_in == currency else 0))
    return found


def _spent(settled: Iterable[_Drawn], written: Written) -> int:
    """What the policy's gestures cost for those to whom it was open while others were held out, in minor
    units: of who came when nobody was, nobody knows whether they would have returned anyway.
    """
    open_to = {one.pk for one in settled if not one.held_out and 0 < one.share < 1}
    rows = Gesture.objects.filter(terms__policy=written.policy, state="committed").values_list("customer_key")
    spent = dict(rows.annotate(sum=Sum("spent_minor")))
    return sum(spent[key] for key, pk in _customers(list(spent)).items() if pk in open_to)


def _stages(settled: Iterable[_Drawn], returned: dict[int, bool], shares: Iterable[float]) -> list[Stage]:
    counts: dict[float, list[list[int]]] = defaultdict(lambda: [[0, 0], [0, 0]])
    for share in shares:
        counts[share]
    for one in settled:
        counts[one.share][one.held_out][returned[one.pk]] += 1
    return [
        Stage(share, (open_[0], open_[1]), (held[0], held[1]))
        for share, (open_, held) in sorted(counts.items())
    ]


def _looks(settled: list[_Drawn], returned: dict[int, bool], today: date) -> Iterable[Look]:
    """The interval as it stood on some days, evenly apart, from when anybody's days were over until today."""
    first = min(one.over for one in settled)
    span = (today - first).days
    days = sorted({first + timedelta(days=round(span * at / (LOOKS - 1))) for at in range(LOOKS)})
    for day in days:
        then = [one for one in settled if one.over <= day]
        yield Look(day, len(then), _difference(tuple(_stages(then, returned, ()))))


@lru_cache(maxsize=4096)
def _difference(stages: tuple[Stage, ...]) -> Difference | None:
    """What was seen on a day stays: a page that is opened again need not count it again."""
    return difference(stages, level=LEVEL)


def _spend(settled: list[_Drawn], bought: dict[int, tuple[int, int]]) -> SpendDifference | None:
    open_, held = (
        Amounts.of(bought.get(one.pk, (0, 0))[1] for one in settled if one.held_out == side)
        for side in (False, True)
    )
    return spend_difference(open_, held, level=LEVEL)


def _more(settled: list[_Drawn], returned: dict[int, bool], worthwhile: float) -> int | None:
    """How many more customers, if the gesture changes as much as is worthwhile and returns stay as they are:
    where the expected counts would first show it. None where even very many would not.
    """
    held = [returned[one.pk] for one in settled if one.held_out]
    share = settled[-1].share
    if not held or not 0 < share < 1:
        return None
    usual = sum(held) / len(held)
    raised = min(1.0, usual + worthwhile)
    totals = np.unique(np.geomspace(50, _MOST_MORE, 400).round())
    open_counts = np.outer(totals * (1 - share), [1 - raised, raised])
    held_counts = np.outer(totals * share, [1 - usual, usual])
    wealth = log_wealth(open_counts, held_counts, share, np.array(YES_NO), 0.0)
    enough = np.flatnonzero(wealth >= log(1 / (1 - LEVEL)))
    if not len(enough):
        return None
    return max(0, ceil((int(totals[enough[0]]) - len(settled)) / 10) * 10)


def _some[T](values: Sequence[T]) -> Iterable[Sequence[T]]:
    """A database takes only so many values at once."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
