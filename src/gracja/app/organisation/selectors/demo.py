"""Whose shoes one may step into in the demo. Nothing else asks this."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from gracja.app.organisation.access import not_over
from gracja.app.organisation.models import Membership, Place, Role, User


@dataclass(frozen=True)
class DemoAccount:
    role: Role
    user: User
    place: Place | None


def demo_accounts() -> list[DemoAccount]:
    """The first account of each role, in the order of the roles; none outside the demo."""
    if not settings.DEMO:
        return []
    held = (
        Membership.objects.filter(not_over(), person__user__is_active=True, person__deactivated_at=None)
        .select_related("role", "place", "person__user")
        .order_by("role_id", "pk")
    )
    first: dict[int, DemoAccount] = {}
    for one in held:
        first.setdefault(one.role_id, DemoAccount(one.role, one.person.user, one.place))
    return list(first.values())
