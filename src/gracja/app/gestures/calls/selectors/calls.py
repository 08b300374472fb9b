"""Contacts as their reader may see them: a lead those of their places, anybody those that they make."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import keys_of
from gracja.app.gestures.calls.models import REASONS, Batch, Call, Reason
from gracja.app.gestures.calls.selectors.guard import wanted_still
from gracja.app.gestures.models import Policy
from gracja.app.gestures.recovery.selectors import customers_of, people_at
from gracja.app.gestures.terms import TermsDocument
from gracja.app.organisation.access import in_force, may, may_somewhere, places_where, require
from gracja.app.organisation.models import Company, Membership, Person, Place, Role, User
from gracja.app.organisation.selectors.company import today_here

SHOWN = ("due", "later", "cards", "ended")


@dataclass(frozen=True, slots=True)
class Due:
    """How many contacts are due by today, later, and how many cards wait to be printed."""

    due: int
    later: int
    cards: int


def calls(*, by: User, show: str = "due", place: str = "") -> QuerySet[Call]:
    """Those the reader may see; of the proposed only whose customer still agrees."""
    rows = _seen(by).filter(_shown(show)).select_related("place", "owner", "batch")
    if place:
        rows = rows.filter(place__path__contains=f"/{place}/")
    return rows.order_by("-ended_at", "-pk") if show == "ended" else rows


def due(*, by: User) -> Due:
    """What the reader has before them."""
    return Due(**_seen(by).aggregate(**{one: Count("pk", filter=_shown(one)) for one in SHOWN[:3]}))


def call_for(*, by: User, uid: str) -> Call:
    """One of them; a proposed one only while its customer agrees. Raises Http404."""
    rows = _seen(by).filter(Q(state="ended") | wanted_still())
    found = rows.select_related("place", "owner", "batch").filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def call_to_note(*, by: User, uid: str) -> Call:
    """One of them, also where its customer agrees no longer: what they asked for is noted whatever else.
    Raises Http404.
    """
    found = _seen(by).select_related("place", "owner", "batch").filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def planned_for(customer: Customer, *, by: User) -> list[Call]:
    """The contacts that wait for this customer, as far as the reader sees them, the first due first."""
    waiting = _seen(by).filter(wanted_still(), state="proposed", customer_key__in=keys_of(customer))
    return list(waiting.select_related("owner"))


def customer_of(call: Call) -> Customer | None:
    """The record that the call's key leads to now."""
    return customers_of([call.customer_key]).get(call.customer_key)


def cards_to_print(*, by: User, uids: list[str]) -> list[Call]:
    """Of these, the proposed cards in no batch that the reader may see."""
    return list(_seen(by).filter(_shown("cards"), uid__in=uids).select_related("place"))


def batches(*, by: User) -> QuerySet[Batch]:
    """Those the reader made, and for whoever manages gestures all."""
    rows = Batch.objects.select_related("made_by", "policy")
    return rows if may(by, "gesture.manage") else rows.filter(made_by=by.person_id)


def batch_for(*, by: User, uid: str) -> Batch:
    """Raises Http404."""
    found = batches(by=by).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def rules(*, by: User) -> list[Reason]:
    """Every reason; one that nobody set yet, as Gracja came with it: off. Raises Refused: not_permitted."""
    require(by, "gesture.manage")
    kept = {one.name: one for one in Reason.objects.all()}
    return [kept.get(name) or usual(name) for name in REASONS]


def usual(name: str) -> Reason:
    """A reason as Gracja came with it. Days and amounts are assumptions."""
    anniversary = name.startswith("anniversary")
    least = {"thanks_purchase": 500_00, "thanks_visits": 5}.get(name, 0)
    way = "card" if anniversary else "call"
    return Reason(name=name, way=way, days=0 if anniversary else 2, least=least)


def reason_of(call: Call) -> Reason:
    """The rule by which it was proposed, as it is now."""
    return Reason.objects.filter(name=call.reason).first() or usual(call.reason)


def text_of(call: Call, language: str) -> str:
    """What is said or written: its own words, else those of the rule."""
    return call.text or reason_of(call).text(language)


def language_of(customer: Customer) -> str:
    """The customer's, else the company's."""
    company = Company.objects.first()
    return customer.language or (company.language if company else "pl")


def policies_for_cards(*, by: User) -> list[tuple[Policy, TermsDocument]]:
    """Open policies of personal contact, by which a card can be paid. None for who may not grant."""
    if not places_where(by, "gesture.grant") and not may(by, "gesture.grant"):
        return []
    found = Policy.objects.filter(kind="personal_contact", closed_at=None).prefetch_related("versions")
    newest = [(one, next(iter(one.versions.all()), None)) for one in found]
    return [(one, TermsDocument.model_validate(terms.document)) for one, terms in newest if terms]


def may_make(by: User, call: Call) -> bool:
    """Whether the reader may make the contact and say what came of it."""
    return call.owner_id == by.person_id or leads(by, call)


def leads(by: User, call: Call) -> bool:
    """Whether the reader says who makes it."""
    return may(by, "gesture.approve", place=call.place)


def places_to_plan(*, by: User) -> QuerySet[Place]:
    """Where the reader may make contacts, or say who does."""
    granting, leading = places_where(by, "gesture.grant"), places_where(by, "gesture.approve")
    # an empty filter is "everywhere", which no other may narrow
    where = granting | leading if granting and leading else Q()
    return Place.objects.filter(where, kind=Place.PLACE, active=True).order_by("name")


def makers(*, by: User, place: Place | None) -> QuerySet[Person]:
    """Whom the reader may give a contact to: who serves at its place; where it has none, at any that the
    reader leads.
    """
    if place is not None:
        return people_at(place) if may(by, "gesture.approve", place=place) else Person.objects.none()
    if not may_somewhere(by, "gesture.approve"):
        return Person.objects.none()
    held = Membership.objects.filter(in_force(today_here()))
    if where := places_where(by, "gesture.approve"):
        led = Place.objects.filter(where).values_list("path", flat=True)
        held = held.filter(Q(place=None) | Q(place__uid__in={uid for path in led for uid in _uids(path)}))
    serving = [role.pk for role in Role.objects.all() if "advice.ask" in role.permissions]
    return Person.objects.filter(pk__in=held.filter(role__in=serving).values("person"), deactivated_at=None)


def _uids(path: str) -> list[str]:
    """A place's own and those of the regions above it."""
    return path.strip("/").split("/")


def _seen(by: User) -> QuerySet[Call]:
    where = places_where(by, "gesture.approve")
    if not where:
        return Call.objects.all()
    return Call.objects.filter(Q(place__in=Place.objects.filter(where)) | Q(owner=by.person_id))


def _shown(show: str) -> Q:
    if show == "ended":
        return Q(state="ended")
    waits = Q(state="proposed") & wanted_still()
    free = Q(way="card", batch=None)
    today = today_here()
    return waits & {"later": Q(due_on__gt=today), "cards": free}.get(show, Q(due_on__lte=today))
