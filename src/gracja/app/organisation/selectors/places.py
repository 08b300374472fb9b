"""What is read of places."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from gracja.app.common.spreadsheet import fold
from gracja.app.organisation.access import may, not_over, places_where
from gracja.app.organisation.models import Place, User


@dataclass(slots=True)
class Branch:
    """A place with what lies below it. people: who has a role right there, without those below."""

    place: Place
    people: int
    children: list[Branch] = field(default_factory=list)

    @property
    def people_in_all(self) -> int:
        return self.people + sum(one.people_in_all for one in self.children)


def tree(*, by: User, closed: bool = False) -> list[Branch]:
    """The places that `by` may read people of, as trees; regions and places by name. One query."""
    shown = Place.objects.filter(places_where(by, "person.read"))
    if not closed:
        shown = shown.filter(active=True)
    active = Q(memberships__person__deactivated_at=None) & not_over("memberships__")
    counted = shown.annotate(people_here=Count("memberships__person", distinct=True, filter=active))
    branches = {one.path: Branch(one, one.people_here) for one in counted.select_related("parent")}
    roots: list[Branch] = []
    for path, branch in sorted(branches.items(), key=lambda one: fold(one[1].place.name)):
        above = branches.get(path[: -len(branch.place.uid) - 1])
        (above.children if above else roots).append(branch)
    return roots


def in_order(branches: list[Branch]) -> list[tuple[int, Place]]:
    """Every place with its level, as a list that reads like the tree."""
    return [
        row
        for branch in branches
        for row in ((0, branch.place), *((level + 1, place) for level, place in in_order(branch.children)))
    ]


def places_to(permission: str, *, by: User) -> QuerySet[Place]:
    """Places in use where `by` holds the permission."""
    return Place.objects.filter(places_where(by, permission), active=True).select_related("parent")


def place_for(permission: str, *, by: User, uid: str) -> Place:
    """One place, where `by` holds the permission. Raises Http404."""
    found = Place.objects.select_related("parent").filter(places_where(by, permission), uid=uid).first()
    if found is None:
        raise Http404
    return found


def place_managed(*, by: User, uid: str) -> Place:
    """A place to change; only whoever manages places of the whole company. Raises Http404."""
    found = Place.objects.select_related("parent").filter(uid=uid).first()
    if found is None or not may(by, "place.manage"):
        raise Http404
    return found


def possible_parents(*, of: Place | None = None) -> QuerySet[Place]:
    """Regions under which a place may be put: never itself or one below it."""
    regions = Place.objects.filter(kind=Place.REGION, active=True)
    return regions.exclude(path__startswith=of.path) if of else regions
