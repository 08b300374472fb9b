"""Make and withdraw tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.tokens.models import ApiToken
from gracja.app.tokens.scopes import scopes_of
from gracja.app.tokens.services.callers import hash_of

LONGEST_DAYS: Final = 366
_BEGINS: Final = "gracja_"  # so that scanners for leaked secrets can know one


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
    if not title.strip():
        raise Refused("token_untitled")
    wanted = sorted(set(scopes))
    if not wanted:
        raise Refused("token_without_scope")
    if beyond := next((scope for scope in wanted if scope not in scopes_of(by)), ""):
        raise Refused("scope_not_held", scope=beyond)
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused("token_too_long_lived", longest=LONGEST_DAYS)
    secret = _BEGINS + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=by.person,
        title=title.strip()[:80],
        token_hash=hash_of(secret),
        ending=secret[-4:],
        scopes=wanted,
        expires_at=now() + timedelta(days=days),
    )
    audit.record(
        "token.make",
        by=by,
        subject=("token", token.uid),
        after={"title": token.title, "scopes": wanted, "expires_at": token.expires_at.isoformat()},
    )
    return Made(token, secret)


@transaction.atomic
def withdraw_token(*, by: User, token: ApiToken) -> None:
    """Let the token in no more. One's own always; another's with the permission. Again changes nothing.

    Raises Refused: not_permitted.
    """
    if token.person_id != by.person_id:
        require(by, "token.manage")
    if token.withdrawn_at is None:
        token.withdrawn_at = now()
        token.save(update_fields=("withdrawn_at",))
        audit.record("token.withdraw", by=by, subject=("token", token.uid), after={"withdrawn": True})
