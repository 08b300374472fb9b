"""What is known of a customer when a gesture is asked about (engine/gesture/facts.py). Unknown: left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Sum

from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import consents_of
from gracja.app.gestures.models import Gesture
from gracja.app.organisation.models import Place
from gracja.engine.gesture.caps import Grant
from gracja.engine.gesture.facts import WEEKDAYS

if TYPE_CHECKING:
    from gracja.engine.gesture.caps import Kind

# What a program or the counter may say of the contact itself; all else is looked up here
TOLD: Final = ("band", "channel", "cues", "after_failure", "purchase_minor")


def facts_of(
    customer: Customer, *, place: Place, currency: str, at: datetime, told: Mapping[str, Any]
) -> dict[str, Any]:
    """Facts by name. told: what is known of the contact itself, of the names in TOLD.

    Purchases count in this currency only. `earlier_visits` and `days_since_last_visit` are those of the
    purchases: a customer without any is not known to have been here, nor not to have been.
    """
    there = at.astimezone(ZoneInfo(place.zone))
    facts: dict[str, Any] = {name: told[name] for name in TOLD if told.get(name) is not None}
    facts |= {"place": place.uid, "weekday": WEEKDAYS[there.weekday()]}
    bought = customer.purchases.filter(at__lte=at).aggregate(
        visits=Count("at__date", distinct=True), last=Max("at")
    )
    if bought["visits"]:
        facts["earlier_visits"] = bought["visits"]
        facts["days_since_last_visit"] = (at - bought["last"]).days
        same = customer.purchases.filter(at__lte=at, currency=currency)
        facts["purchases_total_minor"] = (
            same.aggregate(total=Sum(F("amount_minor") - F("refunded_minor")))["total"] or 0
        )
    facts["club_member"] = "club" in consents_of(customer)
    if customer.birthday_month:
        facts["birthday"] = (there.month, there.day) == (customer.birthday_month, customer.birthday_day)
    return facts


def grants_before(
    *, keys: Collection[str], employee_pk: int, employee_key: str, since: datetime, currency: str
) -> list[Grant]:
    """Gestures that count against caps: of this customer (under any of their keys) and of this employee, not
    given back and not expired, in this currency.
    """
    theirs = Gesture.objects.filter(customer_key__in=keys) | Gesture.objects.filter(given_by=employee_pk)
    first = next(iter(keys))
    rows = theirs.filter(
        made_at__gte=since, currency=currency, state__in=("asked", "reserved", "committed")
    ).values_list(
        "customer_key",
        "given_by",
        "place__uid",
        "terms__policy__kind",
        "cost_minor",
        "spent_minor",
        "made_at",
    )
    return [
        Grant(
            employee=employee_key if given_by == employee_pk else "",
            customer=first if key in keys else "",
            place=place,
            kind=cast("Kind", kind),
            cost_minor=cost if spent is None else spent,
            at=made_at,
        )
        for key, given_by, place, kind, cost, spent, made_at in rows
    ]
