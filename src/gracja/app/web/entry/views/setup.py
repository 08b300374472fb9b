"""The first run: a company, its administrator, and what to start with."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.operations.neighbour import may_have_neighbour
from gracja.app.organisation.access import may, require
from gracja.app.organisation.selectors.company import company
from gracja.app.organisation.services.setup import hide_checklist, set_up_company
from gracja.app.organisation.services.setup_code import forget_setup_code, keep_setup_code
from gracja.app.standards.selectors.trades import trades
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.web.entry.forms import SetUp
from gracja.app.web.entry.lockout import locked_out, may_try, note_wrong_code
from gracja.app.web.reader import remember
from gracja.app.web.request import SignedIn
from gracja.app.web.signing_in import sign_in
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Company, language and first administrator; once it is there, this page leads away."""
    if company() is not None:
        return redirect("home")
    if settings.SETUP_CODE_NEEDED:
        keep_setup_code()
    chosen = {"language": get_language(), "zone": "Europe/Warsaw"}
    if request.method == "POST" and settings.SETUP_CODE_NEEDED and not may_try(request):
        return locked_out(request)
    form = SetUp(request.POST if request.method == "POST" else None, initial=chosen)
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        try:
            user = set_up_company(**given)
        except Refused as refused:  # somebody else was a moment faster
            messages.error(request, say_refusal(refused.code, reader(), **refused.facts))
            return redirect("home")
        forget_setup_code()
        sign_in(request, user)
        response = redirect("setup_start")
        remember(response, settings.LANGUAGE_COOKIE_NAME, user.language)
        return response
    if form.is_bound and form.code_is_wrong:
        note_wrong_code(request)
    context = {"form": form, "next_door": may_have_neighbour()}
    return render(request, "entry/setup.html", context, status=422 if form.is_bound else 200)


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
