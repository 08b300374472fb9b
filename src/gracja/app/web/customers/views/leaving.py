"""What leaves: two records that become one, all that is known for the customer, the customer themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors import customers as selectors
from gracja.app.contacts.selectors.merging import preview_of
from gracja.app.gestures.selectors.of_customer import open_gestures_of
from gracja.app.operations.erasure import erase_customer
from gracja.app.operations.export import export_customer
from gracja.app.operations.joining import merge_customers
from gracja.app.organisation.access import may
from gracja.app.web.customers.shown import called, merged
from gracja.app.web.customers.views.customer import customer_or_404
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer

MOST_FOUND = 10


@require_http_methods(["GET", "POST"])
def merge(request: SignedIn, uid: str) -> HttpResponse:
    """Find the other record, see what would be kept of both, join them."""
    one = customer_or_404(request, uid)
    _or_404(request, "customer.manage")
    asked = request.POST if request.method == "POST" else request.GET
    other = _other(request, one, asked.get("other", ""))
    if request.method == "POST" and other is not None:
        try:
            merge_customers(by=request.user, kept=one, other=other)
        except Refused as refused:
            warn(request, say_refusal(refused.code, reader(), **refused.facts))
        else:
            tell(request, _("Both records are one now."))
            return redirect("customer", one.uid)
    text = asked.get("text", "")[:200].strip()
    found = selectors.customers(by=request.user, search=text).exclude(pk=one.pk)[:MOST_FOUND] if text else ()
    context: dict[str, Any] = {"customer": one, "text": text, "other": other}
    context["found"] = selectors.with_numbers(found)
    if other is not None:
        context["preview"] = merged(preview_of(kept=one, other=other))
    return render(request, "customers/merge.html", context)


@require_GET
def export(request: SignedIn, uid: str) -> HttpResponse:
    """All that is kept of them, as JSON."""
    one = customer_or_404(request, uid)
    _or_404(request, "customer.read")
    known = export_customer(by=request.user, customer=one)
    response = JsonResponse(known, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="customer-{one.uid}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def erase(request: SignedIn, uid: str) -> HttpResponse:
    """Erase who it is. Irreversible: the page names the customer and what becomes of open gestures."""
    one = customer_or_404(request, uid)
    _or_404(request, "customer.erase")
    back = reverse("customer", args=(one.uid,))
    if request.method == "POST":
        try:
            erase_customer(by=request.user, customer=one)
        except Refused as refused:
            warn(request, say_refusal(refused.code, reader(), **refused.facts))
            return redirect(back)
        tell(request, _("The customer is erased. Purchases stay as amounts that lead to nobody."))
        return redirect("customers")
    context = {
        "question": _("Erase the customer %(name)s?") % {"name": called(one)},
        "consequence": _consequence(open_gestures_of(selectors.keys_of(one))),
        "action": _("Erase for ever"),
        "back": back,
        "danger": True,
    }
    return render(request, "common/confirm.html", context)


def _consequence(open_gestures: int) -> str:
    said = _(
        "Name, telephone, e-mail, birthday, numbers and consents are erased for ever, and conversations with "
        "them leave the archive. Purchases and gestures stay as amounts under a key that leads to nobody. "
        "Files of purchases that wait and name them are deleted. This cannot be taken back."
    )
    if not open_gestures:
        return said
    back = ngettext(
        "One gesture is still open: it ends, and its money goes back to the budget.",
        "%(n)s gestures are still open: they end, and their money goes back to the budgets.",
        open_gestures,
    ) % {"n": open_gestures}
    return f"{back} {said}"


def _other(request: SignedIn, one: Customer, uid: str) -> Customer | None:
    if not uid:
        return None
    other = customer_or_404(request, uid)
    if other.pk == one.pk:
        warn(request, say_refusal("customer_merges_with_itself", reader()))
        return None
    return other


def _or_404(request: SignedIn, permission: str) -> None:
    if not may(request.user, permission):
        raise Http404
