"""The demo's doors: a role, a button. They open only where `gracja demo` made the data folder."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gracja.app.organisation.selectors.demo import demo_accounts
from gracja.app.web.signing_in import sign_in


@login_not_required
@require_GET
def doors(request: HttpRequest) -> HttpResponse:
    """One person of each role, to become them by a click. 404 outside the demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "entry/demo.html", {"doors": demo_accounts()})


@login_not_required
@require_POST
def enter(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as the demo's person of this role. 404 outside the demo, and for a role without one."""
    user = next((one.user for one in demo_accounts() if one.role.slug == role), None)
    if not settings.DEMO or user is None:
        raise Http404
    sign_in(request, user)
    return redirect("home")
