"""A card at the counter, and the member that it leads to."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gracja.app.common.refused import Refused
from gracja.app.gestures.club.printing import card_pdf as pdf_of
from gracja.app.gestures.club.printing import card_picture
from gracja.app.gestures.club.selectors import members as selectors
from gracja.app.gestures.club.selectors.rules import club as club_of
from gracja.app.gestures.club.services import members as services
from gracja.app.gestures.club.services.birthdays import agree_birthday
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.selectors.company import company
from gracja.app.web.club.forms import BirthdayForm, CardForm, LostForm, refuse
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import local


@require_http_methods(["GET", "POST"])
def scan(request: SignedIn) -> HttpResponse:
    """The card's number, from a camera, a hand scanner or a hand. The only page that may use the camera."""
    selectors.require_counter(request.user)
    form = CardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            found = services.scan_card(by=request.user, given=form.cleaned_data["card"])
        except Refused as refused:
            refuse(form, refused, {refused.code: "card"})
        else:
            return redirect("club_member", found.uid)
    context = {"form": form, "club": club_of(by=request.user)}
    response = render(request, "club/scan.html", context, status=422 if form.is_bound else 200)
    response.headers["Permissions-Policy"] = "camera=(self)"
    return response


@require_safe
def member(request: SignedIn, uid: str) -> HttpResponse:
    """What they are entitled to today, what the next level needs, their card and what they agreed to."""
    found = selectors.member_for(by=request.user, uid=uid)
    card = selectors.card_of(found)
    context = {
        "member": found,
        "standing": selectors.standing(found),
        "card": card,
        "picture": card_picture(card) if card else "",
        "agreed": found.rules.document["consent"],
        "may_give": may_somewhere(request.user, "gesture.grant"),
    }
    return render(request, "club/member.html", context)


@require_POST
def visit(request: SignedIn, uid: str) -> HttpResponse:
    """They are here today."""
    found = selectors.member_for(by=request.user, uid=uid)
    made = services.note_visit(by=request.user, member=found)
    tell(request, _("Today’s visit is noted.") if made else _("Today’s visit was noted before."))
    return redirect("club_member", uid)


@require_safe
def card_pdf(request: SignedIn, uid: str) -> HttpResponse:
    """The card to print."""
    found = selectors.member_for(by=request.user, uid=uid)
    card, club, ours = selectors.card_of(found), club_of(by=request.user), company()
    if card is None or club is None:
        raise Http404
    content = pdf_of(card, club=local(club.document.title), company=ours.name if ours else "")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="card.pdf"'
    return response


@require_http_methods(["GET", "POST"])
def replace(request: SignedIn, uid: str) -> HttpResponse:
    """A lost card stops, and another is made."""
    found = selectors.member_for(by=request.user, uid=uid)
    card = selectors.card_of(found)
    if request.method == "POST":
        services.replace_card(by=request.user, member=found, lost=request.POST.get("lost", ""))
        tell(request, _("A new card is made. The old one works no longer."))
        return redirect("club_member", uid)
    context = {
        "question": _("Replace this card?"),
        "consequence": _(
            "The card that was lost stops at once, wherever it turns up. Level and visits stay."
        ),
        "action": _("Replace the card"),
        "back": reverse("club_member", args=(uid,)),
        "form": LostForm(initial={"lost": card.number if card else ""}),
    }
    return render(request, "common/confirm.html", context)


@require_http_methods(["GET", "POST"])
def birthday(request: SignedIn, uid: str) -> HttpResponse:
    """They want to be greeted after all."""
    found = selectors.member_for(by=request.user, uid=uid)
    if found.left_at:
        return redirect("club_member", uid)
    one = selectors.customer_of(found)
    known = {"day": one.birthday_day, "month": one.birthday_month}
    form = BirthdayForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        day = (form.cleaned_data["month"], form.cleaned_data["day"])
        try:
            agree_birthday(by=request.user, member=found, birthday=day)
        except Refused as refused:
            refuse(form, refused, {"birthday_impossible": "day"})
        else:
            tell(request, _("The birthday is remembered from now on."))
            return redirect("club_member", uid)
    context = {"form": form, "member": found, "club": club_of(by=request.user)}
    return render(request, "club/birthday.html", context, status=422 if form.is_bound else 200)


@require_POST
def forget_birthday(request: SignedIn, uid: str) -> HttpResponse:
    """They do not want to be greeted any more."""
    found = selectors.member_for(by=request.user, uid=uid)
    services.forget_birthday(by=request.user, member=found)
    tell(request, _("The birthday is used no longer, and the day is deleted."))
    return redirect("club_member", uid)


@require_http_methods(["GET", "POST"])
def leave(request: SignedIn, uid: str) -> HttpResponse:
    """The member leaves the club."""
    found = selectors.member_for(by=request.user, uid=uid)
    if request.method == "POST":
        services.leave_club(by=request.user, member=found)
        tell(request, _("The membership has ended, and the card works no longer."))
        return redirect("club")
    context = {
        "question": _("End this membership?"),
        "consequence": _(
            "Consent is taken back and the card stops at once. Level and noted visits are lost, and the "
            "birthday is deleted unless the customer agrees to calls or cards; whoever wants to may join "
            "again."
        ),
        "action": _("End the membership"),
        "back": reverse("club_member", args=(uid,)),
        "danger": True,
    }
    return render(request, "common/confirm.html", context)
