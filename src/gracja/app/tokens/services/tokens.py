"""Make and withdraw tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.tokens.models import ApiToken
from gracja.app.tokens.scopes import scopes_of
from gracja.app.tokens.services.secrets import new_secret, withdraw

_BEGINS: Final = "gracja_"


@dataclass(frozen=True, slots=True)
class Made:
    """A new token with its secret, which is shown this once."""

    token: ApiToken
    secret: str


@transaction.atomic
def make_token(*, by: User, title: str, scopes: Iterable[str], days: int) -> Made:
    """A token that acts as `by` within these scopes for so many days.

    Raises Refused: not_permitted; token_untitled; token_without_scope; scope_not_held (facts: scope);
    token_too_long_lived (facts: longest).
    """
    require(by, "token.manage")
    wanted = sorted(set(scopes))
    if not wanted:
        raise Refused("token_without_scope")
    if beyond := next((scope for scope in wanted if scope not in scopes_of(by)), ""):
        raise Refused("scope_not_held", scope=beyond)
    secret = new_secret("token", begins=_BEGINS, title=title, days=days)
    token = ApiToken.objects.create(
        person=by.person,
        title=secret.title,
        token_hash=secret.kept_hash,
        ending=secret.ending,
        scopes=wanted,
        expires_at=secret.expires_at,
    )
    audit.record(
        "token.make",
        by=by,
        subject=("token", token.uid),
        after={"title": token.title, "scopes": wanted, "expires_at": token.expires_at.isoformat()},
    )
    return Made(token, secret.shown)


@transaction.atomic
def withdraw_token(*, by: User, token: ApiToken) -> None:
    """Let the token in no more. One's own always; another's with the permission. Again changes nothing.

    Raises Refused: not_permitted.
    """
    withdraw("token", token, by=by, others_need="token.manage")
