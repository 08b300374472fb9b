"""Who guesses passwords waits, and is told until when."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gracja.app.common.clock import now
from gracja.app.organisation.selectors.company import company

_SET_UP: Final = {"username": "set-up code"}  # no login: those have no spaces


def locked_out(
    request: HttpRequest,
    original: HttpResponse | None = None,  # noqa: ARG001
    credentials: dict[str, str] | None = None,  # noqa: ARG001
) -> HttpResponse:
    """The page instead of the sign-in form. Each further try begins the wait anew."""
    wait = get_cool_off(request)
    ours = company()  # none: it is the code of the set-up page that was guessed
    until = (now() + wait).astimezone(ZoneInfo(ours.zone if ours else "UTC")) if wait else None
    response = render(
        request, "entry/locked_out.html", {"until": until, "setting_up": ours is None}, status=429
    )
    if wait:
        response.headers["Retry-After"] = str(int(wait.total_seconds()))
    return response


def may_try(request: HttpRequest) -> bool:
    """Whether this visitor may give a set-up code (again)."""
    allowed: bool = AxesProxyHandler.is_allowed(request, _SET_UP)
    return allowed


def note_wrong_code(request: HttpRequest) -> None:
    """Count a wrong set-up code as a wrong password is counted; the last one that is allowed locks."""
    AxesProxyHandler.user_login_failed(__name__, _SET_UP, request)


def guessed(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """Whose password is guessed: the login as it is compared, so that capitals give no further tries."""
    typed = (credentials or {}).get("username") or request.POST.get("login") or ""
    return typed.strip().casefold()[:255]
