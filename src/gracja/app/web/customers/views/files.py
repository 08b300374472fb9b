"""Spreadsheets of purchases: given, mapped, tried, put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import MAX_BYTES
from gracja.app.contacts.selectors import purchase_files as reading
from gracja.app.contacts.selectors.purchase_files import beginning_of_file
from gracja.app.contacts.services.customers.files import imports as services
from gracja.app.organisation.access import may
from gracja.app.web.customers.forms import ColumnsForm, GivePurchases
from gracja.app.web.given_files import faults_as_csv, followed
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.contacts.models import PurchaseImport

AT_ONCE = 50


@require_http_methods(["GET", "POST"])
def files(request: SignedIn) -> HttpResponse:
    """The way to give a spreadsheet of purchases, and the files so far."""
    _or_404(request)
    form = GivePurchases(request.POST, request.FILES) if request.method == "POST" else GivePurchases()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            given = services.give_file(by=request.user, file_name=file.name, content=file.read(MAX_BYTES + 1))
        except Refused as refused:
            form.add_error("file", say_refusal(refused.code, reader(), **refused.facts))
        else:
            return redirect("purchase_file", given.uid)
    page = Paginator(reading.imports_of(by=request.user), AT_ONCE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "here": "files", "may_manage": True}
    return render(request, "customers/files.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def file(request: SignedIn, uid: str) -> HttpResponse:
    """One file: what its columns are, what would be added, what cannot be read; POST corrects the columns."""
    given = _given(request, uid)
    if given.state != "given":
        return _followed(request, given)
    if request.headers.get("HX-Request") and request.method == "GET":
        return HttpResponse(headers={"HX-Refresh": "true"})  # it was being looked at, and is no more
    try:
        sheet = beginning_of_file(given)
    except Refused as refused:
        return _followed(request, given, {"code": refused.code, "facts": refused.facts})
    form = ColumnsForm(given, sheet, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.map_columns(by=request.user, uid=uid, columns=form.columns)
        except Refused as refused:
            form.add_error(None, say_refusal(refused.code, reader(), **refused.facts))
        else:
            return redirect("purchase_file", uid)
    context = {
        "given": given,
        "found": given.outcome,
        "form": form,
        "faults": reading.shown_faults(given, reader()),
        "here": "files",
        "may_manage": True,
    }
    return render(request, "customers/file.html", context, status=422 if form.is_bound else 200)


@require_POST
def add(request: SignedIn, uid: str) -> HttpResponse:
    """Put in what can be read; where looking at the file failed, look again."""
    act = services.look_again if _given(request, uid).looking else services.add_purchases
    try:
        act(by=request.user, uid=uid)
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    return redirect("purchase_file", uid)


@require_POST
def drop(request: SignedIn, uid: str) -> HttpResponse:
    """Delete a file that was not put in."""
    given = _given(request, uid)
    try:
        services.drop_import(by=request.user, uid=uid)
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
        return redirect("purchase_file", uid)
    tell(request, _("The file “%(name)s” was deleted.") % {"name": given.file_name})
    return redirect("purchase_files")


@require_GET
def faults(request: SignedIn, uid: str) -> HttpResponse:
    """Everything that cannot be read in a file, as CSV."""
    given = _given(request, uid)
    return faults_as_csv(given, lambda one: say_refusal(one.code, reader(), **one.facts))


def _followed(
    request: SignedIn, given: PurchaseImport, unreadable: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"may_manage": True}
    return followed(request, given, room="customers", context=context, unreadable=unreadable)


def _given(request: SignedIn, uid: str) -> PurchaseImport:
    _or_404(request)
    found = reading.imports_of(by=request.user).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def _or_404(request: SignedIn) -> None:
    if not may(request.user, "customer.manage"):
        raise Http404
