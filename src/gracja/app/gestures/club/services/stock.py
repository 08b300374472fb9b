"""Gifts named, put on a place's shelf, and counted. No shelf ever holds fewer than none."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.club.models import Gift, Movement, Shelf
from gracja.app.gestures.models import Gesture, Policy
from gracja.app.gestures.terms import TermsDocument
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Place, User


@dataclass(frozen=True, slots=True)
class Named:
    """What is said of a gift. policy: uid of the policy that it is given by."""

    title_pl: str
    title_en: str
    value: Money
    policy: str
    low_at: int = 3


@transaction.atomic
def save_gift(*, by: User, named: Named, gift: Gift | None = None) -> Gift:
    """A new gift, or another title, value or policy of one; gestures keep what they cost.

    Raises Refused: not_permitted, gift_policy_unknown, currency_of_another_place (currency, wanted),
    over_the_most (most), gift_untitled.
    """
    require(by, "gesture.manage")
    policy = Policy.objects.filter(uid=named.policy, kind="gift", closed_at=None).first()
    terms = policy.versions.first() if policy else None
    if policy is None or terms is None:
        raise Refused("gift_policy_unknown")
    document = TermsDocument.model_validate(terms.document)
    if named.value.currency != document.currency:
        raise Refused("currency_of_another_place", currency=named.value.currency, wanted=document.currency)
    if named.value.minor > document.most_minor:
        raise Refused("over_the_most", most=str(Money(document.most_minor, document.currency)))
    kept = Gift.objects.select_for_update().get(pk=gift.pk) if gift else Gift()
    before = _facts(kept) if gift else {}
    kept.title_pl = named.title_pl.strip() or named.title_en.strip()
    kept.title_en = named.title_en.strip() or kept.title_pl
    if not kept.title_pl:
        raise Refused("gift_untitled")
    kept.value_minor, kept.currency, kept.low_at = named.value.minor, named.value.currency, named.low_at
    kept.policy = policy
    kept.save()
    audit.record("gift.save", by=by, subject=("gift", kept.uid), before=before, after=_facts(kept))
    return kept


@transaction.atomic
def close_gift(*, by: User, gift: Gift) -> None:
    """It is given no more. Repeating is harmless. Raises Refused: not_permitted."""
    require(by, "gesture.manage")
    if Gift.objects.filter(pk=gift.pk, closed_at=None).update(closed_at=now()):
        audit.record("gift.close", by=by, subject=("gift", gift.uid), after={"closed": True})


@transaction.atomic
def receive_gifts(*, by: User, gift: Gift, place: Place, count: int, key: str) -> Movement:
    """So many came. The same key again changes nothing.

    Raises Refused: not_permitted, stock_count_wrong (given), gift_closed, key_of_another.
    """
    return _moved(by, gift, place, "received", count, key)


@transaction.atomic
def write_off_gifts(*, by: User, gift: Gift, place: Place, count: int, key: str) -> Movement:
    """So many are damaged or gone. The same key again changes nothing.

    Raises Refused: not_permitted, stock_count_wrong (given), gift_none_left (place, left), key_of_another.
    """
    return _moved(by, gift, place, "damaged", count, key)


@transaction.atomic
def count_gifts(*, by: User, gift: Gift, place: Place, count: int, key: str) -> Movement:
    """There are so many, whatever was believed. The same key again changes nothing.

    Raises Refused: not_permitted, stock_count_wrong (given), key_of_another.
    """
    return _moved(by, gift, place, "counted", count, key)


def take_for(gesture: Gesture, gift: Gift, *, by_key: str) -> None:
    """One off the shelf of the gesture's place, in the caller's transaction; once for each gesture.

    Raises Refused: gift_none_left (place, left).
    """
    if Movement.objects.filter(gesture=gesture).exists():
        return
    shelf = Shelf.objects.filter(gift=gift, place=gesture.place).first()
    taken = shelf and Shelf.objects.filter(pk=shelf.pk, balance__gte=1).update(balance=F("balance") - 1)
    if shelf is None or not taken:
        raise Refused("gift_none_left", place=gesture.place.name, left=0)
    _enter(shelf, "given", -1, by_key, gesture=gesture)


def _moved(by: User, gift: Gift, place: Place, kind: str, count: int, key: str) -> Movement:
    require(by, "gesture.approve", place=place)
    if not (0 if kind == "counted" else 1) <= count <= 1_000_000:
        raise Refused("stock_count_wrong", given=count)
    if kind == "received" and gift.closed_at:
        raise Refused("gift_closed")
    Shelf.objects.get_or_create(gift=gift, place=place)
    # locked: somebody may be giving one at this moment
    shelf = Shelf.objects.select_for_update().get(gift=gift, place=place)
    if (found := shelf.movements.filter(key=key).first()) is not None:
        if found.kind != kind:
            raise Refused("key_of_another")
        return found
    change = {"received": count, "damaged": -count}.get(kind, count - shelf.balance)
    if shelf.balance + change < 0:
        raise Refused("gift_none_left", place=place.name, left=shelf.balance)
    Shelf.objects.filter(pk=shelf.pk).update(balance=F("balance") + change)
    made = _enter(shelf, kind, change, by.person.key, key=key)
    audit.record(
        f"stock.{kind}",
        by=by,
        subject=("gift", gift.uid),
        before={"balance": shelf.balance - change},
        after={"balance": shelf.balance},
        place=place.uid,
    )
    return made


def _enter(
    shelf: Shelf, kind: str, change: int, by_key: str, *, key: str = "", gesture: Gesture | None = None
) -> Movement:
    shelf.refresh_from_db()
    return Movement.objects.create(
        shelf=shelf, kind=kind, change=change, after=shelf.balance, key=key, gesture=gesture, by_key=by_key
    )


def _facts(gift: Gift) -> dict[str, object]:
    return {
        "title_pl": gift.title_pl,
        "title_en": gift.title_en,
        "amount": str(gift.value),
        "policy": gift.policy.uid,
        "low_at": gift.low_at,
    }
