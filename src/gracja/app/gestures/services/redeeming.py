"""Codes at the till: looked up, and used once, in whichever shop was first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Code
from gracja.app.gestures.services.ledger import move
from gracja.app.gestures.terms import Discount, TermsDocument
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User


@dataclass(frozen=True, slots=True)
class Redeemable:
    """A code that is good today. off: what it takes off the purchase, where one was named."""

    code: Code
    discount: Discount
    off: Money | None


def check_code(*, by: User, place: Place, given: str, purchase: Money | None = None) -> Redeemable:
    """Whether a code is good at this place, and what it takes off.

    Raises Refused: not_permitted, code_unknown, code_used (at), code_expired (at), code_withdrawn,
    not_at_this_place, currency_of_another_place (currency, wanted), purchase_too_small (above).
    """
    require(by, "gesture.grant", place=place)
    code = (
        Code.objects.select_related("gesture__terms", "gesture__place", "gesture__budget")
        .filter(code=plain(given))
        .first()
    )
    if code is None:
        raise Refused("code_unknown")
    gesture = code.gesture
    if gesture.state == "committed":
        raise Refused("code_used", at=code.redeemed_at.isoformat() if code.redeemed_at else "")
    if gesture.expires_at and gesture.expires_at < now():
        raise Refused("code_expired", at=gesture.expires_at.date().isoformat())
    if gesture.state != "reserved":
        raise Refused("code_withdrawn")
    terms = TermsDocument.model_validate(gesture.terms.document)
    if terms.places and not any(uid in place.path for uid in terms.places):
        raise Refused("not_at_this_place")
    assert terms.discount is not None  # a policy's kind stays, and a discount has one
    if purchase is None:
        return Redeemable(code, terms.discount, None)
    if purchase.currency != gesture.currency:
        raise Refused("currency_of_another_place", currency=purchase.currency, wanted=gesture.currency)
    off = min(terms.discount.off(purchase.minor), gesture.cost_minor)
    if off == 0:
        raise Refused("purchase_too_small", above=str(Money(terms.discount.above_minor, gesture.currency)))
    return Redeemable(code, terms.discount, Money(off, gesture.currency))


@transaction.atomic
def redeem_code(*, by: User, place: Place, given: str, purchase: Money, key: str = "") -> Redeemable:
    """Use the code for this purchase: what it takes off is spent, the rest of what was set aside goes back.

    Of two tills at once one does it. key: of this sale; a till that did not hear the answer sends it again
    and is answered as before. Raises Refused as `check_code`; code_used (at).
    """
    require(by, "gesture.grant", place=place)
    if (before := _redeemed(place, given, purchase, key)) is not None:
        return before
    try:
        good = check_code(by=by, place=place, given=given, purchase=purchase)
    except Refused:  # by the same sale, sent twice, a moment ago
        if (before := _redeemed(place, given, purchase, key)) is not None:
            return before
        raise
    assert good.off is not None
    gesture = good.code.gesture
    try:
        first = move(gesture, "commit", by_key=by.person.key, spent_minor=good.off.minor)
    except Refused:
        first = False
    if not first:  # another till, or its time, was a moment faster
        if (before := _redeemed(place, given, purchase, key)) is not None:
            return before
        raise Refused("code_used", at=now().isoformat())
    good.code.redeemed_at, good.code.redeemed_in = now(), place
    good.code.purchase_minor, good.code.redeemed_key = purchase.minor, key
    good.code.save(update_fields=("redeemed_at", "redeemed_in", "purchase_minor", "redeemed_key"))
    audit.record(
        "code.redeem",
        by=by,
        subject=("gesture", gesture.uid),
        after={"off": str(good.off), "purchase": str(purchase)},
        place=place.uid,
    )
    return good


def _redeemed(place: Place, given: str, purchase: Money, key: str) -> Redeemable | None:
    """What this sale was answered before, if it was."""
    if not key:
        return None
    code = (
        Code.objects.select_related("gesture__terms", "gesture__place", "gesture__budget")
        .filter(
            code=plain(given),
            redeemed_key=key,
            redeemed_in=place,
            purchase_minor=purchase.minor,
            gesture__currency=purchase.currency,
        )
        .first()
    )
    if code is None:
        return None
    terms = TermsDocument.model_validate(code.gesture.terms.document)
    assert terms.discount is not None  # a policy's kind stays, and a discount has one
    return Redeemable(code, terms.discount, Money(code.gesture.spent_minor or 0, code.gesture.currency))


def plain(given: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(sign for sign in given.upper() if sign.isalnum())
