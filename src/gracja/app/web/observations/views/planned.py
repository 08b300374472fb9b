"""Visits that are ordered: the list, a new one, its sheet to fill in, and calling it off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.observations.selectors import planned as selectors
from gracja.app.observations.services import planned as services
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.selectors.company import today_here
from gracja.app.web.observations.planned_form import OrderForm
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.observations.models import PlannedVisit

AT_ONCE = 50


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Visits that the reader is to make, or ordered; `?show=made`: those made and called off."""
    _or_404(request)
    made = request.GET.get("show") == "made"
    found = selectors.plans_of(by=request.user, made=made)
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    plans = list(page.object_list)
    visits, today = selectors.visits_made(plans) if made else {}, today_here()
    context = _frame(request) | {
        "page": page,
        "made": made,
        "rows": [
            (
                one,
                visits.get(one.number),
                not made and one.due_on < today,
                may(request.user, "visit.plan", place=one.place),
            )
            for one in plans
        ],
    }
    return render(request, "observations/planned.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Order one."""
    if not may_somewhere(request.user, "visit.plan"):
        raise Http404
    form = OrderForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        try:
            plan = services.plan_visit(by=request.user, order=form.order())
        except Refused as refused:
            form.refuse(refused)
        else:
            tell(request, _("The visit %(number)s is ordered.") % {"number": plan.number})
            return redirect("planned_visits")
    context = _frame(request) | {"form": form}
    return render(request, "observations/order.html", context, status=422 if form.is_bound else 200)


@require_GET
def sheet(request: SignedIn, uid: str) -> HttpResponse:
    """Its spreadsheet to fill in, with the visit's number."""
    plan = _plan(request, uid)
    response = HttpResponse(selectors.sheet_of(plan, reader()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{plan.number}.csv"'
    return response


@require_POST
def call_off(request: SignedIn, uid: str) -> HttpResponse:
    """It is not to be made any more."""
    plan = _plan(request, uid)
    if not may(request.user, "visit.plan", place=plan.place):
        raise Http404
    try:
        services.call_off_visit(by=request.user, plan=plan)
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    else:
        tell(request, _("The visit %(number)s is called off.") % {"number": plan.number})
    return redirect("planned_visits")


def _frame(request: SignedIn) -> dict[str, Any]:
    return {
        "here": "planned",
        "may_import": may_somewhere(request.user, "visit.import"),
        "may_plan": may_somewhere(request.user, "visit.plan"),
    }


def _plan(request: SignedIn, uid: str) -> PlannedVisit:
    _or_404(request)
    plan = selectors.plan_for(by=request.user, uid=uid)
    if plan is None:
        raise Http404
    return plan


def _or_404(request: SignedIn) -> None:
    if not any(may_somewhere(request.user, one) for one in ("visit.import", "visit.plan")):
        raise Http404
