"""Gestures granted, approved, given back: each once, whoever repeats it, and never over the budget."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors.customers import keys_of
from gracja.app.gestures.models import Code, Gesture, Policy, Terms
from gracja.app.gestures.services.admitting import (
    admit,
    caps_broken,
    forbid_unwanted_contact,
    guard_against_overdose,
)
from gracja.app.gestures.services.budgets import budget_for
from gracja.app.gestures.services.ledger import move, note_reserved, set_aside
from gracja.app.gestures.services.reading import is_gone, is_known, lock_policy
from gracja.app.gestures.terms import Discount, TermsDocument, may_give
from gracja.app.gestures.wish import Wish
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, Place, User

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
LONGEST_REASON: Final = 300
CODE_LETTERS: Final = 12  # 60 bits
LONGEST_KEY: Final = 64


def grant_gesture(*, by: User, wish: Wish, key: str) -> Gesture:
    """Set its cost aside and promise it. Repeating the same key returns the first gesture.

    Above the policy's limit it waits for a second person (state asked), its cost set aside.
    Raises Refused: not_permitted, key_of_another (the key was used for something else), policy_closed,
    not_yours_to_give, not_at_this_place, customer_gone, amount_out_of_range (given),
    currency_of_another_place (currency, wanted), over_the_most (most), no_budget, over_budget (left, cost),
    reason_missing, gesture_forbidden, not_eligible (conditions), held_out, cap_reached (caps),
    customer_not_contacted, contact_not_agreed, contact_too_often (days), place_closed (place),
    discount_cost_fixed (cost), discount_of_nothing.
    """
    require(by, "gesture.grant", place=wish.place)
    if len(key) > LONGEST_KEY:
        raise Refused("key_of_another")  # nobody's: no page or program of ours makes such a one
    if (found := _granted(key, wish, by)) is not None:
        return found
    _draw(by, wish)
    try:
        with transaction.atomic():
            return _grant(by, wish, key)
    except IntegrityError:
        # another request with this key was a moment faster
        if (found := _granted(key, wish, by)) is not None:
            return found
        raise


@transaction.atomic
def approve_gesture(*, by: User, gesture: Gesture) -> Gesture:
    """The second person's yes. Repeating is harmless.

    Raises Refused: not_permitted, approve_own, gesture_ended (state), customer_not_contacted.
    """
    require(by, "gesture.approve", place=gesture.place)
    if gesture.given_by_id == by.person.pk:
        raise Refused("approve_own")
    forbid_unwanted_contact(gesture)
    _refuse_when_over(gesture)
    if Gesture.objects.filter(pk=gesture.pk, state="asked").update(state="reserved", approved_by=by.person):
        _make_code(gesture)
        _note(gesture, "gesture.approve", by)
    gesture.refresh_from_db()
    if gesture.state not in ("reserved", "committed"):
        raise Refused("gesture_ended", state=gesture.state)
    return gesture


@transaction.atomic
def release_gesture(*, by: User, gesture: Gesture) -> Gesture:
    """Take back what was promised, or say no to what was asked for. Repeating is harmless.

    One's own needs no more than granting; another's the permission to approve.
    Raises Refused: not_permitted, gesture_ended (state).
    """
    own = gesture.given_by_id == by.person.pk
    require(by, "gesture.grant" if own else "gesture.approve", place=gesture.place)
    if move(gesture, "release", by_key=by.person.key):
        _note(gesture, "gesture.release", by)
    return gesture


@transaction.atomic
def give_gesture(*, by: User, gesture: Gesture, spent: Money | None = None) -> Gesture:
    """It was given: its cost is spent, or less, and the rest goes back. Repeating is harmless.

    Raises Refused: not_permitted, gesture_ended (state), gesture_waits (for a second person),
    currency_of_another_place (currency, wanted), over_the_most (most), discount_by_code,
    customer_not_contacted.
    """
    require(by, "gesture.grant", place=gesture.place)
    if gesture.terms.policy.kind == "discount":
        raise Refused("discount_by_code")
    if gesture.state == "reserved":
        forbid_unwanted_contact(gesture)
        _refuse_when_over(gesture)
    _commit(gesture, by, spent)
    return gesture


@transaction.atomic
def return_gesture(*, by: User, gesture: Gesture, because: str = "") -> Gesture:
    """What was spent comes back: the purchase that it was for was refunded. Repeating is harmless and leaves
    the first reason. It still counts against caps.

    Raises Refused: not_permitted, return_own, gesture_ended (state).
    """
    require(by, "gesture.approve", place=gesture.place)
    if gesture.given_by_id == by.person.pk:
        raise Refused("return_own")  # who gives and takes back alone would never reach the end of a budget
    if move(gesture, "return", by_key=by.person.key):
        if because.strip():
            gesture.details = gesture.details | {"returned_because": because.strip()[:LONGEST_REASON]}
            gesture.save(update_fields=("details",))
        _note(gesture, "gesture.return", by)
    return gesture


def _granted(key: str, wish: Wish, by: User) -> Gesture | None:
    if not is_known(key):
        return None
    found = Gesture.objects.filter(key=key).select_related("terms__policy", "place", "budget").first()
    if found is None:
        return None
    same = (found.terms.policy_id, found.place_id, found.given_by_id)
    if same != (wish.policy.pk, wish.place.pk, by.person.pk):
        raise Refused("key_of_another")
    if found.customer_key not in keys_of(wish.customer):  # two records may have been joined since
        raise Refused("key_of_another")
    if wish.cost is not None and wish.cost != found.cost:
        raise Refused("key_of_another")
    return found


def _draw(by: User, wish: Wish) -> None:
    """Whether the gesture is open to this customer, and who is held out: in a transaction of its own, since
    a customer who is held out must be remembered though nothing is granted.
    """
    with transaction.atomic():
        policy, terms = _locked(wish.policy)
        document = TermsDocument.model_validate(terms.document)
        _checked(by, wish, document)
        held_out = admit(policy, document, wish)
    if held_out:
        raise Refused("held_out")


def _locked(policy: Policy) -> tuple[Policy, Terms]:
    # locked: hold-out and caps are counted while nobody else grants by this policy
    found = lock_policy(policy)
    if found is None or found[0].closed_at:
        raise Refused("policy_closed")
    return found


def _grant(by: User, wish: Wish, key: str) -> Gesture:
    _, terms = _locked(wish.policy)
    if (found := _granted(key, wish, by)) is not None:
        return found  # while we waited: asked for more, it might be over the budget
    document = TermsDocument.model_validate(terms.document)
    cost = _checked(by, wish, document)
    if document.caps:  # locked: what an employee gives by another policy counts, too
        Person.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    if broken := caps_broken(document, wish, cost, by):
        raise Refused("cap_reached", caps=len(broken))
    if document.kind == "personal_contact":
        guard_against_overdose(wish.customer)
    budget = budget_for(wish.place, now())
    if budget.currency != cost.currency:
        raise Refused("currency_of_another_place", currency=cost.currency, wanted=budget.currency)
    waits = document.approve_above_minor is not None and cost.minor > document.approve_above_minor
    set_aside(budget, cost.minor)
    gesture = Gesture.objects.create(
        key=key,
        terms=terms,
        budget=budget,
        place=wish.place,
        customer_key=wish.customer.key,
        contact=wish.contact,
        given_by=by.person,
        cost_minor=cost.minor,
        currency=cost.currency,
        reason=wish.reason.strip()[:LONGEST_REASON],
        state="asked" if waits else "reserved",
        expires_at=_end_of_validity(wish.place, document.lasts_days),
    )
    note_reserved(gesture, by_key=by.person.key)
    if not waits:
        _make_code(gesture)
    _note(gesture, "gesture.ask" if waits else "gesture.grant", by)
    return gesture


def _checked(by: User, wish: Wish, terms: TermsDocument) -> Money:
    """The cost of a wish that these terms allow."""
    if not may_give(terms, by, wish.place):
        raise Refused("not_yours_to_give")
    if not wish.place.active:
        raise Refused("place_closed", place=wish.place.name)
    if terms.places and not any(uid in wish.place.path for uid in terms.places):
        raise Refused("not_at_this_place")
    # locked: who is being erased meanwhile must not keep a gesture and its reason
    if is_gone(wish.customer):
        raise Refused("customer_gone")
    if not wish.reason.strip():
        raise Refused("reason_missing")
    cost = wish.cost or Money(terms.usual_minor, terms.currency)
    if cost.currency != terms.currency:
        raise Refused("currency_of_another_place", currency=cost.currency, wanted=terms.currency)
    if cost.minor < 0:
        raise Refused("amount_out_of_range", given=str(cost))
    if cost.minor > terms.most_minor:
        raise Refused("over_the_most", most=str(Money(terms.most_minor, terms.currency)))
    if terms.discount is not None:
        _check_discount(terms.discount, cost)
    return cost


def _check_discount(discount: Discount, cost: Money) -> None:
    """What is set aside is what the code can take off: an amount that is promised is set aside whole."""
    if discount.amount_minor is not None and cost.minor != discount.amount_minor:
        raise Refused("discount_cost_fixed", cost=str(Money(discount.amount_minor, cost.currency)))
    if cost.minor == 0:
        raise Refused("discount_of_nothing")


def _end_of_validity(place: Place, days: int) -> datetime:
    """The last second of the last day, by the place's own clock."""
    zone = ZoneInfo(place.zone)
    return datetime.combine(now().astimezone(zone).date() + timedelta(days=days), time(23, 59, 59), zone)


def _refuse_when_over(gesture: Gesture) -> None:
    if gesture.state in Gesture.OPEN and gesture.expires_at and gesture.expires_at < now():
        raise Refused("gesture_ended", state="expired")


def _commit(gesture: Gesture, by: User, spent: Money | None) -> None:
    if gesture.state == "asked":
        raise Refused("gesture_waits")
    if spent is not None:
        if spent.currency != gesture.currency:
            raise Refused("currency_of_another_place", currency=spent.currency, wanted=gesture.currency)
        if not 0 <= spent.minor <= gesture.cost_minor:
            raise Refused("over_the_most", most=str(gesture.cost))
    if move(gesture, "commit", by_key=by.person.key, spent_minor=spent.minor if spent else None):
        _note(gesture, "gesture.give", by)


def _make_code(gesture: Gesture) -> None:
    """A discount is shown at the till as a code that nobody guesses."""
    if gesture.terms.policy.kind == "discount":
        Code.objects.create(
            gesture=gesture, code="".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        )


def _note(gesture: Gesture, action: str, by: User) -> None:
    audit.record(
        action,
        by=by,
        subject=("gesture", gesture.uid),
        after={"state": gesture.state, "cost": str(gesture.cost), "customer": gesture.customer_key},
        place=gesture.place.uid,
    )
