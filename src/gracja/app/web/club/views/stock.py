"""Shelves: what lies where, what came and went."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.app.gestures.club.selectors import stock as selectors
from gracja.app.gestures.club.services import stock as services
from gracja.app.organisation.access import may, require
from gracja.app.service_mode.selectors.where import place_at
from gracja.app.web.club.forms import MoveForm, refuse
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell

MOVES = {
    "received": services.receive_gifts,
    "damaged": services.write_off_gifts,
    "counted": services.count_gifts,
}


@require_safe
def places(request: SignedIn) -> HttpResponse:
    """The places where one gives; who has one place, or comes with a member, is at their own."""
    found = selectors.places_with_gifts(by=request.user)
    whom = request.GET.get("member", "")
    here = place_at(request.user, now()) if whom else None
    mine = [place for place, _few in found if len(found) == 1 or (here and place.pk == here.pk)]
    if mine:
        response = redirect("stock_place", mine[0].uid)
        response.headers["Location"] += request.META["QUERY_STRING"] and "?" + request.META["QUERY_STRING"]
        return response
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "member": whom, "may_manage": may(request.user, "gesture.manage")}
    return render(request, "club/stock.html", context)


@require_safe
def place(request: SignedIn, uid: str) -> HttpResponse:
    """Gifts of one place, few ones first; what was promised and waits."""
    here = selectors.place_with_gifts(by=request.user, uid=uid)
    shelves = sorted(selectors.shelves(here), key=lambda one: not one.low)
    context = {
        "place": here,
        "shelves": shelves,
        "few": sum(one.low for one in shelves),
        "promised": selectors.promised(here),
        "member": request.GET.get("member", ""),
        "may_change": selectors.may_change(by=request.user, place=here),
        "may_manage": may(request.user, "gesture.manage"),
        "may_read": may(request.user, "gesture.read"),
    }
    return render(request, "club/place.html", context)


@require_http_methods(["GET", "POST"])
def gift(request: SignedIn, uid: str, gift: str) -> HttpResponse:
    """What came and went of one gift; whoever keeps the stock enters more."""
    here = selectors.place_with_gifts(by=request.user, uid=uid)
    shelf = selectors.gift_at(place=here, uid=gift)
    if request.method == "POST":
        require(request.user, "gesture.approve", place=here)
    form = MoveForm(request.POST if request.method == "POST" else None, initial={"key": new_uid()})
    if form.is_valid():
        typed = form.cleaned_data
        move = MOVES[typed["kind"]]
        try:
            moved = move(by=request.user, gift=shelf.gift, place=here, count=typed["count"], key=typed["key"])
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Entered. On the shelf: %(n)s.") % {"n": moved.after})
            return redirect("stock_gift", uid, gift)
    page = Paginator(selectors.movements(shelf.gift, here), 50).get_page(request.GET.get("page"))
    context = {
        "place": here,
        "shelf": shelf,
        "form": form,
        "page": page,
        "who": selectors.who({one.by_key for one in page.object_list}),
        "may_change": selectors.may_change(by=request.user, place=here),
    }
    return render(request, "club/gift_at.html", context, status=422 if form.is_bound else 200)
