"""Back in after a lost password: by the link that was mailed, or by whoever runs the server."""

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
from gracja.app.organisation.services.people import sign_out_everywhere, withdraw_all, withdraw_tokens

LASTS: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WayBack:
    """token: shown this once; only its hash is kept."""

    login: str
    token: str
    until: datetime


@transaction.atomic
def renew_password(*, user: User, password: str) -> None:
    """A new password by the link that was mailed; it ends the account's sessions and tokens.

    No permission: whoever has the link reads this account's mail. The password was judged by the form.
    """
    user.set_password(password)
    user.save(update_fields=("password",))
    sign_out_everywhere(user.person)
    withdraw_tokens(user.person, by=user)
    user.refresh_from_db()
    audit.record("account.new_password", by=user, subject=("person", user.person.key))


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
