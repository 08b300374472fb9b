"""A contact planned by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors.customers import consents_of, customer_for
from gracja.app.gestures.calls.selectors.calls import planned_for
from gracja.app.gestures.calls.services.planning import plan_contact
from gracja.app.web.calls import words
from gracja.app.web.calls.forms import refuse
from gracja.app.web.calls.planning_form import PlanForm
from gracja.app.web.calls.views.calls import only_who_gives
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """A contact that no rule proposes. Sending the same form twice plans one."""
    only_who_gives(request)
    customer = _asked(request)
    data = request.POST if request.method == "POST" else None
    consents = consents_of(customer) if customer else set()
    agreed = [one for one in words.WAYS if one in consents]
    reason, way = request.GET.get("reason", ""), agreed[0] if agreed else "call"
    form = PlanForm(data, by=request.user, customer=customer, reason=reason, way=way)
    if form.is_valid():
        try:
            call = plan_contact(by=request.user, planned=form.planned())
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Planned."))
            seen = call.owner_id == request.user.person_id or call.place_id
            return redirect("call", call.uid) if seen else redirect("calls")
    waiting = planned_for(customer, by=request.user) if customer else ()
    context = {
        "form": form,
        "customer": customer,
        "agreed": agreed,
        "planned": [(one, words.REASONS[one.reason], words.WAYS[one.way]) for one in waiting],
    }
    return render(request, "calls/new.html", context, status=422 if form.is_bound else 200)


def _asked(request: SignedIn) -> Customer | None:
    """The customer of whose page the link was. Raises Http404 where there is none, or they were erased."""
    uid = request.GET.get("customer", "")[:22]
    if not uid:
        return None
    try:
        found = customer_for(by=request.user, uid=uid)
    except (ObjectDoesNotExist, Refused):
        raise Http404 from None
    if found.erased_at:
        raise Http404
    return found
