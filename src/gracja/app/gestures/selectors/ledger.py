"""The ledger read back: the proof of its balances."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from gracja.app.gestures.models import Budget, Entry, Gesture


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A budget whose sums are not those of its entries, or a gesture whose state is not that of its own."""

    what: str  # budget, gesture
    uid: str
    kept: str
    counted: str


def proof(of: Collection[Budget] | None = None) -> list[Discrepancy]:
    """Every balance counted anew from the entries, of these budgets or of all; empty where all agree."""
    if of is None:
        return [*_budgets(Budget.objects.all()), *_gestures(Gesture.objects.all())]
    keys = [one.pk for one in of]
    return [
        *_budgets(Budget.objects.filter(pk__in=keys)),
        *_gestures(Gesture.objects.filter(budget__in=keys)),
    ]


def _budgets(of: QuerySet[Budget]) -> list[Discrepancy]:
    amount = F("entries__amount_minor")
    reserved = Case(
        When(entries__kind="reserve", then=amount),
        When(entries__kind__in=("commit", "release", "expire"), then=-amount),
        default=Value(0),
    )
    spent = Case(
        When(entries__kind="commit", then=amount),
        When(entries__kind="return", then=-amount),
        default=Value(0),
    )
    rows = of.annotate(
        reserved_counted=Coalesce(Sum(reserved), 0), spent_counted=Coalesce(Sum(spent), 0)
    ).filter(~Q(reserved_minor=F("reserved_counted")) | ~Q(spent_minor=F("spent_counted")))
    return [
        Discrepancy(
            "budget",
            row.uid,
            f"reserved {row.reserved_minor}, spent {row.spent_minor}",
            f"reserved {row.reserved_counted}, spent {row.spent_counted}",
        )
        for row in rows
    ]


def _gestures(of: QuerySet[Gesture]) -> list[Discrepancy]:
    """Each gesture's state and amounts against its own entries, all of one budget."""
    last = Entry.objects.filter(gesture=OuterRef("pk")).order_by("-pk").values("kind")[:1]
    sums = {
        kind: Coalesce(Sum("entries__amount_minor", filter=Q(entries__kind=kind)), 0) for kind in Entry.KINDS
    }
    strange = Count("entries", filter=~Q(entries__budget=F("budget")))
    rows = of.annotate(
        last=Coalesce(Subquery(last), Value("")),
        strange=strange,
        **{f"{kind}_sum": sums[kind] for kind in sums},
    ).annotate(
        set_aside=F("reserve_sum") - F("commit_sum") - F("release_sum") - F("expire_sum"),
        kept=F("commit_sum") - F("return_sum"),
    )
    agrees = Q(last="reserve", state__in=Gesture.OPEN, set_aside=F("cost_minor"), kept=0)
    agrees |= Q(last="commit", state="committed", set_aside=0, kept=F("spent_minor"))
    agrees |= Q(last__in=("release", "return"), state="released", set_aside=0, kept=0)
    agrees |= Q(last="expire", state="expired", set_aside=0, kept=0)
    return [
        Discrepancy(
            "gesture",
            row.uid,
            f"{row.state}, cost {row.cost_minor}, spent {row.spent_minor}",
            f"{row.last or '-'}, reserved {row.set_aside}, spent {row.kept}",
        )
        for row in rows.exclude(agrees & Q(strange=0, reserve_sum=F("cost_minor")))
    ]
