"""Contacts that somebody plans by hand, under the same guards as those that rules propose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import consents_of, keys_of
from gracja.app.gestures.calls.models import BY_HAND, REASONS, WAYS, Call
from gracja.app.gestures.calls.selectors.calls import makers, reason_of
from gracja.app.gestures.calls.selectors.guard import bears, may_contact
from gracja.app.gestures.calls.services.making import FARTHEST
from gracja.app.organisation.access import may, may_somewhere, require
from gracja.app.organisation.models import Person, Place, User
from gracja.app.organisation.selectors.company import today_here

LONGEST: Final = 600  # letters of what is said
LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Planned:
    """place: null where the customer belongs to none. owner: who makes it; null: whoever leads the place says
    who. text: what is said or written; empty: the words of the rule for this reason. note: for whoever makes
    it. key: of the form, so that sending it twice plans once (empty: every call plans another).
    """

    customer: Customer
    reason: str
    way: str
    due_on: date
    owner: Person | None
    place: Place | None = None
    text: str = ""
    note: str = ""
    key: str = ""


@transaction.atomic
def plan_contact(*, by: User, planned: Planned) -> Call:
    """A contact that no rule proposed: with consent only, and never more than the customer bears. For oneself
    where one may grant gestures; for another, or for nobody yet, where one leads or the lead decides.

    Raises Refused: not_permitted, contact_owner_elsewhere, contact_owner_missing (without a place),
    place_closed (place), reason_unknown (name), way_unknown (way), contact_words_missing, day_out_of_range
    (last), customer_gone, contact_not_wanted, contact_no_number, contact_wrong_number,
    contact_no_name, too_close (day),
    contact_key_of_another.
    """
    _require_planning(by, planned)
    _check(planned)
    # locked: two contacts at once must not both find that the customer bears one more
    customer = Customer.objects.select_for_update().get(pk=planned.customer.pk)
    cause = f"hand:{planned.key or new_uid()}"
    if (found := Call.objects.filter(cause=cause).first()) is not None:
        if found.customer_key not in keys_of(customer):
            raise Refused("contact_key_of_another")
        return found
    _refuse_unwanted(customer, planned)
    call = Call(
        cause=cause,
        customer_key=customer.key,
        place=planned.place,
        owner=planned.owner,
        reason=planned.reason,
        way=planned.way,
        text=planned.text.strip()[:LONGEST],
        note=planned.note.strip()[:LONGEST_NOTE],
        due_on=planned.due_on,
        made_at=now(),
    )
    if not call.text and not reason_of(call).text("pl"):
        raise Refused("contact_words_missing")
    call.save(force_insert=True)
    audit.record(
        "contact.plan",
        by=by,
        subject=("contact", call.uid),
        after={
            "reason": call.reason,
            "way": call.way,
            "customer": customer.key,
            "due_on": call.due_on.isoformat(),
            "owner": call.owner.key if call.owner else "",
        },
        place=call.place.uid if call.place else "",
    )
    return call


def _require_planning(by: User, planned: Planned) -> None:
    place, owner = planned.place, planned.owner
    if may(by, "gesture.approve", place=place):
        pass
    elif place is not None:
        require(by, "gesture.grant", place=place)
    elif not may_somewhere(by, "gesture.grant") and not may_somewhere(by, "gesture.approve"):
        require(by, "gesture.grant")
    if owner is None and place is None:
        raise Refused("contact_owner_missing")
    if owner is None or owner.pk == by.person.pk:
        return
    if not makers(by=by, place=place).filter(pk=owner.pk).exists():
        raise Refused("contact_owner_elsewhere")


def _check(planned: Planned) -> None:
    if planned.place is not None and not planned.place.active:
        raise Refused("place_closed", place=planned.place.name)
    if planned.reason not in (*REASONS, *BY_HAND):
        raise Refused("reason_unknown", name=planned.reason)
    if planned.way not in WAYS:
        raise Refused("way_unknown", way=planned.way)
    last = today_here() + FARTHEST
    if not today_here() <= planned.due_on <= last:
        raise Refused("day_out_of_range", last=last.isoformat())


def _refuse_unwanted(customer: Customer, planned: Planned) -> None:
    """Their wish first, then how they are reached, then how much they bear."""
    if customer.erased_at or customer.merged_into_id:
        raise Refused("customer_gone")
    if customer.do_not_contact or planned.way not in consents_of(customer):
        raise Refused("contact_not_wanted")
    if not may_contact(customer, planned.way):
        raise Refused(_unreachable(customer, planned.way))
    room = bears(customer, planned.due_on)
    if not room.now:
        raise Refused("too_close", day=room.free_from.date().isoformat() if room.free_from else "–")


def _unreachable(customer: Customer, way: str) -> str:
    """Why, as the code of a refusal."""
    if way != "call":
        return "contact_no_name"
    return "contact_wrong_number" if customer.phone else "contact_no_number"
