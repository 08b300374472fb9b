"""My account: name, password, passkeys, codes, where I am signed in."""

from __future__ import annotations

from allauth.account.views import password_reset
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gracja.app.organisation.choices import choose_name
from gracja.app.web.entry.forms import OwnName
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell


@require_http_methods(["GET", "POST"])
def me(request: SignedIn) -> HttpResponse:
    """Everything that is the reader's own to change, and the ways to sign in."""
    form = OwnName(
        request.POST if request.method == "POST" else None, initial={"name": request.user.person.name}
    )
    if form.is_valid():
        choose_name(by=request.user, name=form.cleaned_data["name"])
        tell(request, _("Your name is saved."))
        return redirect("my_account")
    means = list(Authenticator.objects.filter(user=request.user))
    kinds = Authenticator.Type
    return render(
        request,
        "entry/me.html",
        {
            "form": form,
            "passkeys": [one.wrap() for one in means if one.type == kinds.WEBAUTHN],
            "totp": next((one for one in means if one.type == kinds.TOTP), None),
            "codes": next((one.wrap() for one in means if one.type == kinds.RECOVERY_CODES), None),
            "sessions": UserSession.objects.filter(user=request.user).count(),
            "held": request.user.held,
        },
        status=422 if form.is_bound else 200,
    )


@login_not_required
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """A link by e-mail where e-mail is configured; else whom to ask."""
    if settings.EMAIL_CONFIGURED:
        answer: HttpResponse = password_reset(request)
        return answer
    return render(request, "entry/ask_for_a_link.html")
