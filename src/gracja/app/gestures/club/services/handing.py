"""A gift handed over: the gesture's cost is spent and one is taken from the shelf, or neither happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.gestures.club.models import Gift, Movement, Shelf
from gracja.app.gestures.club.selectors.values import OverLimit, over_limit
from gracja.app.gestures.club.services.stock import take_for
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.services.granting import give_gesture, release_gesture
from gracja.app.gestures.services.offering import grant_offer
from gracja.app.gestures.wish import Wish
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User


@dataclass(frozen=True, slots=True)
class HandOver:
    """What somebody wants to hand to whom, where and why. told: of the contact (selectors/facts.py, TOLD)."""

    gift: Gift
    place: Place
    customer: Customer
    reason: str
    contact: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Handed:
    """waits: for a second person; nothing has left the shelf. over: the customer's gifts of this year are
    worth more than the company's limit.
    """

    gesture: Gesture
    waits: bool
    over: OverLimit | None


def hand_over_gift(*, by: User, wanted: HandOver, key: str) -> Handed:
    """Grant the gift by its policy, spend its value and take one off the shelf. Repeating the same key hands
    over once.

    Raises Refused: not_permitted, gift_closed, gift_none_left (place, left); all that `grant_offer` does.
    Where the last one went meanwhile, what was set aside for it is given back.
    """
    require(by, "gesture.grant", place=wanted.place)
    if not Movement.objects.filter(gesture__key=key).exists():
        _refuse_what_is_not_there(wanted)
    gesture = _promised(by, wanted, key)
    if gesture.state == "asked":
        return Handed(gesture, waits=True, over=None)
    return _hand(by, gesture, wanted.gift, wanted.customer)


def promise_gift(*, by: User, wanted: HandOver, key: str) -> Gesture:
    """Grant this gift by its policy, to be handed over later: it stays on the shelf until then. Repeating the
    same key promises once.

    Raises Refused: not_permitted, gift_closed, gift_none_left (place, left), key_of_another; all that
    `grant_offer` does.
    """
    require(by, "gesture.grant", place=wanted.place)
    if not Gesture.objects.filter(key=key).exists():
        _refuse_what_is_not_there(wanted)
    return _promised(by, wanted, key)


def _promised(by: User, wanted: HandOver, key: str) -> Gesture:
    wish = Wish(
        policy=wanted.gift.policy,
        place=wanted.place,
        customer=wanted.customer,
        reason=wanted.reason,
        cost=wanted.gift.value,
        contact=wanted.contact,
        told=wanted.told,
    )
    # in transactions of its own: who is held out must be remembered though nothing is handed over
    gesture = grant_offer(by=by, wish=wish, key=key)
    if gesture.details.get("gift", wanted.gift.uid) != wanted.gift.uid:
        raise Refused("key_of_another")
    if "gift" not in gesture.details:
        gesture.details = {**gesture.details, "gift": wanted.gift.uid}
        gesture.save(update_fields=("details",))
    return gesture


def hand_over_promised(*, by: User, gesture: Gesture, gift: Gift, customer: Customer) -> Handed:
    """A gift that was promised before (a second person agreed meanwhile). Repeating is harmless.

    Raises Refused: not_permitted, gesture_waits, gesture_ended (state), gift_none_left (place, left).
    """
    require(by, "gesture.grant", place=gesture.place)
    return _hand(by, gesture, gift, customer, keep_promise=True)


def _hand(
    by: User, gesture: Gesture, gift: Gift, customer: Customer, *, keep_promise: bool = False
) -> Handed:
    try:
        with transaction.atomic():
            given = give_gesture(by=by, gesture=gesture)
            take_for(given, gift, by_key=by.person.key)
    except Refused as refused:
        if refused.code == "gift_none_left" and not keep_promise:
            release_gesture(by=by, gesture=Gesture.objects.get(pk=gesture.pk))
        raise
    return Handed(given, waits=False, over=over_limit(customer, gift.currency, now()))


def _refuse_what_is_not_there(wanted: HandOver) -> None:
    if wanted.gift.closed_at:
        raise Refused("gift_closed")
    shelf = Shelf.objects.filter(gift=wanted.gift, place=wanted.place).first()
    if shelf is None or shelf.balance < 1:
        raise Refused("gift_none_left", place=wanted.place.name, left=0)
