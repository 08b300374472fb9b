"""Budgets as their reader may see them, and what is in their ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from gracja.app.gestures.models import Budget, Entry, Gesture
from gracja.app.gestures.selectors.reading import places_read, require_reading
from gracja.app.organisation.access import places_where
from gracja.app.organisation.models import Place, User


@dataclass(frozen=True, slots=True)
class Sum:
    """Budgets of one currency taken together, in minor units."""

    currency: str
    amount_minor: int
    reserved_minor: int
    spent_minor: int

    @property
    def left_minor(self) -> int:
        return self.amount_minor - self.reserved_minor - self.spent_minor


def budgets(*, by: User, place_uid: str = "") -> QuerySet[Budget]:
    """Budgets of the places where one may read gestures; of one place and all below it.

    Raises Refused: not_permitted.
    """
    require_reading(by)
    places = Place.objects.filter(places_read(by))
    if place_uid:
        places = places.filter(path__contains=f"/{place_uid}/")
    return Budget.objects.filter(place__in=places).select_related("place", "place__parent")


def budgets_between(*, by: User, first: date, last: date) -> list[Budget]:
    """Those of which at least one day lies between these, by place and beginning."""
    found = budgets(by=by).filter(first_day__lte=last, last_day__gte=first)
    return list(found.order_by("place__name", "place_id", "first_day"))


def budget(*, by: User, uid: str) -> Budget:
    """One of them. Raises Http404; Refused: not_permitted."""
    found = budgets(by=by).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def sums_of(rows: list[Budget]) -> list[Sum]:
    """What these budgets come to, a line for each currency."""
    found: dict[str, Sum] = {}
    for row in rows:
        before = found.get(row.currency, Sum(row.currency, 0, 0, 0))
        found[row.currency] = Sum(
            row.currency,
            before.amount_minor + row.amount_minor,
            before.reserved_minor + row.reserved_minor,
            before.spent_minor + row.spent_minor,
        )
    return [found[currency] for currency in sorted(found)]


def places_without_budget(*, by: User, day: date) -> list[Place]:
    """Places in use that one reads and that have no budget for this day, by name."""
    require_reading(by)
    places = Place.objects.filter(places_read(by), active=True).exclude(kind=Place.REGION)
    have = Budget.objects.filter(first_day__lte=day, last_day__gte=day).values("place")
    return list(places.exclude(pk__in=have).order_by("name"))


def entries_of(kept: Budget) -> QuerySet[Entry]:
    """The ledger of a budget, newest first."""
    return kept.entries.select_related(
        "gesture__terms__policy", "gesture__place", "gesture__given_by"
    ).order_by("-at", "-pk")


def waiting(*, by: User) -> int:
    """How many gestures wait for a second person, where `by` may be that person."""
    places = Place.objects.filter(places_where(by, "gesture.approve"))
    return Gesture.objects.filter(state="asked", place__in=places).exclude(given_by=by.person).count()
