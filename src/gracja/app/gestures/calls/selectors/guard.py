"""Whether we may start a contact with a customer: their consent first, then how much they bear."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time

from django.db.models import Exists, OuterRef, Q

from gracja.app.contacts.models import Consent, Customer
from gracja.app.contacts.selectors.customers import consents_of
from gracja.app.gestures.calls.models import Call
from gracja.app.gestures.models import Gesture
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.engine.dial.overdose import MayStart, may_start_contact


def may_contact(customer: Customer, way: str) -> bool:
    """Whether this customer agreed to it and has not taken it back, nor asked to be left alone."""
    return within_reach(customer, way) and way in consents_of(customer)


def within_reach(customer: Customer, way: str) -> bool:
    """Whether there is a number (not known to be somebody else's), or a name, and they did not ask to be left
    alone; not whether they agree.
    """
    known = bool(customer.phone) and not customer.phone_wrong if way == "call" else bool(customer.name)
    return known and not (customer.erased_at or customer.merged_into_id or customer.do_not_contact)


def bears(customer: Customer, on: date, *, without: Call | None = None) -> MayStart:
    """Whether the customer bears one more contact on that day, by the situation rules in force: calls and
    cards, begun and planned, and other gestures of personal contact count together.
    """
    started = started_with([customer], without=without)[customer.pk]
    return may_start_contact(started, noon(on), company_rules())


def started_with(customers: Iterable[Customer], *, without: Call | None = None) -> dict[int, list[datetime]]:
    """When contacts with these customers began or are to begin, by the customer's row; by three queries,
    however many they are.
    """
    whose = {one.key: one.pk for one in customers}
    started: dict[int, list[datetime]] = {pk: [] for pk in whose.values()}
    joined = Customer.objects.filter(merged_into__in=started)
    whose |= {key: pk for key, pk in joined.values_list("key", "merged_into_id") if pk is not None}
    mine = Call.objects.filter(customer_key__in=whose).exclude(outcome="wrong_number")
    if without is not None:
        mine = mine.exclude(pk=without.pk)
    counted = mine.filter(Q(state="proposed") | Q(begun_at__isnull=False))
    for key, begun, due in counted.values_list("customer_key", "begun_at", "due_on"):
        started[whose[key]].append(begun or noon(due))
    others = Gesture.objects.filter(
        customer_key__in=whose,
        terms__policy__kind="personal_contact",
        state__in=("asked", "reserved", "committed"),
    ).exclude(pk__in=Call.objects.exclude(gesture=None).values("gesture"))
    for key, at in others.values_list("customer_key", "made_at"):
        started[whose[key]].append(at)
    return started


def begun_since(keys: Collection[str], since: datetime) -> list[datetime]:
    """When calls and cards to the customer of these keys began; without those that are gestures, too."""
    begun = Call.objects.filter(customer_key__in=keys, begun_at__gt=since, gesture=None)
    times = begun.exclude(outcome="wrong_number").values_list("begun_at", flat=True)
    return [at for at in times if at is not None]


def wanted_still() -> Q:
    """A filter on Call: its customer still agrees to it, and the number is not known to be wrong."""
    agreed = Consent.objects.filter(
        customer=OuterRef("pk"), purpose=OuterRef(OuterRef("way")), withdrawn_at=None
    ).exclude(purpose="call", customer__phone_wrong=True)
    open_to_it = Customer.objects.filter(erased_at=None, do_not_contact=False, merged_into=None)
    own = open_to_it.filter(Exists(agreed), key=OuterRef("customer_key"))
    joined = open_to_it.filter(Exists(agreed), merged__key=OuterRef("customer_key"))
    return Q(Exists(own)) | Q(Exists(joined))


def noon(day: date) -> datetime:
    """When a contact of this day is taken to begin."""
    return datetime.combine(day, time(12), UTC)
