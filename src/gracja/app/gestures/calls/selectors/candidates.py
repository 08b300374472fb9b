"""Whom the manager's rules would have us thank, wish well, or ask how it went. Nobody is asked here whether
they agreed: services/proposing.py does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gracja.app.common.clock import now
from gracja.app.contacts.models import Consent, Customer, Purchase
from gracja.app.gestures.calls.models import Call, Reason
from gracja.app.gestures.recovery.models import Case
from gracja.app.organisation.selectors.company import company_zone, today_here

LOOKED_BACK: Final = timedelta(days=14)  # what happened longer ago is no reason any more
AHEAD_DAYS: Final = 7  # an anniversary is proposed a week before its day
_KEPT: Final = Q(purchases__amount_minor__gt=F("purchases__refunded_minor"))  # not wholly given back


@dataclass(frozen=True, slots=True)
class Candidate:
    """cause: what it is for, once. on: the day of what happened."""

    cause: str
    customer_key: str
    place_id: int | None
    on: date
    owner_id: int | None = None
    why: dict[str, Any] = field(default_factory=dict)


def candidates(rule: Reason) -> Iterator[Candidate]:
    """Those for whom nothing was proposed yet for this cause. Days are the company's."""
    done = set(Call.objects.filter(reason=rule.name).values_list("cause", flat=True))
    with timezone.override(company_zone()):  # the worker's own clock is UTC
        found = list(_FOUND[rule.name](rule))
    return (one for one in found if one.cause not in done)


def _after_failure(rule: Reason) -> Iterator[Candidate]:
    closed = Case.objects.filter(closed_at__gte=now() - LOOKED_BACK).exclude(customer_key="")
    for case in closed.select_related("place").order_by("closed_at"):
        on = case.closed_at.astimezone(ZoneInfo(case.place.zone)).date() if case.closed_at else today_here()
        why = {"case": case.uid, "state": case.state, "day": on.isoformat()}
        yield Candidate(f"{rule.name}:{case.uid}", case.customer_key, case.place_id, on, case.owner_id, why)


def _thanks_purchase(rule: Reason) -> Iterator[Candidate]:
    left = F("amount_minor") - F("refunded_minor")
    big = Purchase.objects.annotate(left=left).filter(
        at__gte=now() - LOOKED_BACK, at__lte=now(), currency=rule.currency, left__gte=rule.least
    )
    for one in big.select_related("customer").order_by("-left"):
        on = one.at.astimezone(company_zone()).date()
        why = {"amount": str(one.kept), "day": on.isoformat()}
        yield Candidate(f"{rule.name}:{one.pk}", one.customer.key, one.place_id, on, why=why)


def _thanks_visits(rule: Reason) -> Iterator[Candidate]:
    lately = Purchase.objects.filter(
        at__gte=now() - LOOKED_BACK, at__lte=now(), amount_minor__gt=F("refunded_minor")
    )
    visits = Count("purchases__at__date", distinct=True, filter=_KEPT)
    counted = _there().filter(pk__in=lately.values("customer")).annotate(visits=visits)
    for one in counted.filter(visits__gte=max(rule.least, 2)):
        why = {"visits": one.visits}
        cause = f"{rule.name}:{one.key}:{rule.least}"
        yield Candidate(cause, one.key, one.last_place, today_here(), why=why)


def _anniversary_first(rule: Reason) -> Iterator[Candidate]:
    first = _there().annotate(first=Min("purchases__at", filter=_KEPT))
    for day in _days():
        for one in first.filter(_on("first", day)):
            years = day.year - timezone.localtime(one.first).year
            why = {"years": years, "day": day.isoformat()}
            yield Candidate(f"{rule.name}:{one.key}:{day.year}", one.key, one.last_place, day, why=why)


def _anniversary_joined(rule: Reason) -> Iterator[Candidate]:
    joined = Consent.objects.filter(purpose="club", withdrawn_at=None).annotate(last_place=_last("customer"))
    for day in _days():
        for one in joined.filter(_on("given_at", day)).select_related("customer"):
            key = one.customer.key
            why = {"years": day.year - timezone.localtime(one.given_at).year, "day": day.isoformat()}
            yield Candidate(f"{rule.name}:{key}:{day.year}", key, one.last_place, day, why=why)


def _there() -> QuerySet[Any]:
    there = Customer.objects.filter(merged_into=None, erased_at=None, do_not_contact=False)
    return there.annotate(last_place=_last("pk"))


def _last(customer: str) -> Subquery:
    """Where the customer was last."""
    bought = Purchase.objects.filter(customer=OuterRef(customer)).exclude(place=None)
    return Subquery(bought.order_by("-at").values("place")[:1])


def _days() -> list[date]:
    return [today_here() + timedelta(days=n) for n in range(AHEAD_DAYS + 1)]


def _on(field_name: str, day: date) -> Q:
    """An earlier year's same day; 29 February is kept on the 28th of a common year."""
    dates = [(day.month, day.day)]
    if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
        dates.append((2, 29))
    same = Q()
    for month, number in dates:
        same |= Q(**{f"{field_name}__month": month, f"{field_name}__day": number})
    return same & Q(**{f"{field_name}__year__lt": day.year})


_FOUND: Final = {
    "after_failure": _after_failure,
    "thanks_purchase": _thanks_purchase,
    "thanks_visits": _thanks_visits,
    "anniversary_first": _anniversary_first,
    "anniversary_joined": _anniversary_joined,
}
