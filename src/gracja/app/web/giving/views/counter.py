"""For the customer at the counter: who it is, what is open to them, and one tap to grant it.

The counter's page asks for fragments; without its script the same addresses are pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gracja.app.common.clock import now
from gracja.app.common.money import Money, money
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.app.contacts.selectors.named import customer_named
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.gestures.club.selectors.members import customer_of
from gracja.app.gestures.club.selectors.stock import gift_to_give
from gracja.app.gestures.club.services.handing import HandOver, promise_gift
from gracja.app.gestures.club.services.members import scan_card
from gracja.app.gestures.selectors.given import gesture_for, granting_places
from gracja.app.gestures.selectors.offers import Offer, Offers, policy_named
from gracja.app.gestures.services.offering import grant_offer, offer_gestures
from gracja.app.gestures.wish import Wish
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.selectors.places import place_for
from gracja.app.service_mode.selectors.asking import rules_readable
from gracja.app.service_mode.selectors.where import place_at
from gracja.app.web.giving.forms import Find, told_by
from gracja.app.web.giving.showing import offers_shown, row_of
from gracja.app.web.giving.wordbook import why_refused
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.texts import in_language

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer
    from gracja.app.organisation.models import Place, User


@require_http_methods(["GET", "POST"])
def giving(request: SignedIn) -> HttpResponse:
    """Ask for a customer's number; show what is open to them here."""
    form = find_form(request)
    if not form.is_valid():
        return _page(request, {"form": form}, status=422 if form.is_bound else 200)
    try:
        customer = _whom(request.user, form.cleaned_data["number"])
    except Refused as refused:
        form.add_error("number", why_refused(refused))
        return _page(request, {"form": form}, status=409)
    if customer is None:
        form.add_error("number", _("Nobody is found by this, or more than one. Ask for another number."))
        return _page(request, {"form": form}, status=422)
    place = form.place_chosen
    found = offer_gestures(by=request.user, place=place, customer=customer, told=told_by(request.POST))
    return _page(request, _offered(request, place, customer, found) | {"form": form})


@require_POST
def grant(request: SignedIn) -> HttpResponse:
    """Grant what was tapped. The form's key makes a second tap the same gesture."""
    by, given = request.user, request.POST
    place = place_for("gesture.grant", by=by, uid=given.get("place", ""))
    customer = customer_named(by=by, uid=given.get("customer", ""))
    if customer is None:
        raise Http404
    chosen, _dot, one_gift = given.get("policy", "").partition(".")
    policy = policy_named(by=by, uid=chosen)
    gift = gift_to_give(policy=policy, uid=one_gift) if one_gift else None
    told = told_by(given)
    found = offer_gestures(by=by, place=place, customer=customer, told=told)
    offer = next((one for one in found.offers if one.policy == policy), None)
    try:
        cost = gift.value if gift else _cost(offer, given.get("amount", ""))
        reason, key = _reason(by, offer, cost, given), given.get("key", "") or new_uid()
        if gift:
            wanted = HandOver(gift, place, customer, reason, told=told)
            gesture = promise_gift(by=by, wanted=wanted, key=key)
        else:
            wish = Wish(policy, place, customer, reason, cost, told=told)
            gesture = grant_offer(by=by, wish=wish, key=key)
    except Refused as refused:
        context = _offered(request, place, customer, found) | {
            "refused": why_refused(refused),
            "typed": {"reason": given.get("reason", ""), "amount": given.get("amount", "")},
            "form": find_form(request, again=True),
        }
        return _page(request, context, status=409)
    if request.htmx:
        row = row_of(gesture_for(by=by, uid=gesture.uid))
        return render(request, "giving/granted.html", {"row": row})
    return redirect("gesture", gesture.uid)


def _whom(by: User, typed: str) -> Customer | None:
    """By the club's card, else by what else names exactly one customer."""
    try:
        return customer_of(scan_card(by=by, given=typed))
    except Refused as refused:
        if refused.code not in ("card_unknown", "club_not_set_up"):
            raise
    return find_customer(by=by, given=typed)


def find_form(request: SignedIn, *, again: bool = False) -> Find:
    """Raises Refused: not_permitted, for whoever grants nothing anywhere."""
    by = request.user
    if not may_somewhere(by, "gesture.grant"):
        raise Refused("not_permitted", permission="gesture.grant")
    places = list(granting_places(by=by))
    at = place_at(by, now())
    here = at if at in places else next(iter(places), None)
    bound = request.POST if request.method == "POST" and not again else None
    return Find(bound, places=places, here=here)


def _page(request: SignedIn, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    template = "giving/offers.html" if request.htmx else "giving/giving.html"
    return render(request, template, context, status=status)


def _offered(request: SignedIn, place: Place, customer: Customer, found: Offers) -> dict[str, Any]:
    told = told_by(request.POST)
    return offers_shown(found, place) | {
        "customer": customer,
        "place": place,
        "key": new_uid(),
        "band": told.get("band", ""),
        "cues": told.get("cues", ()),
    }


def _cost(offer: Offer | None, typed: str) -> Money | None:
    """Another amount than usual, where one was typed; of what is not offered, nothing."""
    return money(typed, offer.cost.currency) if offer and typed.strip() else None


def _reason(by: User, offer: Offer | None, cost: Money | None, given: Any) -> str:
    """What was typed; else what was tapped of the situation. A second person needs words of one's own."""
    typed: str = given.get("reason", "").strip()
    if typed or offer is None:
        return typed or _("At the counter")
    limit = offer.terms.approve_above_minor
    if limit is not None and (cost or offer.cost).minor > limit:
        return ""
    known = {one.cue: in_language(one.title, reader()) for one in rules_readable(by=by).cues}
    tapped = [known[one] for one in given.getlist("cue") if one in known]
    return _("At the counter: %(cues)s") % {"cues": ", ".join(tapped)} if tapped else _("At the counter")
