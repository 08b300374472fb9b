"""One customer: what is known, what they agreed to, what they bought and were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors import customer_card as card
from gracja.app.contacts.selectors import customers as selectors
from gracja.app.contacts.selectors.value import value_of
from gracja.app.contacts.services.customers import records
from gracja.app.gestures.calls.services.proposing import end_unwanted
from gracja.app.gestures.selectors.of_customer import gestures_of
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.web.customers.forms import CustomerForm, NewCustomerForm, NumberForm
from gracja.app.web.customers.shown import given, valued
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer

PURCHASES_AT_ONCE = 20
GESTURES_SHOWN = 20


@require_GET
def page(request: SignedIn, uid: str) -> HttpResponse:
    """What the reader may know: who serves sees consents, who reads customers sees their history too."""
    one = customer_or_404(request, uid)
    if one.uid != uid:
        return redirect("customer", one.uid)
    return _card(request, one, NumberForm())


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    """Somebody new."""
    _serving_or_404(request)
    form = NewCustomerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            new = records.add_customer(
                by=request.user,
                details=form.details,
                although_known=form.cleaned_data["although_known"],
                back_because=form.cleaned_data["back_because"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            tell(request, _("The customer is added."))
            return redirect("customer", new.uid)
    context = {"form": form, "back": reverse("customers")}
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, uid: str) -> HttpResponse:
    """Other particulars."""
    one = customer_or_404(request, uid)
    _serving_or_404(request)
    form = CustomerForm.of(one, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            records.change_customer(
                by=request.user,
                customer=one,
                details=form.details,
                although_known=form.cleaned_data["although_known"],
                back_because=form.cleaned_data["back_because"],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            end_unwanted(of=one)
            tell(request, _("Saved."))
            return redirect("customer", one.uid)
    context = {"form": form, "customer": one, "back": reverse("customer", args=(one.uid,))}
    return render(request, "customers/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def number(request: SignedIn, uid: str) -> HttpResponse:
    """How a till or a card names this customer."""
    one = customer_or_404(request, uid)
    _serving_or_404(request)
    form = NumberForm(request.POST)
    if form.is_valid():
        try:
            records.number_customer(by=request.user, customer=one, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            tell(request, _("The number is added."))
            return redirect("customer", one.uid)
    return _card(request, one, form, status=422)


@require_POST
def consent(request: SignedIn, uid: str) -> HttpResponse:
    """Given, or taken back, before the reader."""
    one = customer_or_404(request, uid)
    _serving_or_404(request)
    purpose = request.POST.get("purpose", "")
    try:
        if request.POST.get("given") == "yes":
            records.give_consent(by=request.user, customer=one, purpose=purpose)
            tell(request, _("The consent is written down with today’s date."))
        else:
            records.withdraw_consent(by=request.user, customer=one, purpose=purpose)
            end_unwanted(of=one)
            tell(request, _("The consent is withdrawn from now on."))
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    return redirect("customer", one.uid)


@require_GET
def value(request: SignedIn, uid: str) -> HttpResponse:
    """What they are likely to buy in a year: for whoever approves what another wants to give them."""
    one = customer_or_404(request, uid)
    if not (may(request.user, "customer.read") or may_somewhere(request.user, "gesture.approve")):
        raise Http404
    context = {"value": valued(value_of(by=request.user, customer=one), reader()), "customer": one}
    whole = "customers/value_page.html"
    return render(request, "customers/value.html" if request.headers.get("HX-Request") else whole, context)


@require_GET
def conversations(request: SignedIn, uid: str) -> HttpResponse:
    """Conversations of the last twelve months, as far as the reader may read them."""
    one = customer_or_404(request, uid)
    if not may(request.user, "customer.read"):
        raise Http404
    found = card.conversations_of(by=request.user, customer=one)
    return render(request, "customers/conversations.html", {"customer": one, "found": found})


def customer_or_404(request: SignedIn, uid: str) -> Customer:
    """The record, or that into which it was joined."""
    if not (may(request.user, "customer.read") or may_somewhere(request.user, "customer.find")):
        raise Http404
    try:
        return selectors.customer_for(by=request.user, uid=uid)
    except ObjectDoesNotExist:
        raise Http404 from None


def _card(request: SignedIn, one: Customer, form: NumberForm, *, status: int = 200) -> HttpResponse:
    by = request.user
    context: dict[str, Any] = {
        "customer": one,
        "form": form,
        "numbers": list(one.numbers.order_by("pk")),
        "consents": card.consents_by_purpose(one),
        "may_read": may(by, "customer.read"),
        "may_plan": any(may_somewhere(by, one) for one in ("gesture.grant", "gesture.approve")),
        "may_serve": _serves(request) and not one.erased_at,
        "may_manage": may(by, "customer.manage") and not one.erased_at,
        "may_erase": may(by, "customer.erase") and not one.erased_at,
    }
    if context["may_read"]:
        bought = card.bought_by(by=by, customer=one)
        purchases = Paginator(card.purchases_of(by=by, customer=one), PURCHASES_AT_ONCE)
        purchases.count = sum(each.times for each in bought)  # counted there already
        gestures = gestures_of(by=by, keys=selectors.keys_of(one))
        context |= {
            "bought": bought,
            "page": purchases.get_page(request.GET.get("page")),
            "gestures": [given(each, reader()) for each in gestures[:GESTURES_SHOWN]],
            "value": None if one.erased_at else valued(value_of(by=by, customer=one), reader()),
        }
    return render(request, "customers/card.html", context, status=status)


def _serves(request: SignedIn) -> bool:
    return may_somewhere(request.user, "customer.find") or may(request.user, "customer.manage")


def _serving_or_404(request: SignedIn) -> None:
    if not _serves(request):
        raise Http404
