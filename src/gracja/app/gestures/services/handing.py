"""A promised gesture handed to its customer: a gift that lies on the place's shelf leaves it."""

from __future__ import annotations

from django.db import transaction

from gracja.app.common.money import Money
from gracja.app.contacts.models import Customer
from gracja.app.gestures.club.models import Gift, Shelf
from gracja.app.gestures.club.services.handing import hand_over_promised
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.services.granting import give_gesture
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User


@transaction.atomic
def hand_over(*, by: User, gesture: Gesture, spent: Money | None = None) -> Gesture:
    """As `give_gesture`. Where the place keeps one kind of gift for this policy on a shelf, one leaves it
    with the gesture, or neither happens; of several kinds nobody knows here which it was: the club's pages
    ask.

    Raises Refused: as `give_gesture`; gift_none_left (place, left).
    """
    require(by, "gesture.grant", place=gesture.place)
    gift = _on_shelf(gesture)
    customer = Customer.objects.filter(key=gesture.customer_key).select_related("merged_into").first()
    if gift is None or customer is None:
        return give_gesture(by=by, gesture=gesture, spent=spent)
    return hand_over_promised(
        by=by, gesture=gesture, gift=gift, customer=customer.merged_into or customer
    ).gesture


def _on_shelf(gesture: Gesture) -> Gift | None:
    if gesture.terms.policy.kind != "gift":
        return None
    if (known := gesture.details.get("gift")) is not None:
        return Gift.objects.filter(uid=known).first()
    there = Shelf.objects.filter(
        gift__policy=gesture.terms.policy_id, gift__closed_at=None, place=gesture.place
    )
    found = list(there.select_related("gift")[:2])
    return found[0].gift if len(found) == 1 else None
