"""Budgets: a month of all places, one with its ledger; opened, changed, copied."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gracja.app.common.refused import Refused
from gracja.app.gestures.selectors import budgets as selectors
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services import budgets as services
from gracja.app.organisation.access import require
from gracja.app.organisation.selectors.company import today_here
from gracja.app.organisation.selectors.places import place_for, places_to
from gracja.app.web.gestures.amounts import typed
from gracja.app.web.gestures.budget_forms import ChangeBudget, OpenBudget
from gracja.app.web.gestures.frame import show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.organisation.models import User

AT_ONCE: Final = 50
_YEARS: Final = range(2000, 2200)
_AT: Final = {"budget_for_region": "place", "period_backwards": "last_day", "budget_overlaps": "first_day"}


def month_asked(given: str) -> date:
    """The first day of a month such as `2026-11`; of this month where it is none, or beyond all books."""
    this = today_here().replace(day=1)
    try:
        asked = date.fromisoformat(f"{given}-01")
    except ValueError:
        return this
    return asked if asked.year in _YEARS else this


@require_safe
def budgets(request: SignedIn) -> HttpResponse:
    """A month: what every place has, spent, and has left."""
    first = month_asked(request.GET.get("month", ""))
    last = first.replace(day=monthrange(first.year, first.month)[1])
    rows = selectors.budgets_between(by=request.user, first=first, last=last)
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": last + timedelta(days=1),
        "page": page,
        "sums": selectors.sums_of(rows),
        "wrong": proof(list(page)),
        "without": selectors.places_without_budget(by=request.user, day=min(last, max(first, today_here()))),
    }
    return show(request, "budgets", "gesture_budgets", context)


@require_safe
def budget(request: SignedIn, uid: str) -> HttpResponse:
    """One budget and its ledger, newest first."""
    kept = selectors.budget(by=request.user, uid=uid)
    page = Paginator(selectors.entries_of(kept), AT_ONCE).get_page(request.GET.get("page"))
    context = {"budget": kept, "page": page, "wrong": proof([kept])}
    return show(request, "budget", "gesture_budgets", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_budget(request: SignedIn) -> HttpResponse:
    """Open one. What was typed stays where it is refused."""
    require(request.user, "gesture.manage")
    places = places_to("gesture.manage", by=request.user).exclude(kind="region").order_by("name")
    form = OpenBudget(
        request.POST if request.method == "POST" else None,
        places=places,
        month=month_asked(request.GET.get("month", "")),
        currency=_currency(by=request.user),
        place=request.GET.get("place", ""),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        place = place_for("gesture.manage", by=request.user, uid=given.pop("place"))
        given.pop("currency")
        try:
            made = services.open_budget(by=request.user, place=place, **given)
        except Refused as refused:
            _refuse(form, refused)
        else:
            tell(request, _("Opened. Gestures at %(place)s can be given from it.") % {"place": place.name})
            return redirect(f"{reverse('gesture_budgets')}?month={made.first_day:%Y-%m}")
    return show(request, "budget_form", "gesture_budgets", {"places": places}, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_budget(request: SignedIn, uid: str) -> HttpResponse:
    """Raise or lower it; never below what is promised."""
    kept = selectors.budget(by=request.user, uid=uid)
    require(request.user, "gesture.manage")
    form = ChangeBudget(
        request.POST if request.method == "POST" else None,
        currency=kept.currency,
        initial={"amount": typed(kept.amount_minor, kept.currency)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_budget(by=request.user, budget=kept, amount=form.cleaned_data["amount"])
        except Refused as refused:
            _refuse(form, refused)
        else:
            tell(request, _("Saved."))
            return redirect("gesture_budget", kept.uid)
    return show(request, "budget_form", "gesture_budgets", {"budget": kept}, form=form)


@require_POST
def copy_budgets(request: SignedIn) -> HttpResponse:
    """What each place had in the month before, for this month too."""
    month = month_asked(request.POST.get("month", ""))
    try:
        copied = services.copy_budgets(by=request.user, month=month)
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    else:
        n = len(copied.made)
        told = ngettext("%(n)s budget opened.", "%(n)s budgets opened.", n) % {"n": n}
        tell(request, told if n else _("Every place has its budget for this month already."))
    return redirect(f"{reverse('gesture_budgets')}?month={month:%Y-%m}")


def _currency(*, by: User) -> str:
    """The one that budgets are in already; the złoty before the first."""
    found = selectors.budgets(by=by).order_by("-pk").values_list("currency", flat=True).first()
    return found or "PLN"


def _refuse(form: forms.Form, refused: Refused) -> None:
    if refused.code == "not_permitted":
        raise refused
    at: Any = _AT.get(refused.code, "amount")
    form.add_error(at if at in form.fields else None, say_refusal(refused.code, reader(), **refused.facts))
