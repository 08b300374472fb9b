"""Shelves as their reader may see them, and the proof of their balances."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import Http404

from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.gestures.club.models import Gift, Movement, Shelf
from gracja.app.gestures.models import Gesture, Policy
from gracja.app.organisation.access import may, may_somewhere, places_where, require
from gracja.app.organisation.models import Person, Place, User
from gracja.engine.edition.texts import LocalText

_ON_SHELF: Final = (*Gesture.OPEN, "committed")


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A gift at a place, and how many there are."""

    gift: Gift
    balance: int
    low: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """A gift that was promised and has not left the shelf. waits: for a second person. given: its cost is
    spent already, on a page that knows no shelves.
    """

    gesture: Gesture
    gift: Gift
    waits: bool
    given: bool


def places_with_gifts(*, by: User) -> list[tuple[Place, int]]:
    """Places where `by` gives gestures, and how many gifts are few or gone there. Raises Refused:
    not_permitted.
    """
    if not may_somewhere(by, "gesture.grant"):
        raise Refused("not_permitted", permission="gesture.grant")
    places = Place.objects.filter(places_where(by, "gesture.grant"), active=True, kind=Place.PLACE)
    few = Shelf.objects.filter(gift__closed_at=None, balance__lte=F("gift__low_at")).order_by()
    low: dict[int, int] = {}
    for place in few.values_list("place", flat=True):
        low[place] = low.get(place, 0) + 1
    return [(place, low.get(place.pk, 0)) for place in places.order_by("name")]


def place_with_gifts(*, by: User, uid: str) -> Place:
    """One place where `by` gives gestures. Raises Http404."""
    rows = Place.objects.filter(places_where(by, "gesture.grant"), active=True, kind=Place.PLACE)
    if (found := rows.filter(uid=uid).first()) is None:
        raise Http404
    return found


def may_change(*, by: User, place: Place) -> bool:
    """Whether `by` takes in, writes off and counts gifts there."""
    return may(by, "gesture.approve", place=place)


def shelves(place: Place) -> list[OnShelf]:
    """Every gift that is given, and those of the past that still lie there."""
    there = dict(Shelf.objects.filter(place=place).values_list("gift", "balance"))
    gifts = Gift.objects.filter(Q(closed_at=None) | Q(pk__in=[pk for pk, left in there.items() if left]))
    found = []
    for gift in gifts:
        balance = there.get(gift.pk, 0)
        found.append(OnShelf(gift, balance, gift.closed_at is None and balance <= gift.low_at))
    return found


def gifts_of_policies(place: Place, policies: Iterable[int]) -> dict[int, list[OnShelf]]:
    """Policy -> the gifts given by it that this place keeps on a shelf, also those of which none is left."""
    rows = Shelf.objects.filter(place=place, gift__policy__in=list(policies), gift__closed_at=None)
    found: dict[int, list[OnShelf]] = {}
    for row in rows.select_related("gift").order_by("gift__title_pl", "pk"):
        low = row.balance <= row.gift.low_at
        found.setdefault(row.gift.policy_id, []).append(OnShelf(row.gift, row.balance, low))
    return found


def gifts_given_by(policy: Policy) -> list[tuple[Gift, int]]:
    """The gifts that are given by a policy, and how many of each lie on all shelves together."""
    rows = policy.gifts.filter(closed_at=None).annotate(everywhere=Coalesce(Sum("shelves__balance"), 0))
    return [(one, one.everywhere) for one in rows]


def gift_to_give(*, policy: Policy, uid: str) -> Gift:
    """One of a policy's gifts. Raises Http404."""
    found = policy.gifts.filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def movements(gift: Gift, place: Place) -> QuerySet[Movement]:
    """What came and went, the latest first."""
    return Movement.objects.filter(shelf__gift=gift, shelf__place=place).select_related("gesture")


def who(keys: set[str]) -> dict[str, str]:
    """Person's key -> name."""
    return dict(Person.objects.filter(key__in=keys).values_list("key", "name"))


def promised(place: Place) -> list[Promised]:
    """Gifts that wait for a second person, to be handed over, or to be taken off the shelf."""
    rows = Gesture.objects.filter(
        place=place, state__in=_ON_SHELF, movement=None, terms__policy__kind="gift", details__has_key="gift"
    ).select_related("terms")[:50]
    gifts = {one.uid: one for one in Gift.objects.filter(uid__in={row.details["gift"] for row in rows})}
    return [_promised(row, gifts[row.details["gift"]]) for row in rows if row.details["gift"] in gifts]


def promised_for(*, by: User, place: Place, uid: str) -> tuple[Promised, Customer]:
    """One of them, and the customer that it is for. Raises Http404."""
    place_with_gifts(by=by, uid=place.uid)
    row = (
        Gesture.objects.filter(place=place, uid=uid, details__has_key="gift").select_related("terms").first()
    )
    gift = Gift.objects.filter(uid=row.details["gift"]).first() if row else None
    customer = Customer.objects.filter(key=row.customer_key).first() if row else None
    if row is None or gift is None or customer is None:
        raise Http404
    return _promised(row, gift), customer.merged_into or customer


def _promised(row: Gesture, gift: Gift) -> Promised:
    return Promised(row, gift, waits=row.state == "asked", given=row.state == "committed")


def gifts(*, by: User) -> QuerySet[Gift]:
    """All gifts, for whoever manages them. Raises Refused: not_permitted."""
    require(by, "gesture.manage")
    return Gift.objects.select_related("policy").order_by(F("closed_at").asc(nulls_first=True), "title_pl")


def gift_managed(*, by: User, uid: str) -> Gift:
    """Raises Http404."""
    found = Gift.objects.filter(uid=uid).select_related("policy").first()
    if found is None or not may(by, "gesture.manage"):
        raise Http404
    return found


def gift_at(*, place: Place, uid: str) -> OnShelf:
    """A gift at a place that was let through. Raises Http404."""
    gift = Gift.objects.filter(uid=uid).select_related("policy").first()
    if gift is None:
        raise Http404
    shelf = Shelf.objects.filter(gift=gift, place=place).first()
    balance = shelf.balance if shelf else 0
    return OnShelf(gift, balance, gift.closed_at is None and balance <= gift.low_at)


def gift_policies(*, by: User) -> list[tuple[str, LocalText, str]]:
    """Open policies of gifts: uid, title, currency. Raises Refused: not_permitted."""
    require(by, "gesture.manage")
    found = Policy.objects.filter(kind="gift", closed_at=None).prefetch_related("versions")
    return [
        (one.uid, latest.document["title"], latest.document["currency"])
        for one in found
        if (latest := next(iter(one.versions.all()), None)) is not None
    ]


def proof() -> list[Shelf]:
    """Shelves whose balance is not the sum of their movements; empty where all agree."""
    counted = Coalesce(Sum("movements__change"), 0)
    return list(Shelf.objects.annotate(counted=counted).exclude(counted=F("balance")))
