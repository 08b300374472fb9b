"""What customers were given in a year, for the books."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gracja.app.common.spreadsheet import write_sheet
from gracja.app.gestures.club.selectors import values as selectors
from gracja.app.gestures.club.services.limits import set_limit
from gracja.app.organisation.access import may, require
from gracja.app.web.club.forms import LimitForm
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell


@require_http_methods(["GET", "POST"])
def year(request: SignedIn) -> HttpResponse:
    """Customers by the value of their gifts; the company's limit beside it."""
    of_year = _year(request.GET.get("year", ""))
    found = selectors.yearly_values(by=request.user, year=of_year)
    if request.method == "POST":
        require(request.user, "gesture.manage")
    form = LimitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        set_limit(by=request.user, amount=form.cleaned_data["amount"])
        tell(request, _("The limit is saved."))
        return redirect("gift_values")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "year": of_year,
        "before": of_year - 1 if of_year > selectors.FIRST_YEAR else None,
        "after": of_year + 1 if of_year < selectors.year_now() else None,
        "page": page,
        "rows": selectors.rows(list(page.object_list)),
        "limits": selectors.limits(by=request.user),
        "form": form,
        "may_manage": may(request.user, "gesture.manage"),
    }
    return render(request, "club/values.html", context, status=422 if form.is_bound else 200)


@require_safe
def as_csv(request: SignedIn, of_year: int) -> HttpResponse:
    """The whole year as a sheet."""
    if not selectors.FIRST_YEAR <= of_year <= selectors.LAST_YEAR:
        raise Http404
    rows = selectors.rows(list(selectors.yearly_values(by=request.user, year=of_year)))
    said = {"over": _("over the limit"), "near": _("near the limit"), "below": _("below the limit")}
    head = [_("Year"), _("Customer"), _("Gifts"), _("Value"), _("Currency"), _("Limit")]
    lines = [
        [
            of_year,
            row.customer_key,
            row.gifts,
            row.value.decimal,
            row.value.currency,
            said.get(row.state, "–"),
        ]
        for row in rows
    ]
    response = HttpResponse(write_sheet([head, *lines]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="gifts-{of_year}.csv"'
    return response


def _year(typed: str) -> int:
    number = int(typed) if typed.isdecimal() and len(typed) == 4 else selectors.year_now()
    return min(max(number, selectors.FIRST_YEAR), selectors.LAST_YEAR)
