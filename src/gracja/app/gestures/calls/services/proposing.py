"""Contacts proposed by the manager's rules: once for each cause, never without consent, never too many."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import keys_of
from gracja.app.gestures.calls.models import REASONS, Call, Reason
from gracja.app.gestures.calls.selectors.candidates import Candidate, candidates
from gracja.app.gestures.calls.selectors.guard import bears, may_contact, wanted_still
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.recovery.selectors import customers_of, today_here
from gracja.app.gestures.services.ledger import move
from gracja.app.organisation.models import User


def propose_contacts() -> int:
    """Propose what the rules say, and end what is no longer wanted; the worker calls it every day, again is
    harmless. How many were proposed.
    """
    end_unwanted()
    on = {one.name: one for one in Reason.objects.filter(on=True)}
    return sum(_propose_all(on[name]) for name in REASONS if name in on)


def end_unwanted(of: Customer | None = None) -> None:
    """A customer who took the consent back, or asked to be left alone, is not contacted any more. of: this
    one, at once; else all.
    """
    waiting = Call.objects.filter(state="proposed").exclude(wanted_still()).select_related("place")
    if of is not None:
        waiting = waiting.filter(customer_key__in=keys_of(of))
    # all read before the first is written: SQLite cannot write on what it reads while others write, too
    for call in list(waiting):
        end_call(call, "withdrawn")


@transaction.atomic
def end_call(call: Call, outcome: str, *, by: User | None = None) -> bool:
    """End it once; whether this call did it. What was set aside for a card that is not sent goes back."""
    rows = Call.objects.filter(pk=call.pk, state="proposed")
    if not rows.update(state="ended", outcome=outcome, ended_at=now()):
        return False
    audit.record(
        "contact.end",
        by=by,
        subject=("contact", call.uid),
        after={"outcome": outcome, "customer": call.customer_key},
        place=call.place.uid if call.place else "",
    )
    if outcome != "sent" and call.gesture_id:
        _give_back(call, by)
    return True


def _give_back(call: Call, by: User | None) -> None:
    gesture = Gesture.objects.select_related("place").get(pk=call.gesture_id)
    try:
        did = move(gesture, "release", by_key=by.person.key if by else "")
    except Refused:
        return  # its time was over, or somebody gave it back, a moment ago
    if did:
        audit.record(
            "gesture.release",
            by=by,
            subject=("gesture", gesture.uid),
            after={"state": gesture.state, "customer": gesture.customer_key},
            place=gesture.place.uid,
        )


def _propose_all(rule: Reason) -> int:
    found = list(candidates(rule))
    called = customers_of(one.customer_key for one in found)
    return sum(_propose(rule, one, called[one.customer_key]) for one in found if one.customer_key in called)


@transaction.atomic
def _propose(rule: Reason, one: Candidate, customer: Customer) -> bool:
    # locked: two workers must not both find that the customer bears one more
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    due_on = max(one.on + timedelta(days=rule.days), today_here())
    if not may_contact(customer, rule.way) or _unreachable(customer, rule.way):
        return False
    if not bears(customer, due_on).now:
        return False
    call, made = Call.objects.get_or_create(
        cause=one.cause,
        defaults={
            "customer_key": customer.key,
            "place_id": one.place_id,
            "owner_id": one.owner_id,
            "reason": rule.name,
            "way": rule.way,
            "why": one.why,
            "due_on": due_on,
            "made_at": now(),
        },
    )
    if made:
        audit.record(
            "contact.propose",
            by=None,
            subject=("contact", call.uid),
            after={"reason": rule.name, "customer": customer.key, "due_on": due_on.isoformat()},
            place=call.place.uid if call.place else "",
        )
    return made


def _unreachable(customer: Customer, way: str) -> bool:
    """Whether the number that we have was somebody else's within a year."""
    wrong = Call.objects.filter(
        customer_key=customer.key, outcome="wrong_number", ended_at__gte=now() - timedelta(days=365)
    )
    return way == "call" and wrong.exists()
