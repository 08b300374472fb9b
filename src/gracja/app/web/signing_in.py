"""Signing somebody in who has just proved who they are in another way than by the sign-in page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

if TYPE_CHECKING:
    from gracja.app.organisation.models import User

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(request: HttpRequest, user: User) -> None:
    """The session stands in their list of devices, where they can end it."""
    login(request, user, backend=_BACKEND)
    UserSession.objects.create_from_request(request)
