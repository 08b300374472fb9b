"""The ledger read back: the proof of its balances, and statements."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from gracja.app.gestures.models import Budget, Entry, Gesture


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A budget whose sums are not those of its entries, or a gesture whose state is not that of its own."""

    what: str  # budget, gesture
    uid: str
    kept: str
    counted: str


def proof() -> list[Discrepancy]:
    """Every balance counted anew from the entries; empty where all agree."""
    return [*_budgets(), *_gestures()]


def _budgets() -> list[Discrepancy]:
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
    rows = Budget.objects.annotate(
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


def _gestures() -> list[Discrepancy]:
    last = Entry.objects.filter(gesture=OuterRef("pk")).order_by("-pk").values("kind")[:1]
    agrees = Q(last="reserve", state__in=Gesture.OPEN) | Q(last="commit", state="committed")
    agrees |= Q(last__in=("release", "return"), state="released") | Q(last="expire", state="expired")
    rows = Gesture.objects.annotate(last=Coalesce(Subquery(last), Value(""))).exclude(agrees)
    return [Discrepancy("gesture", row.uid, row.state, row.last or "-") for row in rows]
