"""What is read of roles and teams."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.http import Http404

from gracja.app.organisation.access import lacking, may, not_over, places_where, require
from gracja.app.organisation.models import Place, Role, Team, User
from gracja.app.organisation.permissions import PERMISSIONS


def roles(*, by: User) -> QuerySet[Role]:
    """Every role with how many hold it (`held_by`). Raises Refused: not_permitted."""
    require(by, "role.manage")
    held = Count("memberships__person", distinct=True, filter=not_over("memberships__"))
    return Role.objects.annotate(held_by=held)


def titles_of_roles(language: str) -> list[tuple[str, str]]:
    """Slug and title of every role; everybody may know what roles are called."""
    return [(role.slug, role.title(language)) for role in Role.objects.all()]


def role_to_change(*, by: User, slug: str) -> Role:
    """Raises Http404."""
    found = Role.objects.filter(slug=slug).first()
    if found is None or not may(by, "role.manage"):
        raise Http404
    return found


def roles_to_give(*, by: User) -> QuerySet[Role]:
    """Roles that `by` may give somewhere: at a place where they manage people, or company-wide."""
    where = [held.place for held in by.held if "person.manage" in held.role.permissions]
    allowed = [
        role.pk
        for role in Role.objects.all()
        if any(not lacking(by, role, place=one) and (one is None or at_places(role)) for one in where)
    ]
    return Role.objects.filter(pk__in=allowed)


def at_places(role: Role) -> bool:
    """Whether it can be held at a place: nothing in it makes sense only in the whole company."""
    return all(PERMISSIONS.get(one, True) for one in role.permissions)


def teams(*, by: User) -> QuerySet[Team]:
    """Teams of the places that `by` may read people of."""
    readable = Place.objects.filter(places_where(by, "person.read")).values("pk")
    return (
        Team.objects.filter(place__in=readable)
        .select_related("place")
        .prefetch_related("people")
        .order_by("place__name", "name")
    )


def team_for(*, by: User, uid: str) -> Team:
    """Raises Http404."""
    found = teams(by=by).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found
