"""Joining at the counter: the customer found by what they say of themselves, or new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.forms import CheckboxInput
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors import customers
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.contacts.services.customers.records import Details
from gracja.app.gestures.club.selectors import members
from gracja.app.gestures.club.selectors.rules import club as club_of
from gracja.app.gestures.club.services.members import Agreed, join_club
from gracja.app.web.club.forms import FindForm, JoinForm, JoinNewForm, refuse
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer

LANGUAGES = ("pl", "en")


@require_http_methods(["GET", "POST"])
def find(request: SignedIn) -> HttpResponse:
    """The customer by number, telephone or address; who is a member already is shown as one."""
    members.require_counter(request.user)
    form = FindForm(request.POST if request.method == "POST" else None)
    missed = False
    if form.is_valid():
        try:
            found = find_customer(by=request.user, given=form.cleaned_data["given"])
        except Refused as refused:
            refuse(form, refused, {refused.code: "given"})
            return _find(request, form, missed=False)
        if found is not None:
            joined = members.member_of(found)
            return redirect("club_member", joined.uid) if joined else redirect("club_join_known", found.uid)
        missed = True
        form.add_error("given", _("Nobody is found by this. Check it, or write the customer down as new."))
    return _find(request, form, missed=missed)


@require_http_methods(["GET", "POST"])
def join_known(request: SignedIn, uid: str) -> HttpResponse:
    """Somebody whose record is there."""
    try:
        customer = customers.customer_for(by=request.user, uid=uid)
    except ObjectDoesNotExist:
        raise Http404 from None
    if joined := members.member_of(customer):
        return redirect("club_member", joined.uid)
    form = JoinForm(request.POST if request.method == "POST" else None)
    return _join(request, form, customer, customer.language)


@require_http_methods(["GET", "POST"])
def join_new(request: SignedIn) -> HttpResponse:
    """Somebody who is not there yet: nothing is kept unless they agree."""
    members.require_counter(request.user)
    form = JoinNewForm(request.POST if request.method == "POST" else None)
    return _join(request, form, None, "")


def _find(request: SignedIn, form: FindForm, *, missed: bool) -> HttpResponse:
    context = {"form": form, "missed": missed}
    return render(request, "club/find.html", context, status=422 if form.is_bound else 200)


def _join(request: SignedIn, form: JoinForm, customer: Customer | None, language: str) -> HttpResponse:
    members.require_counter(request.user)
    club = club_of(by=request.user)
    if club is None:
        raise Refused("club_not_set_up")
    sent = request.POST if request.method == "POST" else request.GET
    shown = next((one for one in (sent.get("language"), language, reader()) if one in LANGUAGES), "pl")
    if form.is_valid():
        version = request.POST.get("version", "")
        agreed = Agreed(int(version) if version.isdecimal() else 0, shown, form.birthday)
        whom = customer or Details(
            name=form.cleaned_data["name"], phone=form.cleaned_data["phone"], language=shown
        )
        try:
            member = join_club(
                by=request.user,
                customer=whom,
                agreed=agreed,
                although_known=form.cleaned_data.get("although_known", False),
            )
        except Refused as refused:
            if refused.code == "customer_known":
                form.fields["although_known"].widget = CheckboxInput()
            refuse(form, refused, {"birthday_impossible": "day"})
        else:
            tell(request, _("They are in the club. Print the card, or show its code to be photographed."))
            return redirect("club_member", member.uid)
    context = {
        "form": form,
        "club": club,
        "customer": customer,
        "language": shown,
        "other": LANGUAGES[shown == "pl"],
        "text": _in(club.document.consent, shown),
    }
    return render(request, "club/join.html", context, status=422 if form.is_bound else 200)


def _in(text: str | dict[str, str], language: str) -> str:
    """The text in this language, else in one that it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or next(iter(text.values()))
