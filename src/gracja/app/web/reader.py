"""The reader's own choices: language and theme, kept in this browser and with the account."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gracja.app.organisation import choices

THEMES = ("system", "light", "dark")
YEAR = 60 * 60 * 24 * 365


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak this language from now on. An unknown one changes nothing."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen in dict(settings.LANGUAGES):
        remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
        if request.user.is_authenticated:
            choices.choose_language(by=request.user, language=chosen)
    return response


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system. An unknown one changes nothing."""
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in THEMES:
        theme = "" if chosen == "system" else chosen
        remember(response, "theme", theme)
        if request.user.is_authenticated:
            choices.choose_theme(by=request.user, theme=theme)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    came_from = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(came_from if ours else "/")


def remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
