"""Who guesses passwords waits, and is told until when."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gracja.app.common.clock import now
from gracja.app.organisation.selectors.company import company


def locked_out(
    request: HttpRequest,
    original: HttpResponse | None = None,  # noqa: ARG001
    credentials: dict[str, str] | None = None,  # noqa: ARG001
) -> HttpResponse:
    """The page instead of the sign-in form. Each further try begins the wait anew."""
    wait = get_cool_off(request)
    ours = company()
    until = (now() + wait).astimezone(ZoneInfo(ours.zone if ours else "UTC")) if wait else None
    response = render(request, "entry/locked_out.html", {"until": until}, status=429)
    if wait:
        response.headers["Retry-After"] = str(int(wait.total_seconds()))
    return response


def guessed(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """Whose password is guessed: the login as it is compared, so that capitals give no further tries."""
    typed = (credentials or {}).get("username") or request.POST.get("login") or ""
    return typed.strip().casefold()[:255]
