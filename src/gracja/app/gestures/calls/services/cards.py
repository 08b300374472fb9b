"""Cards printed together: paid for by a policy where they cost something, and later marked as sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.gestures.calls.models import Batch, Call
from gracja.app.gestures.calls.selectors.calls import customer_of, may_make, reason_of
from gracja.app.gestures.calls.selectors.guard import bears, may_contact, wanted_still
from gracja.app.gestures.calls.services.locking import lock_calls
from gracja.app.gestures.calls.services.proposing import end_call
from gracja.app.gestures.models import Gesture, Policy
from gracja.app.gestures.services.granting import give_gesture, release_gesture
from gracja.app.gestures.services.offering import grant_offer
from gracja.app.gestures.wish import Wish
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User

Left = list[tuple[Call, Refused]]


@transaction.atomic
def make_batch(
    *, by: User, cards: Iterable[Call], policy: Policy | None, cost: Money | None = None
) -> tuple[Batch, Left]:
    """Put cards together to be printed. With a policy each is granted by it (its cost set aside); what cannot
    be granted, and who wants no card any more, is left out, with the refusal; it does not say who is held
    out.

    cost: of one card; null: what the policy's gesture costs as a rule.
    Raises Refused: not_permitted, no_cards (none is left).
    """
    chosen = list(cards)
    for card in chosen:
        if not may_make(by, card):
            require(by, "gesture.approve", place=card.place)
    there = {card.pk: card for card in lock_calls(Q(pk__in=[card.pk for card in chosen]))}
    batch = Batch.objects.create(made_by=by.person, policy=policy)
    left: Left = []
    for card in chosen:
        try:
            _put_in(by, batch, there[card.pk], cost)
        except Refused as refused:
            left.append((card, refused))
    if len(left) == len(chosen):
        raise left[0][1] if len(left) == 1 else Refused("no_cards")
    audit.record("cards.make", by=by, subject=("cards", batch.uid), after={"cards": len(chosen) - len(left)})
    return batch, left


@transaction.atomic
def send_batch(*, by: User, batch: Batch) -> tuple[int, Left]:
    """They were sent: noted, and what they cost is spent. How many, and which were left out, with why.
    Repeating is harmless.

    A card that waits for a second person's yes stays in the batch. Whose customer agrees no longer ends, and
    its money goes back; what cannot be paid any more (its time is over) waits to be printed again.
    Raises Refused: not_permitted.
    """
    kept = _own(by, batch)
    lock_calls(Q(batch=kept))
    waiting = list(kept.calls.filter(state="proposed").select_related("place", "gesture__terms__policy"))
    unwanted = set(kept.calls.filter(state="proposed").exclude(wanted_still()).values_list("pk", flat=True))
    sent = 0
    left: Left = []
    if waiting:  # printed, and taken back before they were sent
        gone = kept.calls.filter(outcome__in=("withdrawn", "asked_not"))
        left = [(card, Refused("contact_not_wanted")) for card in gone]
    for card in waiting:
        if card.pk in unwanted:
            end_call(card, "withdrawn", by=by)
            left.append((card, Refused("contact_not_wanted")))
        elif card.gesture is None or card.gesture.state != "asked":
            try:
                sent += _send(by, card)
            except Refused as refused:
                if refused.code != "gesture_ended":
                    raise
                Call.objects.filter(pk=card.pk).update(batch=None, gesture=None)
                left.append((card, refused))
    if not kept.calls.filter(state="proposed").exists():
        kept.sent_at = kept.sent_at or now()
        kept.save(update_fields=("sent_at",))
    if sent:
        audit.record("cards.send", by=by, subject=("cards", kept.uid), after={"cards": sent})
    return sent, left


@transaction.atomic
def _send(by: User, card: Call) -> bool:
    if card.gesture is not None:
        give_gesture(by=by, gesture=card.gesture)
    Call.objects.filter(pk=card.pk).update(begun_at=now(), tries=1)
    return end_call(card, "sent", by=by)


@transaction.atomic
def drop_batch(*, by: User, batch: Batch) -> None:
    """They were not sent: the cards are proposed again, and what was set aside goes back. Repeating is
    harmless. Raises Refused: not_permitted, cards_sent.
    """
    kept = _own(by, batch)
    if kept.sent_at or kept.calls.filter(outcome="sent").exists():
        raise Refused("cards_sent")
    lock_calls(Q(batch=kept))
    for card in kept.calls.select_related("gesture__terms__policy", "gesture__place"):
        if card.gesture is not None and card.gesture.state in Gesture.OPEN:
            release_gesture(by=by, gesture=card.gesture)
        Call.objects.filter(pk=card.pk).update(batch=None, gesture=None)
    audit.record("cards.drop", by=by, subject=("cards", kept.uid), before={"cards": True})
    kept.delete()


def _own(by: User, batch: Batch) -> Batch:
    kept = Batch.objects.select_for_update().get(pk=batch.pk)
    if kept.made_by_id != by.person.pk:
        require(by, "gesture.manage")
    return kept


def _put_in(by: User, batch: Batch, kept: Call, cost: Money | None) -> None:
    if kept.state == "ended" or kept.batch_id or kept.way != "card":
        raise Refused("contact_ended")
    customer = customer_of(kept)
    if customer is None or not may_contact(customer, "card"):
        raise Refused("contact_not_wanted")
    room = bears(customer, kept.due_on, without=kept)
    if not room.now:
        raise Refused("too_close", day=room.free_from.date().isoformat() if room.free_from else "–")
    if batch.policy is not None:
        kept.gesture = _granted(by, batch, kept, customer, cost)
    kept.batch = batch
    kept.save(update_fields=("batch", "gesture"))


def _granted(by: User, batch: Batch, card: Call, customer: Customer, cost: Money | None) -> Gesture:
    if batch.policy is None or card.place is None:
        raise Refused("no_budget", place="–", day=card.due_on.isoformat())
    wish = Wish(
        policy=batch.policy,
        place=card.place,
        customer=customer,
        reason=reason_of(card).name,
        cost=cost,
        told={"after_failure": True} if card.reason == "after_failure" else {},
    )
    return grant_offer(by=by, wish=wish, key=f"card-{batch.uid}-{card.uid}")
