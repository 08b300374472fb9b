"""What is known of a customer when a gesture is asked about (engine/gesture/facts.py). Unknown: left out."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import TruncDate

from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import consents_of
from gracja.app.contacts.selectors.value import Value, worth_now
from gracja.app.gestures.club.models import Member
from gracja.app.gestures.models import Entry, Gesture
from gracja.app.organisation.models import Place
from gracja.engine.gesture.caps import Grant
from gracja.engine.gesture.facts import WEEKDAYS

if TYPE_CHECKING:
    from gracja.engine.gesture.caps import Kind

# What a program or the counter may say of the contact itself; all else is looked up here
TOLD: Final = ("band", "channel", "cues", "after_failure", "purchase_minor")


def facts_of(
    customer: Customer,
    *,
    place: Place,
    currency: str,
    at: datetime,
    told: Mapping[str, Any],
    asked: Collection[str] = (),
) -> dict[str, Any]:
    """Facts by name. told: what is known of the contact itself, of the names in TOLD. asked: those that cost
    more to know (customer_value_minor) are only there when asked for.

    Purchases count in this currency only. `earlier_visits` and `days_since_last_visit` are those of the
    purchases before today, by the place's own days, that were not wholly given back: a customer without any
    purchase is not known to have been here, nor not to have been.
    """
    there = at.astimezone(ZoneInfo(place.zone))
    facts: dict[str, Any] = {name: told[name] for name in TOLD if told.get(name) is not None}
    facts |= {"place": place.uid, "weekday": WEEKDAYS[there.weekday()]}
    kept = customer.purchases.filter(at__lte=at, amount_minor__gt=F("refunded_minor"))
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    earlier = kept.filter(at__lt=midnight).aggregate(
        visits=Count(TruncDate("at", tzinfo=there.tzinfo), distinct=True), last=Max("at")
    )
    if kept.exists():
        facts["earlier_visits"] = earlier["visits"]
        if earlier["last"]:
            last = earlier["last"].astimezone(there.tzinfo).date()
            facts["days_since_last_visit"] = (there.date() - last).days
        same = customer.purchases.filter(at__lte=at, currency=currency)
        facts["purchases_total_minor"] = (
            same.aggregate(total=Sum(F("amount_minor") - F("refunded_minor")))["total"] or 0
        )
    facts["club_member"] = "club" in consents_of(customer)
    if customer.birthday_month and customer.birthday_day and not _keeps_birthday_to_themselves(customer):
        facts["birthday"] = is_birthday(there.date(), customer.birthday_month, customer.birthday_day)
    if "customer_value_minor" in asked:
        value = worth_now(customer)
        if isinstance(value, Value) and value.spend.currency == currency:
            facts["customer_value_minor"] = value.spend.minor
    return facts


def _keeps_birthday_to_themselves(customer: Customer) -> bool:
    """A member of the club who did not agree that it is used."""
    theirs = Q(customer=customer) | Q(customer__merged_into=customer)
    return Member.objects.filter(theirs, left_at=None, birthday_agreed_at=None).exists()


def is_birthday(today: date, month: int, day: int) -> bool:
    """Who was born on the last day of a longer February has it on the last of this one."""
    return (today.month, today.day) == (month, min(day, monthrange(today.year, month)[1]))


def grants_before(
    *, keys: Collection[str], employee_pk: int, employee_key: str, since: datetime, currency: str
) -> list[Grant]:
    """Gestures that count against caps: of this customer (under any of their keys) and of this employee, not
    taken back before they were given and not expired. The cost of one in another currency counts nothing.
    """
    theirs = Gesture.objects.filter(customer_key__in=keys) | Gesture.objects.filter(given_by=employee_pk)
    first = next(iter(keys))
    # given, and its money returned: it was given all the same
    counted = Q(state__in=("asked", "reserved", "committed")) | Q(
        pk__in=Entry.objects.filter(kind="return").values("gesture")
    )
    rows = theirs.filter(counted, made_at__gte=since).values_list(
        "customer_key",
        "given_by",
        "place__uid",
        "terms__policy__kind",
        "cost_minor",
        "spent_minor",
        "made_at",
        "currency",
    )
    return [
        Grant(
            employee=employee_key if given_by == employee_pk else "",
            customer=first if key in keys else "",
            place=place,
            kind=cast("Kind", kind),
            cost_minor=(cost if spent is None else spent) if given_in == currency else 0,
            at=made_at,
        )
        for key, given_by, place, kind, cost, spent, made_at, given_in in rows
    ]
