"""A gift handed over at the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.gestures.club.selectors import members, stock
from gracja.app.gestures.club.selectors.values import over_limit
from gracja.app.gestures.club.services.handing import (
    Handed,
    HandOver,
    hand_over_gift,
    hand_over_promised,
)
from gracja.app.gestures.club.services.members import scan_card
from gracja.app.web.club.forms import GiveForm, refuse
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer
    from gracja.app.gestures.club.models import Member


@require_http_methods(["GET", "POST"])
def give(request: SignedIn, uid: str, gift: str) -> HttpResponse:
    """To whom and why; then one leaves the shelf."""
    here = stock.place_with_gifts(by=request.user, uid=uid)
    shelf = stock.gift_at(place=here, uid=gift)
    member = _member(request)
    whom = members.customer_of(member) if member else None
    posted = request.POST if request.method == "POST" else None
    form = GiveForm(posted, initial={"key": new_uid()}, known=whom is not None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            customer = whom or _whom(request, typed["card"])
            wanted = HandOver(shelf.gift, here, customer, typed["reason"])
            handed = hand_over_gift(by=request.user, wanted=wanted, key=typed["key"])
        except Refused as refused:
            at = {code: field for code, field in form.AT.items() if field in form.fields}
            refuse(form, refused, at)
        else:
            _say(request, handed)
            return redirect("club_member", member.uid) if member else redirect("stock_place", uid)
    context = {
        "place": here,
        "shelf": shelf,
        "form": form,
        "member": member,
        "over": over_limit(whom, shelf.gift.currency, now(), more=shelf.gift.value_minor) if whom else None,
    }
    return render(request, "club/give.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def promised(request: SignedIn, uid: str, gesture: str) -> HttpResponse:
    """A gift that was promised before, now handed over."""
    here = stock.place_with_gifts(by=request.user, uid=uid)
    one, customer = stock.promised_for(by=request.user, place=here, uid=gesture)
    if request.method == "POST":
        handed = hand_over_promised(by=request.user, gesture=one.gesture, gift=one.gift, customer=customer)
        _say(request, handed)
        return redirect("stock_place", uid)
    context = {
        "question": _("Hand over “%(gift)s”?") % {"gift": one.gift.title[reader()]},
        "consequence": _("It leaves the shelf, and its value is spent from the budget."),
        "action": _("Hand it over"),
        "back": reverse("stock_place", args=(uid,)),
    }
    return render(request, "common/confirm.html", context)


def _member(request: SignedIn) -> Member | None:
    if not (uid := request.GET.get("member", "")):
        return None
    found = members.member_for(by=request.user, uid=uid)
    return found if found.left_at is None else None


def _whom(request: SignedIn, typed: str) -> Customer:
    """By the card, else by what else names exactly one customer. Raises Refused: card_unknown and others."""
    try:
        return members.customer_of(scan_card(by=request.user, given=typed))
    except Refused as refused:
        if refused.code not in ("card_unknown", "club_not_set_up"):
            raise
        if (found := find_customer(by=request.user, given=typed)) is None:
            raise Refused("gift_for_nobody") from None
        return found


def _say(request: SignedIn, handed: Handed) -> None:
    if handed.waits:
        tell(request, _("It waits for a second person’s yes. Nothing has left the shelf."))
        return
    tell(request, _("Handed over. One has left the shelf."))
    if handed.over:
        said = {
            "total": handed.over.total.in_words(reader()),
            "limit": handed.over.limit.in_words(reader()),
        }
        warn(
            request,
            _(
                "This customer’s gifts of this year are now worth %(total)s, above your company’s limit of "
                "%(limit)s. Tell whoever keeps the books."
            )
            % said,
        )
