"""What holds whatever is changed: changes come one after another, and somebody can always administer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db.models import Q

from gracja.app.common.clock import today
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Company, Membership

ADMINISTERS: Final = frozenset(("role.manage", "person.manage", "company.manage"))


def lock_company() -> None:
    """Let no other change of tree or roles in: two right changes at once may make a wrong one."""
    list(Company.objects.select_for_update().values_list("pk"))


@contextmanager
def administered() -> Iterator[None]:
    """Around a change of roles or accounts. Raises Refused: last_administrator, if nobody would be left."""
    lock_company()
    before = _somebody_administers()
    yield
    if before and not _somebody_administers():
        raise Refused("last_administrator")


def _somebody_administers() -> bool:
    held = (
        Membership.objects.select_related("role")
        .filter(place=None, person__deactivated_at=None, person__user__is_active=True)
        .filter(Q(since=None) | Q(since__lte=today()), until=None)
    )
    return any(set(one.role.permissions) >= ADMINISTERS for one in held)
