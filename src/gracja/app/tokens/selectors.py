"""Tokens as somebody may see them: their own, and everybody's where they manage tokens."""

from __future__ import annotations

from django.db.models import QuerySet

from gracja.app.organisation.access import may
from gracja.app.organisation.models import User
from gracja.app.tokens.models import ApiToken


def tokens_of(*, by: User) -> QuerySet[ApiToken]:
    """Newest first, with whose they are."""
    tokens = ApiToken.objects.select_related("person")
    return tokens if may(by, "token.manage") else tokens.filter(person=by.person_id)


def token_readable(*, by: User, uid: str) -> ApiToken | None:
    return tokens_of(by=by).filter(uid=uid).first()
