"""The request of somebody who signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from gracja.app.organisation.models import User


class SignedIn(HttpRequest):
    """LoginRequiredMiddleware lets nobody else through; for the type checker."""

    user: User
    htmx: HtmxDetails
