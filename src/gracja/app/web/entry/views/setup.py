"""The first run: a company, its administrator, and what to start with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may, require
from gracja.app.organisation.selectors.company import company
from gracja.app.organisation.services.setup import hide_checklist, set_up_company
from gracja.app.standards.selectors.trades import trades
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.web.entry.forms import SetUp
from gracja.app.web.reader import remember
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.organisation.models import User

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(request: HttpRequest, user: User) -> None:
    """Without asking for a password: who set the company up, and who chose a role of the demo."""
    login(request, user, backend=_BACKEND)
    UserSession.objects.create_from_request(request)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Company, language and first administrator; once it is there, this page leads away."""
    if company() is not None:
        return redirect("home")
    chosen = {"language": get_language(), "zone": "Europe/Warsaw"}
    form = SetUp(request.POST if request.method == "POST" else None, initial=chosen)
    if form.is_valid():
        try:
            user = set_up_company(**form.cleaned_data)
        except Refused as refused:  # somebody else was a moment faster
            messages.error(request, say_refusal(refused.code, reader(), **refused.facts))
            return redirect("home")
        sign_in(request, user)
        response = redirect("setup_start")
        remember(response, settings.LANGUAGE_COOKIE_NAME, user.language)
        return response
    return render(request, "entry/setup.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def start(request: SignedIn) -> HttpResponse:
    """Which trade to start with: its bundled edition becomes a draft."""
    require(request.user, "edition.draft")
    wrong = ""
    if request.method == "POST":
        chosen = request.POST.get("trade", "")
        if chosen in {trade.name for trade in trades()}:
            try:
                start_draft(by=request.user, from_bundled=chosen)
            except Refused as refused:
                wrong = say_refusal(refused.code, reader(), **refused.facts)
            else:
                return redirect("home")
    context = {"trades": trades(), "wrong": wrong, "may_manage": may(request.user, "company.manage")}
    return render(request, "entry/start.html", context, status=409 if wrong else 200)


@require_POST
def hide_first_steps(request: SignedIn) -> HttpResponse:
    """Do not show the first steps again."""
    hide_checklist(by=request.user)
    return redirect("home")
