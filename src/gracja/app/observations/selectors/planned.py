"""Planned visits as somebody may see them: who is to make them, and who orders visits there. Nobody else,
least of all who will be visited, unless they order visits themselves.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from gracja.app.common.clock import today
from gracja.app.common.spreadsheet import write_sheet
from gracja.app.observations.models import PlannedVisit, Visit
from gracja.app.observations.selectors.imports import HEADINGS
from gracja.app.organisation.access import in_force, may_somewhere, places_where
from gracja.app.organisation.models import Membership, Person, Place, Role, User
from gracja.app.standards.models import Edition
from gracja.engine.edition.read import edition_from_json
from gracja.engine.edition.texts import in_language

NUMBER = {"pl": "Numer wizyty", "en": "Visit number"}


def plans_of(*, by: User, made: bool = False) -> QuerySet[PlannedVisit]:
    """Those to come, the first due first; or those made and called off, newest first."""
    visit = Exists(Visit.objects.filter(contact=OuterRef("number")))
    rows = _seen(by).select_related("place", "edition", "evaluator", "planned_by")
    over = Q(visit) | Q(called_off_at__isnull=False)
    return rows.filter(over).order_by("-due_on", "-pk") if made else rows.exclude(over)


def plan_for(*, by: User, uid: str) -> PlannedVisit | None:
    """One of them; None where there is none that `by` may see."""
    return _seen(by).select_related("place", "edition", "evaluator").filter(uid=uid).first()


def visits_made(plans: list[PlannedVisit]) -> dict[str, str]:
    """Number of a plan -> uid of the visit that was made by it."""
    numbers = [plan.number for plan in plans]
    made = Visit.objects.filter(contact__in=numbers, second_to=None)
    return dict(made.values_list("contact", "uid"))


def places_to_plan(*, by: User) -> QuerySet[Place]:
    """Where `by` may order visits."""
    if not may_somewhere(by, "visit.plan"):
        return Place.objects.none()
    where = places_where(by, "visit.plan")
    return Place.objects.filter(where, kind=Place.PLACE, active=True).order_by("name")


def evaluators_at(place: Place) -> QuerySet[Person]:
    """Who may put in visits of this place, and so can be sent there."""
    return _evaluators(_held_at(place))


def evaluators_alone_at(place: Place) -> QuerySet[Person]:
    """Of them those who order no visits there: whoever manages is given no task by chance."""
    managing = [role.pk for role in Role.objects.all() if "visit.plan" in role.permissions]
    held = Membership.objects.filter(in_force(today()), _held_at(place), role__in=managing)
    return evaluators_at(place).exclude(pk__in=held.values("person"))


def holders_at(place: Place, permission: str) -> QuerySet[Person]:
    """Who holds this permission at this place."""
    return _holders(_held_at(place), permission)


def evaluators_to_send(*, by: User) -> QuerySet[Person]:
    """Who may put in visits of some place; for which, `plan_visit` looks."""
    everybody = _evaluators(Q())
    return everybody.order_by("name") if may_somewhere(by, "visit.plan") else everybody.none()


def editions_to_plan(*, by: User) -> QuerySet[Edition]:
    """By which a visit can be ordered, newest first."""
    editions = Edition.objects.order_by("-effective_from", "-version")
    return editions if may_somewhere(by, "visit.plan") else editions.none()


def sheet_of(plan: PlannedVisit, language: str) -> bytes:
    """The spreadsheet of one planned visit to fill in: its number, place and evaluator stand there."""
    document = edition_from_json(plan.edition.document)
    standards = [in_language(one.behaviour, language) for _, _, one in document.standards()]
    known = ("", "", plan.place.name, "", plan.evaluator.name, "", "")  # as HEADINGS
    return write_sheet(
        [[NUMBER[language], *HEADINGS[language], *standards], [plan.number, *known, *[""] * len(standards)]]
    )


def _held_at(place: Place) -> Q:
    """A filter on Membership: of this place, of what it is in, or of the whole company."""
    return Q(place=None) | Q(place__uid__in=place.path.strip("/").split("/"))


def _evaluators(where: Q) -> QuerySet[Person]:
    return _holders(where, "visit.import")


def _holders(where: Q, permission: str) -> QuerySet[Person]:
    roles = [role.pk for role in Role.objects.all() if permission in role.permissions]
    held = Membership.objects.filter(in_force(today()), where, role__in=roles)
    return Person.objects.filter(pk__in=held.values("person"), deactivated_at=None, pseudonymised_at=None)


def _seen(by: User) -> QuerySet[PlannedVisit]:
    theirs = Q(evaluator=by.person_id)
    if may_somewhere(by, "visit.plan"):
        theirs |= Q(place__in=Place.objects.filter(places_where(by, "visit.plan")))
    return PlannedVisit.objects.filter(theirs)
