"""Visits as somebody may see them: at their places, their own, those they made or put in, and what others
marked in a contact that they marked themselves. Whoever is to review a contact a second time sees nothing of
its first marks until theirs are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from gracja.app.observations.models import DrawnReview, Mark, SecondReview, Visit
from gracja.app.observations.services.wanted import wanted_known
from gracja.app.organisation.access import places_where
from gracja.app.organisation.models import Place, User
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.conversations.rating_sheet import marking_of
from gracja.engine.edition.model import Part, ScaleMeasure, Standard


def visits_of(*, by: User, place_uid: str = "", named: str = "", employee_uid: str = "") -> QuerySet[Visit]:
    """Visits, newest first. named: a part of the name of who served; employee_uid: who served."""
    visits = readable_visits(by).select_related("place", "employee", "evaluator", "second_to")
    if place_uid:
        visits = visits.filter(place__path__contains=f"/{place_uid}/")
    if named:
        visits = visits.filter(employee__name__icontains=named)
    if employee_uid:
        visits = visits.filter(employee__uid=employee_uid)
    return visits.order_by("-occurred_at", "-pk")


def counted(visits: Iterable[Visit]) -> list[tuple[Visit, int, int]]:
    """Each visit with how many standards were marked in it, and how many of them met in full."""
    shown = list(visits)
    counts = {
        pk: (marked, met)
        for pk, marked, met in Mark.objects.filter(visit__in=shown, status="marked")
        .values_list("visit")
        .annotate(marked=Count("pk"), met=Count("pk", filter=Q(value__gte=1)))
    }
    return [(visit, *counts.get(visit.pk, (0, 0))) for visit in shown]


@dataclass(frozen=True, slots=True)
class Marked:
    """One standard of the edition in a visit; mark: None where the visit says nothing of it."""

    standard: Standard
    mark: Mark | None

    @property
    def kind(self) -> str:
        return marking_of(self.standard).kind

    @property
    def step(self) -> object:
        """The words of the step that was marked on a scale."""
        measure = self.standard.measure
        if isinstance(measure, ScaleMeasure) and self.mark and self.mark.raw:
            return measure.scale[int(self.mark.raw) - 1]
        return None


@dataclass(frozen=True)
class VisitShown:
    """wanted: the band of closeness that its scenario wanted; empty where it said nothing. marked_too:
    somebody else marked the same contact.
    """

    visit: Visit
    parts: list[tuple[Part, list[Marked]]]
    marked: int
    met: int
    wanted: str
    marked_too: bool


def visit_of(*, by: User, uid: str) -> VisitShown | None:
    """One visit with its marks in the order of the sequence; None where there is none that `by` may see."""
    visit = (
        readable_visits(by)
        .select_related("place", "employee", "evaluator", "edition", "second_to")
        .filter(uid=uid)
        .first()
    )
    if visit is None:
        return None
    marks = {mark.standard: mark for mark in visit.marks.all()}
    parts = rows_of(visit, marks)
    values = [mark.value for mark in marks.values() if mark.value is not None]
    wanted = wanted_known([visit.contact]).get(visit.contact, "")
    met = sum(value >= 1 for value in values)
    marked_too = visit.second_to_id is not None or visit.others.exists()
    return VisitShown(visit, parts, len(values), met, wanted, marked_too)


def rows_of(visit: Visit | DrawnReview, marks: Mapping[str, Mark]) -> list[tuple[Part, list[Marked]]]:
    """Marks in the order of the sequence, with every standard of the visit's channel."""
    parts = []
    for part in document_of(visit.edition).sequence:
        rows = [
            Marked(standard, marks.get(standard.standard))
            for enhancer in part.enhancers
            for standard in enhancer.standards
            if visit.channel in standard.channels
        ]
        if rows:
            parts.append((part, rows))
    return parts


def places_to_ask(*, by: User) -> list[Place]:
    """Places whose visits `by` may read, regions before what is in them."""
    return list(Place.objects.filter(places_where(by, "visit.read"), active=True).order_by("path"))


def visit_uids(*, by: User, contacts: list[str]) -> dict[str, str]:
    """Names of contacts -> uids of the visits that they are, the first of each, where `by` may see them."""
    seen = readable_visits(by).filter(contact__in=contacts).order_by(F("second_to").desc(nulls_last=True))
    return dict(seen.values_list("contact", "uid"))


def readable_visits(by: User) -> QuerySet[Visit]:
    """Every visit that `by` may see."""
    to_review = SecondReview.objects.filter(evaluator=by.person_id, made=None, called_off_at=None)
    hidden = to_review.values("visit")
    visits = Visit.objects.exclude(pk__in=hidden).exclude(second_to__in=hidden)
    places = places_where(by, "visit.read")
    if not places:
        return visits
    theirs = Q(employee=by.person_id) | Q(evaluator=by.person_id) | Q(recorded_by=by.person_id)
    marked_too = Q(contact__in=Visit.objects.filter(evaluator=by.person_id).values("contact"))
    return visits.filter(theirs | marked_too | Q(place__in=Place.objects.filter(places)))
