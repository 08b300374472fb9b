"""Codes at the till: what one gives, and its use for a purchase."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.selectors.given import currency_at, granting_places
from gracja.app.gestures.services.redeeming import Redeemable, check_code, redeem_code
from gracja.app.gestures.terms import TermsDocument
from gracja.app.organisation.access import may_somewhere
from gracja.app.service_mode.selectors.where import place_at
from gracja.app.web.giving import wordbook
from gracja.app.web.giving.forms import Till
from gracja.app.web.request import SignedIn

# Which field a refusal is about
_OF_PURCHASE = (
    *("purchase_too_small", "currency_of_another_place", "amount_unreadable", "amount_too_fine"),
    *("amount_out_of_range", "purchase_missing"),
)


@require_http_methods(["GET", "POST"])
def till(request: SignedIn) -> HttpResponse:
    """Check a code, or use it. The form's key makes a sale that is sent twice one sale."""
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    try:
        found, used, paid = _taken(request, form)
    except Refused as refused:
        field = "purchase" if refused.code in _OF_PURCHASE else "code"
        form.add_error(field, wordbook.why_refused(refused))
        return _page(request, form, status=409)
    return _page(request, form, _shown(found, used=used, paid=paid))


def _taken(request: SignedIn, form: Till) -> tuple[Redeemable, bool, Money | None]:
    by, place, given = request.user, form.place_chosen, form.cleaned_data["code"]
    use = request.POST.get("do") == "redeem"
    currency = currency_at(place)
    if not use:
        good = check_code(by=by, place=place, given=given)
        purchase = form.amount_in(currency or good.code.gesture.currency)
        return check_code(by=by, place=place, given=given, purchase=purchase), False, purchase
    currency = currency or check_code(by=by, place=place, given=given).code.gesture.currency
    purchase = form.amount_in(currency)
    if purchase is None:
        check_code(by=by, place=place, given=given)  # a used code is said before a missing amount
        raise Refused("purchase_missing")
    key = f"page {by.person.key} {form.cleaned_data['key']}"[:64]
    return redeem_code(by=by, place=place, given=given, purchase=purchase, key=key), True, purchase


def _form(request: SignedIn) -> Till:
    if not may_somewhere(request.user, "gesture.grant"):
        raise Refused("not_permitted", permission="gesture.grant")
    places = list(granting_places(by=request.user))
    at = place_at(request.user, now())
    here = at if at in places else next(iter(places), None)
    return Till(request.POST if request.method == "POST" else None, places=places, here=here)


def _shown(good: Redeemable, *, used: bool, paid: Money | None) -> dict[str, Any]:
    gesture = good.code.gesture
    terms = TermsDocument.model_validate(gesture.terms.document)
    to_pay = Money(paid.minor - good.off.minor, paid.currency) if paid and good.off else None
    return {
        "good": good,
        "used": used,
        "title": wordbook.title_of(terms),
        "gives": wordbook.discount_in_words(good.discount, gesture.currency),
        "least": wordbook.amount(Money(good.discount.above_minor, gesture.currency))
        if good.discount.above_minor
        else "",
        "off": wordbook.amount(good.off) if good.off else "",
        "to_pay": wordbook.amount(to_pay) if to_pay else "",
        "until": gesture.expires_at,
        "granted_at": gesture.place.name,
    }


def _page(
    request: SignedIn, form: Till, found: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "giving/till.html", {"form": form, "found": found}, status=status)
