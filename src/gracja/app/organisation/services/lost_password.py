"""A way back in for whoever runs the server, when nobody is left who could make a link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Invitation, User
from gracja.app.organisation.services.invitations import hash_of
from gracja.app.organisation.services.people import withdraw_all

LASTS: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WayBack:
    """token: shown this once; only its hash is kept."""

    login: str
    token: str
    until: datetime


@transaction.atomic
def reset_password(who: str) -> WayBack:
    """A link for a new password of the account with this e-mail or login. Earlier open links stop working.

    No permission: whoever may run this has the database anyway. It stands in the log without a name of who
    did it. Raises Refused: account_unknown (given), person_inactive (name).
    """
    accounts = User.objects.select_related("person")
    user = (
        accounts.filter(login__iexact=who.strip()).first()
        or accounts.exclude(person__email="").filter(person__email__iexact=who.strip()).first()
    )
    if user is None:
        raise Refused("account_unknown", given=who)
    if not user.person.active:
        raise Refused("person_inactive", name=user.name)
    withdraw_all(user.person)
    token = secrets.token_urlsafe(32)
    until = now() + LASTS
    Invitation.objects.create(person=user.person, token_hash=hash_of(token), made_by=None, expires_at=until)
    audit.record("account.reset_on_server", by=None, subject=("person", user.person.key))
    return WayBack(user.login, token, until)
