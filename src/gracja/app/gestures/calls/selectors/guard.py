"""Whether we may start a contact with a customer: their consent first, then how much they bear."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time

from django.db.models import Exists, OuterRef, Q

from gracja.app.contacts.models import Consent, Customer
from gracja.app.contacts.selectors.customers import consents_of, keys_of
from gracja.app.gestures.calls.models import Call
from gracja.app.gestures.models import Gesture
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.engine.dial.overdose import MayStart, may_start_contact


def may_contact(customer: Customer, way: str) -> bool:
    """Whether this customer agreed to it and has not taken it back, nor asked to be left alone."""
    reachable = bool(customer.phone) if way == "call" else bool(customer.name)
    gone = customer.erased_at or customer.merged_into_id or customer.do_not_contact
    return reachable and not gone and way in consents_of(customer)


def bears(customer: Customer, on: date, *, without: Call | None = None) -> MayStart:
    """Whether the customer bears one more contact on that day, by the situation rules in force: calls and
    cards, begun and planned, and other gestures of personal contact count together.
    """
    keys = keys_of(customer)
    mine = Call.objects.filter(customer_key__in=keys).exclude(outcome="wrong_number")
    if without is not None:
        mine = mine.exclude(pk=without.pk)
    counted = mine.filter(Q(state="proposed") | Q(begun_at__isnull=False))
    started = [begun or _noon(due) for begun, due in counted.values_list("begun_at", "due_on")]
    others = Gesture.objects.filter(
        customer_key__in=keys,
        terms__policy__kind="personal_contact",
        state__in=("asked", "reserved", "committed"),
    ).exclude(pk__in=Call.objects.exclude(gesture=None).values("gesture"))
    started += others.values_list("made_at", flat=True)
    return may_start_contact(started, _noon(on), company_rules())


def begun_since(keys: Collection[str], since: datetime) -> list[datetime]:
    """When calls and cards to the customer of these keys began; without those that are gestures, too."""
    begun = Call.objects.filter(customer_key__in=keys, begun_at__gt=since, gesture=None)
    times = begun.exclude(outcome="wrong_number").values_list("begun_at", flat=True)
    return [at for at in times if at is not None]


def wanted_still() -> Q:
    """A filter on Call: its customer still agrees to it."""
    agreed = Consent.objects.filter(
        customer=OuterRef("pk"), purpose=OuterRef(OuterRef("way")), withdrawn_at=None
    )
    open_to_it = Customer.objects.filter(erased_at=None, do_not_contact=False, merged_into=None)
    own = open_to_it.filter(Exists(agreed), key=OuterRef("customer_key"))
    joined = open_to_it.filter(Exists(agreed), merged__key=OuterRef("customer_key"))
    return Q(Exists(own)) | Q(Exists(joined))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
