"""Contacts made: what came of them, postponed, given to somebody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.gestures.calls.models import WAYS, Call
from gracja.app.gestures.calls.selectors.calls import customer_of, leads, makers, may_make
from gracja.app.gestures.calls.selectors.guard import bears, may_contact
from gracja.app.gestures.calls.services.locking import lock_call, lock_calls_of
from gracja.app.gestures.calls.services.proposing import end_call, end_unwanted
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, User
from gracja.app.organisation.selectors.company import today_here

MOST_TRIES: Final = 3
AGAIN_AFTER: Final = timedelta(days=2)
FARTHEST: Final = timedelta(days=90)
NOTED: Final = ("reached", "no_answer", "asked_not", "wrong_number", "not_needed")  # of a call


@transaction.atomic
def note_outcome(*, by: User, call: Call, outcome: str, note: str = "") -> Call:
    """Say what came of it. Nobody answered: it is due again in two days, and ends the third time. Who asked
    not to be contacted is not contacted from this moment on, by nobody and for nothing, whatever became of
    this contact meanwhile. Where somebody else answered, nobody calls until the customer's telephone is
    another. Repeating what ended it is harmless.

    Raises Refused: not_permitted, outcome_unknown (outcome), contact_ended, contact_not_wanted, too_close
    (day).
    """
    _require_hand(by, call)
    if outcome not in NOTED:
        raise Refused("outcome_unknown", outcome=outcome)
    # whatever else waits for this customer may end with it
    kept = _locked_with_others(call) if outcome in ("asked_not", "wrong_number") else lock_call(call)
    if kept.state == "ended" and kept.outcome == outcome:
        return kept
    if outcome == "asked_not":
        return _leave_alone(by, kept, note)
    if kept.state == "ended":
        raise Refused("contact_ended")
    customer = _wanted(kept)
    if outcome in ("reached", "no_answer") and kept.begun_at is None:
        _refuse_too_close(kept, customer)
    kept.note = note.strip()[:500]
    if outcome != "not_needed":
        kept.tries, kept.begun_at = kept.tries + 1, kept.begun_at or now()
    if outcome == "no_answer" and kept.tries < MOST_TRIES:
        kept.due_on = today_here() + AGAIN_AFTER
        kept.save()
        _note(kept, "contact.try", by, {"tries": kept.tries, "due_on": kept.due_on.isoformat()})
        return kept
    kept.save()
    end_call(kept, outcome, by=by)
    if outcome == "wrong_number":
        _mark_number(by, customer)
        end_unwanted(of=customer)
    kept.refresh_from_db()
    return kept


@transaction.atomic
def postpone_call(*, by: User, call: Call, until: date) -> Call:
    """Another day. Repeating is harmless.

    Raises Refused: not_permitted, contact_ended, day_out_of_range (last), too_close (day).
    """
    _require_hand(by, call)
    kept = lock_call(call)
    if kept.state == "ended":
        raise Refused("contact_ended")
    last = today_here() + FARTHEST
    if not today_here() <= until <= last:
        raise Refused("day_out_of_range", last=last.isoformat())
    if kept.due_on == until:
        return kept
    customer = _wanted(kept)
    before, kept.due_on = kept.due_on, until
    if kept.begun_at is None:
        _refuse_too_close(kept, customer)
    kept.save(update_fields=("due_on",))
    _note(kept, "contact.postpone", by, {"due_on": until.isoformat(), "before": before.isoformat()})
    return kept


@transaction.atomic
def give_call(*, by: User, call: Call, owner: Person) -> Call:
    """Say who makes it. Repeating is harmless.

    Raises Refused: not_permitted, contact_ended, contact_owner_elsewhere.
    """
    if not leads(by, call):
        require(by, "gesture.approve", place=call.place)
    kept = lock_call(call)
    if kept.state == "ended":
        raise Refused("contact_ended")
    if kept.owner_id == owner.pk:
        return kept
    if not makers(by=by, place=kept.place).filter(pk=owner.pk).exists():
        raise Refused("contact_owner_elsewhere")
    kept.owner = owner
    kept.save(update_fields=("owner",))
    _note(kept, "contact.give", by, {"owner": owner.key})
    return kept


def _require_hand(by: User, call: Call) -> None:
    if not may_make(by, call):
        require(by, "gesture.approve", place=call.place)


def _locked_with_others(call: Call) -> Call:
    if (customer := customer_of(call)) is None:
        return lock_call(call)
    return next(one for one in lock_calls_of(customer) if one.pk == call.pk)


def _wanted(call: Call) -> Customer:
    """The customer, who still agrees. Raises Refused: contact_not_wanted."""
    customer = customer_of(call)
    if customer is None or not may_contact(customer, call.way):
        raise Refused("contact_not_wanted")
    return customer


def _refuse_too_close(call: Call, customer: Customer) -> None:
    """Raises Refused: too_close (day), empty where the rules allow no contact at all."""
    room = bears(customer, call.due_on, without=call)
    if not room.now:
        raise Refused("too_close", day=room.free_from.date().isoformat() if room.free_from else "–")


def _leave_alone(by: User, call: Call, note: str) -> Call:
    """How the contact ended stays, unless we ended it for a consent taken back: the wish is kept anyhow, and
    once, however often it is sent. Of somebody erased nothing is noted any more.
    """
    customer = customer_of(call)
    if customer is not None and f"\n{note.strip()}\n" not in f"\n{call.note}\n":
        call.note = f"{call.note}\n{note.strip()}".strip()[:500]
    if call.outcome in ("", "withdrawn"):
        call.tries, call.begun_at = call.tries + 1, call.begun_at or now()
    if call.outcome == "withdrawn":
        call.outcome = "asked_not"
        _note(call, "contact.end", by, {"outcome": "asked_not", "customer": call.customer_key})
    call.save()
    end_call(call, "asked_not", by=by)
    if customer is not None:
        _mark(by, customer)
        end_unwanted(of=customer)
    call.refresh_from_db()
    return call


def _mark(by: User, customer: Customer) -> None:
    """Not to be contacted, and the consents taken back with today's date. Whoever makes contacts may write
    that down, whatever else of a customer they may not change.
    """
    kept = Customer.objects.select_for_update().get(pk=customer.pk)
    subject = ("customer", kept.key)
    if not kept.do_not_contact:
        kept.do_not_contact = True
        kept.save(update_fields=("do_not_contact",))
        before, after = {"do_not_contact": False}, {"do_not_contact": True}
        audit.record("customer.change", by=by, subject=subject, before=before, after=after)
    for consent in kept.consents.filter(purpose__in=WAYS, withdrawn_at=None):
        consent.withdrawn_at = now()
        consent.save(update_fields=("withdrawn_at",))
        audit.record("consent.withdraw", by=by, subject=subject, after={"purpose": consent.purpose})


def _mark_number(by: User, customer: Customer) -> None:
    """The telephone is somebody else's; whoever found that out may write it down."""
    kept = Customer.objects.select_for_update().get(pk=customer.pk)
    if kept.phone_wrong or kept.phone != customer.phone:
        return  # known, or another meanwhile
    kept.phone_wrong = True
    kept.save(update_fields=("phone_wrong",))
    before, after = {"phone_wrong": False}, {"phone_wrong": True}
    audit.record("customer.change", by=by, subject=("customer", kept.key), before=before, after=after)


def _note(call: Call, action: str, by: User, facts: dict[str, object]) -> None:
    audit.record(
        action,
        by=by,
        subject=("contact", call.uid),
        after=facts,
        place=call.place.uid if call.place else "",
    )
