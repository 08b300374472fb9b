"""Contacts proposed by the manager's rules: once for each cause, never without consent, never too many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import batched
from typing import Final

from django.db import transaction
from django.db.models import Q

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Consent, Customer
from gracja.app.contacts.selectors.customers import keys_of
from gracja.app.gestures.calls.models import REASONS, Call, Reason
from gracja.app.gestures.calls.selectors.candidates import Candidate, candidates
from gracja.app.gestures.calls.selectors.guard import noon, started_with, wanted_still, within_reach
from gracja.app.gestures.calls.services.locking import lock_calls
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.recovery.selectors import customers_of
from gracja.app.gestures.services.ledger import move
from gracja.app.organisation.models import Place, User
from gracja.app.organisation.selectors.company import today_here
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.engine.dial.overdose import may_start_contact

AT_ONCE: Final = 500  # candidates in one transaction


def propose_contacts() -> int:
    """Propose what the rules say, and end what is no longer wanted; the worker calls it every day, again is
    harmless. How many were proposed.
    """
    end_unwanted()
    on = {one.name: one for one in Reason.objects.filter(on=True)}
    return sum(_propose_all(on[name]) for name in REASONS if name in on)


def end_unwanted(of: Customer | None = None) -> None:
    """A customer who took the consent back, or asked to be left alone, is not contacted any more, nor called
    where somebody else answers. of: this one, at once; else all.
    """
    unwanted = Q(state="proposed") & ~wanted_still()
    if of is not None:
        _end_all(unwanted & Q(customer_key__in=keys_of(of)))
        return
    # all read before the first is written: SQLite cannot write on what it reads while others write, too
    for call in list(Call.objects.filter(unwanted).select_related("place")):
        end_call(call, "withdrawn")


@transaction.atomic
def _end_all(unwanted: Q) -> None:
    for call in lock_calls(unwanted):
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
    # read anew: it may have been printed, and paid for, since the caller read it
    gesture = Call.objects.values_list("gesture", flat=True).get(pk=call.pk)
    if outcome != "sent" and gesture is not None:
        _give_back(gesture, by)
    return True


def _give_back(key: int, by: User | None) -> None:
    gesture = Gesture.objects.select_related("place").get(pk=key)
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
    return sum(_propose(rule, some) for some in batched(candidates(rule), AT_ONCE))


@transaction.atomic
def _propose(rule: Reason, some: Sequence[Candidate]) -> int:
    """Those of these who agree and bear it, by as many queries for one as for all of them."""
    called = customers_of(one.customer_key for one in some)
    rows = {one.pk for one in called.values()}
    # locked: two workers must not both find that the customer bears one more; in order, so that two never
    # wait for each other
    there = {one.pk: one for one in Customer.objects.select_for_update().filter(pk__in=rows).order_by("pk")}
    agreed = Consent.objects.filter(customer__in=there, purpose=rule.way, withdrawn_at=None)
    open_to_it = set(agreed.values_list("customer", flat=True))
    done = set(Call.objects.filter(cause__in=[one.cause for one in some]).values_list("cause", flat=True))
    started, rules, made = started_with(there.values()), company_rules(), []
    for one in some:
        found = called.get(one.customer_key)
        if found is None or found.pk not in open_to_it or one.cause in done:
            continue
        customer = there[found.pk]
        due_on = max(one.on + timedelta(days=rule.days), today_here())
        begins = noon(due_on)
        if within_reach(customer, rule.way) and may_start_contact(started[found.pk], begins, rules).now:
            started[found.pk].append(begins)
            done.add(one.cause)
            made.append(_call(rule, one, customer, due_on))
    Call.objects.bulk_create(made)
    _note_proposed(made)
    return len(made)


def _call(rule: Reason, one: Candidate, customer: Customer, due_on: date) -> Call:
    return Call(
        cause=one.cause,
        customer_key=customer.key,
        place_id=one.place_id,
        owner_id=one.owner_id,
        reason=rule.name,
        way=rule.way,
        why=one.why,
        due_on=due_on,
        made_at=now(),
    )


def _note_proposed(made: Sequence[Call]) -> None:
    places = Place.objects.in_bulk({one.place_id for one in made if one.place_id}) if made else {}
    audit.record_all(
        audit.entry(
            "contact.propose",
            by=None,
            subject=("contact", one.uid),
            after={"reason": one.reason, "customer": one.customer_key, "due_on": one.due_on.isoformat()},
            place=places[one.place_id].uid if one.place_id else "",
        )
        for one in made
    )
