"""Gestures that somebody granted, and those that wait for their yes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from gracja.app.contacts.models import Customer
from gracja.app.gestures.club.models import Gift
from gracja.app.gestures.models import Budget, Gesture
from gracja.app.gestures.terms import TermsDocument
from gracja.app.organisation.access import may, places_where
from gracja.app.organisation.models import Place, User


@dataclass(frozen=True, slots=True)
class Shown:
    """A gesture with what its reader may do. customer: null where the record is gone or the gesture ended:
    then nobody needs their name.
    """

    gesture: Gesture
    terms: TermsDocument
    customer: Customer | None
    own: bool
    may_approve: bool
    gift: Gift | None = None  # which one of the shelf

    @property
    def code(self) -> str:
        """For the customer, as long as it is good: `ABCD EFGH JKLM`. Who only reads gestures is not told."""
        told = self.gesture.state == "reserved" and (self.own or self.may_approve)
        kept = getattr(self.gesture, "code", None) if told else None
        return " ".join(kept.code[at : at + 4] for at in range(0, len(kept.code), 4)) if kept else ""

    @property
    def may_give(self) -> bool:
        return self.own and self.gesture.state == "reserved" and self.terms.kind != "discount"

    @property
    def may_return(self) -> bool:
        """What was given is taken back by somebody else than who gave it."""
        return self.may_approve and self.gesture.state == "committed"

    @property
    def returned_because(self) -> str:
        return str(self.gesture.details.get("returned_because", ""))

    @property
    def may_release(self) -> bool:
        return self.own and self.gesture.state in Gesture.OPEN


def granting_places(*, by: User) -> QuerySet[Place]:
    """Where `by` may grant gestures."""
    return Place.objects.filter(places_where(by, "gesture.grant"), kind=Place.PLACE, active=True).order_by(
        "name"
    )


def currency_at(place: Place) -> str:
    """In which currency this place gives gestures: its budgets have one. Empty where it has none yet."""
    found = Budget.objects.filter(place=place).values_list("currency", flat=True).first()
    return found or ""


def gesture_for(*, by: User, uid: str) -> Shown:
    """One's own, or one of a place whose gestures one may read or approve. Raises Http404."""
    seen = Q(given_by=by.person)
    for permission in ("gesture.approve", "gesture.read"):
        seen |= Q(place__in=Place.objects.filter(places_where(by, permission)))
    found = _with_all(Gesture.objects.filter(seen, uid=uid)).first()
    if found is None:
        raise Http404
    return _shown(by, [found])[0]


def own_gestures(*, by: User, most: int = 50) -> list[Shown]:
    """What `by` granted or asked for, the latest first."""
    return _shown(by, list(_with_all(by.person.gestures.all())[:most]))


def waiting(*, by: User, most: int = 50) -> list[Shown]:
    """What waits for a second person where `by` may say yes, the longest first; not one's own."""
    there = Place.objects.filter(places_where(by, "gesture.approve"))
    rows = Gesture.objects.filter(state="asked", place__in=there).exclude(given_by=by.person)
    return _shown(by, list(_with_all(rows).order_by("made_at")[:most]))


def _with_all(rows: QuerySet[Gesture]) -> QuerySet[Gesture]:
    return rows.select_related("terms__policy", "place", "given_by", "approved_by", "budget", "code")


def _shown(by: User, rows: list[Gesture]) -> list[Shown]:
    open_ = {one.customer_key for one in rows if one.state in Gesture.OPEN}
    there = Customer.objects.filter(key__in=open_, erased_at=None).select_related("merged_into")
    customers = {one.key: one.merged_into or one for one in there}
    chosen = {one.details["gift"] for one in rows if "gift" in one.details}
    gifts = {one.uid: one for one in Gift.objects.filter(uid__in=chosen)} if chosen else {}
    return [
        Shown(
            one,
            TermsDocument.model_validate(one.terms.document),
            customers.get(one.customer_key) if one.state in Gesture.OPEN else None,
            one.given_by_id == by.person.pk,
            one.given_by_id != by.person.pk and may(by, "gesture.approve", place=one.place),
            gifts.get(one.details.get("gift", "")),
        )
        for one in rows
    ]
