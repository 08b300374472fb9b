"""A program that calls the interface with somebody's token."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.test import Client

from gracja.app.common.clock import now
from gracja.app.tokens.models import ApiToken
from gracja.app.tokens.scopes import SCOPES


@pytest.fixture
def calling(db):
    """`calling(cast.anna)`: a client that sends a token of hers with every scope, or with those named."""

    def as_(user, *, scopes=SCOPES, language="en") -> Client:
        secret = f"gracja_{user.login}_{'_'.join(scopes)}"
        ApiToken.objects.get_or_create(
            token_hash=hashlib.sha256(secret.encode()).hexdigest(),
            defaults={
                "person": user.person,
                "title": "Kasa",
                "scopes": list(scopes),
                "expires_at": now() + timedelta(days=30),
            },
        )
        return Client(headers={"authorization": f"Bearer {secret}", "accept-language": language})

    return as_
