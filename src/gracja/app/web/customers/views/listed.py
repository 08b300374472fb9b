"""The list of customers, and the counter's way to one of them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors import customers as selectors
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

AT_ONCE = 50
LONGEST = 200


@require_GET
def customers(request: SignedIn) -> HttpResponse:
    """Everybody, for who reads customers; for who serves them, the way to find one."""
    may_read = may(request.user, "customer.read")
    if not (may_read or may_somewhere(request.user, "customer.find")):
        raise Http404
    if not may_read:
        return render(request, "customers/find.html", {"given": ""})
    text = request.GET.get("text", "")[:LONGEST].strip()
    found = selectors.NamedFirst(selectors.customers(by=request.user, search=text))
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": selectors.with_numbers(page.object_list),
        "text": text,
        "here": "list",
        "may_manage": may(request.user, "customer.manage"),
        "may_add": may(request.user, "customer.manage") or may_somewhere(request.user, "customer.find"),
    }
    return render(request, "customers/list.html", context)


@require_POST
def find(request: SignedIn) -> HttpResponse:
    """The one customer whom a number, telephone or address names. By POST: it stands in no address or log."""
    if not may_somewhere(request.user, "customer.find"):
        raise Http404
    given = request.POST.get("given", "")[:LONGEST].replace("\0", "").strip()
    wrong = ""
    try:
        found = find_customer(by=request.user, given=given)
    except Refused as refused:
        found, wrong = None, say_refusal(refused.code, reader(), **refused.facts)
    if found is not None:
        return redirect("customer", found.uid)
    context = {"given": given, "wrong": wrong, "sought": True}
    return render(request, "customers/find.html", context, status=422)
