"""Invitations: the link, and the page behind it."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING

import segno
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.organisation.selectors.people import person_held
from gracja.app.organisation.services import invitations as services
from gracja.app.web.organisation.forms import AccountForm, refuse
from gracja.app.web.organisation.frame import show
from gracja.app.web.request import SignedIn
from gracja.app.web.signing_in import sign_in
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.organisation.models import Invitation, User


@never_cache
@require_POST
def invite(request: SignedIn, uid: str) -> HttpResponse:
    """Make a link and show it this once; sent by e-mail as well where there is an address and a server."""
    person = person_held(by=request.user, uid=uid)
    invitation, token = services.invite_person(by=request.user, person=person)
    address = request.build_absolute_uri(reverse("invitation", args=(token,)))
    sent = send(invitation, address)
    context = {
        "person": person,
        "invitation": invitation,
        "address": address,
        "sent": sent,
        "tried": settings.EMAIL_CONFIGURED and bool(person.email),
        "qr": segno.make(address, error="m").svg_inline(scale=5, border=2, omitsize=True),
    }
    return show(request, "invited", "people", context)


@require_POST
def withdraw(request: SignedIn, uid: str) -> HttpResponse:
    """The open link of this person stops working."""
    person = person_held(by=request.user, uid=uid)
    for one in person.invitations.all():
        services.withdraw_invitation(by=request.user, invitation=one)
    tell(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("person", uid)


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link chooses login and password, and is in."""
    try:
        invitation = services.usable_invitation(token)
    except Refused as refused:
        sentence = say_refusal(refused.code, reader(), **refused.facts)
        status = 404 if refused.code == "invitation_unknown" else 410
        return render(request, "organisation/invitation_over.html", {"sentence": sentence}, status=status)
    account: User | None = getattr(invitation.person, "user", None)
    initial = {"login": account.login if account else _proposed(invitation)}
    form = AccountForm(request.POST if request.method == "POST" else None, initial=initial)
    if account:
        form.fields["login"].disabled = True
    if form.is_valid():
        try:
            user = services.accept_invitation(token=token, language=reader(), **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        except ValidationError as easy:
            form.add_error("password", easy)
        else:
            if is_mfa_enabled(user):  # a new password is one of two things that this account asks for
                return redirect("account_login")
            sign_in(request, user)
            return redirect("home")
    context = {"invitation": invitation, "form": form, "again": account is not None}
    status = 422 if form.is_bound else 200
    return render(request, "organisation/invitation.html", context, status=status)


def send(invitation: Invitation, address: str) -> bool:
    """Whether it went out. A mail server that does not answer costs nobody the link."""
    person = invitation.person
    if not (settings.EMAIL_CONFIGURED and person.email):
        return False
    text = render_to_string(
        "organisation/invitation.txt", {"person": person, "address": address, "until": invitation.expires_at}
    )
    try:
        send_mail(_("Your invitation to Gracja"), text, None, [person.email])
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _proposed(invitation: Invitation) -> str:
    """The address where there is one: nobody else has it."""
    return invitation.person.email or invitation.person.code
