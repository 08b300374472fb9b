"""What a token can be limited to: the permissions of its person, and what everybody may do for themselves."""

from __future__ import annotations

from typing import Final

from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.organisation.permissions import PERMISSIONS

OWN: Final = "own"  # who one is, the company, notices, one's own results and acknowledgements
SCOPES: Final = (OWN, *PERMISSIONS)


def scopes_of(user: User) -> tuple[str, ...]:
    """The scopes that a token of this person can have."""
    return (OWN, *(permission for permission in PERMISSIONS if may_somewhere(user, permission)))


def narrow(user: User, scopes: frozenset[str]) -> None:
    """From here on `user` holds nothing beyond these scopes: every service and selector asks `user.held`."""
    for held in user.held:
        held.role.permissions = [one for one in held.role.permissions if one in scopes]  # never saved
