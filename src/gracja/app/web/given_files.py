"""Pages of a spreadsheet that was given: how far it is, and everything in it that cannot be read, as CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gracja.app.common.kept_sheets import Fault, faults_of
from gracja.app.common.spreadsheet import write_sheet
from gracja.app.web.request import SignedIn

if TYPE_CHECKING:
    from gracja.app.contacts.models import PurchaseImport
    from gracja.app.observations.models import VisitImport


def followed(
    request: SignedIn,
    given: PurchaseImport | VisitImport,
    *,
    room: str,
    context: dict[str, Any],
    unreadable: dict[str, Any] | None = None,
) -> HttpResponse:
    """How far it is, what came of it, or why nothing did. room: whose templates. unreadable: why the file
    cannot be read any longer, so that trying again would not help.
    """
    under_way = given.under_way
    if given.state == "failed" and given.trouble.get("code") == given.GONE:
        unreadable = given.trouble
    context |= {
        "given": given,
        "found": given.outcome,
        "under_way": under_way,
        "unreadable": unreadable,
        "here": "files",
    }
    fragment = bool(request.headers.get("HX-Request"))
    if fragment and under_way:
        return render(request, f"{room}/file_state.html", context)
    response = render(request, f"{room}/file_done.html", context)
    if fragment:
        response.headers["HX-Refresh"] = "true"
    return response


def faults_as_csv(given: PurchaseImport | VisitImport, sentence_of: Callable[[Fault], str]) -> HttpResponse:
    """Every row that cannot be used, with what to do about it."""
    rows: list[tuple[object, ...]] = [(_("Line"), _("Column"), _("Value"), _("What to do"))]
    rows += [(one.line, one.column, one.value, sentence_of(one)) for one in faults_of(given)]
    response = HttpResponse(write_sheet(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="faults-{given.uid}.csv"'
    return response
