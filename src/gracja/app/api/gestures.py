"""Gestures for tills: granted, approved, given; and the codes of discounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from django.http import Http404
from ninja import Field, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.repeats import own_key
from gracja.app.api.shapes import Given, Moment, Text, Uid, UidInPath
from gracja.app.common.money import MOST_MINOR, Money
from gracja.app.contacts.selectors.named import customer_named
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.gestures.selectors.given import Shown, gesture_for
from gracja.app.gestures.selectors.offers import policy_named
from gracja.app.gestures.services import granting
from gracja.app.gestures.services.handing import hand_over
from gracja.app.gestures.services.offering import grant_offer
from gracja.app.gestures.services.redeeming import Redeemable, check_code, redeem_code
from gracja.app.gestures.wish import Wish
from gracja.app.organisation.selectors.places import place_for
from gracja.engine.edition.model import Channel

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer
    from gracja.app.gestures.models import Gesture
    from gracja.app.organisation.models import User

router = Router()
Kind = Literal["gift", "discount", "covered_cost", "personal_contact"]
State = Literal["asked", "reserved", "committed", "released", "expired"]
_TOLD: Final = ("band", "channel", "cues", "after_failure", "purchase_minor")


class Amount(Schema):
    """Money in the smallest unit of its currency: 12,50 zł is 1250 PLN."""

    minor: int = Field(ge=0, le=MOST_MINOR)
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["PLN"])


class AmountGiven(Given, Amount):
    """Money in the smallest unit of its currency: 12,50 zł is 1250 PLN."""


class GestureGiven(Given):
    """What is to be granted. The rest is looked up here, and not taken from who asks."""

    policy: Uid
    place: Uid
    customer: Text = Field(
        min_length=1, max_length=200, description="Their `uid`, or a number, telephone or address of theirs."
    )
    reason: Text = Field(min_length=1, max_length=300, description="Why: it stands in the statement.")
    cost: AmountGiven | None = Field(None, description="The most it may cost; as usual where left out.")
    contact: Text = Field("", max_length=200, description="The contact's name in your system.")
    band: Literal["discreet", "attentive", "personal"] | None = None
    channel: Channel | None = None
    cues: list[Annotated[Text, Field(max_length=80)]] | None = Field(None, max_length=50)
    after_failure: bool | None = None
    purchase_minor: int | None = Field(None, ge=0, le=MOST_MINOR)


class GestureNow(Schema):
    """A gesture as it is now."""

    uid: Uid
    state: State = Field(
        description="asked: waits for a second person; reserved: granted; committed: spent; released: given "
        "back or refused; expired: not used in time."
    )
    kind: Kind
    policy: Uid
    place: Uid
    cost: Amount
    spent: Amount | None = Field(description="What it cost in the end; null until then.")
    reason: str
    made_at: Moment
    expires_at: Moment | None
    code: str | None = Field(description="Of a discount that may be used, for the customer.")


class SpentGiven(Given):
    """What it cost."""

    spent: AmountGiven | None = Field(None, description="At most the cost; the whole where left out.")


class CodeGiven(Given):
    """A code as it was typed or scanned; spaces, hyphens and small letters do no harm."""

    code: Text = Field(min_length=1, max_length=40)
    place: Uid = Field(description="Where it is shown.")
    purchase: AmountGiven | None = Field(None, description="What is bought, before the discount.")


class SaleGiven(CodeGiven):
    """A code that is used for a purchase."""

    purchase: AmountGiven = Field(description="What is bought, before the discount.")


class CodeOut(Schema):
    """What a code is good for."""

    gesture: Uid
    policy: Uid
    percent: int | None
    amount: Amount | None
    above: Amount | None = Field(description="The least purchase.")
    goods: str | dict[str, str] | None = Field(description="Only on these goods; null: on anything.")
    expires_at: Moment | None
    off: Amount | None = Field(description="What it takes off this purchase.")


@writes(router, "POST", "/gestures", scope="gesture.grant", response={201: GestureNow}, also=(404,))
def grant_gesture(request: Called, given: GestureGiven) -> Any:
    """Set its cost aside and promise it; above the policy's limit it waits for a second person. The same
    `Idempotency-Key` is always the same gesture, not only for a day.
    """
    by = request.auth
    wish = Wish(
        policy=policy_named(by=by, uid=given.policy),
        place=place_for("gesture.grant", by=by, uid=given.place),
        customer=_customer(by, given.customer),
        reason=given.reason,
        cost=_money(given.cost),
        contact=given.contact,
        told={name: getattr(given, name) for name in _TOLD if getattr(given, name) is not None},
    )
    made = grant_offer(by=by, wish=wish, key=own_key(request))
    # all of it is known: to read it back took a quarter of a grant's time
    discount = made.state == "reserved" and made.terms.policy.kind == "discount"
    return _of(made, code=made.code.code if discount else "")


@reads(router, "/gestures/{uid}", scope="gesture.grant", response=GestureNow)
def get_gesture(request: Called, uid: UidInPath) -> Any:
    """One gesture: one's own, or of a place whose gestures one reads or approves."""
    return _as_data(gesture_for(by=request.auth, uid=uid))


@writes(router, "POST", "/gestures/{uid}/approve", scope="gesture.approve", response={200: GestureNow})
def approve_gesture(request: Called, uid: UidInPath) -> Any:
    """Say yes to what another asked for. Again changes nothing."""
    shown = gesture_for(by=request.auth, uid=uid)
    granting.approve_gesture(by=request.auth, gesture=shown.gesture)
    return _as_data(gesture_for(by=request.auth, uid=uid))


@writes(router, "POST", "/gestures/{uid}/release", scope="gesture.grant", response={200: GestureNow})
def release_gesture(request: Called, uid: UidInPath) -> Any:
    """Take back what was promised, or say no to what was asked for. Again changes nothing."""
    shown = gesture_for(by=request.auth, uid=uid)
    granting.release_gesture(by=request.auth, gesture=shown.gesture)
    return _as_data(gesture_for(by=request.auth, uid=uid))


@writes(router, "POST", "/gestures/{uid}/give", scope="gesture.grant", response={200: GestureNow})
def give_gesture(request: Called, uid: UidInPath, given: SpentGiven) -> Any:
    """It was given: its cost is spent, or less, and the rest goes back. Again changes nothing."""
    shown = gesture_for(by=request.auth, uid=uid)
    hand_over(by=request.auth, gesture=shown.gesture, spent=_money(given.spent))
    return _as_data(gesture_for(by=request.auth, uid=uid))


@writes(router, "POST", "/gestures/{uid}/return", scope="gesture.approve", response={200: GestureNow})
def return_gesture(request: Called, uid: UidInPath) -> Any:
    """What was spent comes back: the purchase was refunded. Again changes nothing."""
    shown = gesture_for(by=request.auth, uid=uid)
    granting.return_gesture(by=request.auth, gesture=shown.gesture)
    return _as_data(gesture_for(by=request.auth, uid=uid))


@writes(router, "POST", "/codes/check", scope="gesture.grant", response={200: CodeOut}, also=(404,))
def check(request: Called, given: CodeGiven) -> Any:
    """Whether a code is good here, and what it takes off. Nothing is used."""
    place = place_for("gesture.grant", by=request.auth, uid=given.place)
    good = check_code(by=request.auth, place=place, given=given.code, purchase=_money(given.purchase))
    return _code(good)


@writes(router, "POST", "/codes/redeem", scope="gesture.grant", response={200: CodeOut}, also=(404,))
def redeem(request: Called, given: SaleGiven) -> Any:
    """Use a code for a purchase, once. A till that did not hear the answer sends the same
    `Idempotency-Key` again, and is answered as before.
    """
    place = place_for("gesture.grant", by=request.auth, uid=given.place)
    good = redeem_code(
        by=request.auth,
        place=place,
        given=given.code,
        purchase=Money(given.purchase.minor, given.purchase.currency),
        key=own_key(request),
    )
    return _code(good)


def _customer(by: User, given: str) -> Customer:
    found = customer_named(by=by, uid=given) or find_customer(by=by, given=given)
    if found is None:
        raise Http404
    return found


def _money(given: AmountGiven | None) -> Money | None:
    return Money(given.minor, given.currency) if given else None


def _amount(minor: int | None, currency: str) -> dict[str, Any] | None:
    return None if minor is None else {"minor": minor, "currency": currency}


def _as_data(shown: Shown) -> dict[str, Any]:
    return _of(shown.gesture, code=shown.code.replace(" ", ""))


def _of(gesture: Gesture, *, code: str) -> dict[str, Any]:
    return {
        "uid": gesture.uid,
        "state": gesture.state,
        "kind": gesture.terms.policy.kind,
        "policy": gesture.terms.policy.uid,
        "place": gesture.place.uid,
        "cost": _amount(gesture.cost_minor, gesture.currency),
        "spent": _amount(gesture.spent_minor, gesture.currency),
        "reason": gesture.reason,
        "made_at": gesture.made_at,
        "expires_at": gesture.expires_at,
        "code": code or None,
    }


def _code(good: Redeemable) -> dict[str, Any]:
    gesture, discount = good.code.gesture, good.discount
    goods = discount.goods
    return {
        "gesture": gesture.uid,
        "policy": gesture.terms.policy.uid,
        "percent": discount.percent,
        "amount": _amount(discount.amount_minor, gesture.currency),
        "above": _amount(discount.above_minor or None, gesture.currency),
        "goods": dict(goods) if goods is not None and not isinstance(goods, str) else goods,
        "expires_at": gesture.expires_at,
        "off": _amount(good.off.minor, good.off.currency) if good.off else None,
    }
