"""Cases: the list, one of them, and what is done in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.recovery import selectors
from gracja.app.gestures.recovery.selectors import SHOWN, Sought
from gracja.app.gestures.recovery.services import cases as services
from gracja.app.gestures.recovery.services.cases import Happened, Remedy
from gracja.app.gestures.recovery.services.deadlines import change_deadlines
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.selectors.company import today_here
from gracja.app.organisation.selectors.places import places_to
from gracja.app.web.recovery import wordbook
from gracja.app.web.recovery.forms import CloseForm, DeadlinesForm, NoteForm, PromiseForm, refuse
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

AT_ONCE = 50


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """The cases that the reader may see, the most urgent first."""
    _only_who_serves(request)
    show = request.GET.get("show", "")
    sought = Sought(
        show=show if show in SHOWN else "waiting",
        place=request.GET.get("place", "")[:22],
        mine=request.GET.get("mine") == "1",
    )
    page = Paginator(selectors.cases(by=request.user, sought=sought), AT_ONCE).get_page(
        request.GET.get("page")
    )
    today, customers = today_here(), selectors.customers_of(one.customer_key for one in page)
    rows = [
        (one, customers.get(one.customer_key), one.waits and one.due_on < today, wordbook.STATES[one.state])
        for one in page
    ]
    month = selectors.cost_of_remedies(by=request.user, since=today.replace(day=1))
    context = {
        "page": page,
        "rows": rows,
        "sought": sought,
        "shown": wordbook.SHOWN.items(),
        "waiting": selectors.waiting(by=request.user),
        "places": places_to("gesture.approve", by=request.user).order_by("name"),
        "costs": [Money(minor, currency).in_words(reader()) for currency, minor in month],
        "may_manage": may(request.user, "gesture.manage"),
        "may_note": may_somewhere(request.user, "advice.ask"),
    }
    return render(request, "recovery/cases.html", context)


@require_http_methods(["GET", "POST"])
def note(request: SignedIn) -> HttpResponse:
    """A new case. Sending the same form twice notes it once."""
    if not may_somewhere(request.user, "advice.ask"):
        raise Http404
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        by=request.user,
        customer=request.GET.get("customer", "")[:200],
    )
    if form.is_valid():
        given = dict(form.cleaned_data)
        own = given.pop("own")
        try:
            case = services.note_case(by=request.user, happened=Happened(**given), own=own)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Noted."))
            return redirect("recovery_case", case.uid)
    return _answered(request, "recovery/note.html", form, {})


@require_GET
def case(request: SignedIn, uid: str) -> HttpResponse:
    """One case: what happened, what is done about it, and its history."""
    return _page(request, uid)


@require_POST
def give(request: SignedIn, uid: str) -> HttpResponse:
    """Somebody else sees to it."""
    one = selectors.case_for(by=request.user, uid=uid)
    owner = selectors.people_at(one.place).filter(uid=request.POST.get("owner", "")[:22]).first()
    if owner is None:
        warn(request, say_refusal("case_owner_elsewhere", reader()))
    else:
        services.give_case(by=request.user, case=one, owner=owner)
        tell(request, _("%(name)s sees to it now.") % {"name": owner.name})
    return redirect("recovery_case", uid)


@require_POST
def promise(request: SignedIn, uid: str) -> HttpResponse:
    """What is done for the customer."""
    one = selectors.case_for(by=request.user, uid=uid)
    form = PromiseForm.of(one, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            remedy = Remedy(given["what"], form.cost_given(), given["paid_from"])
            services.promise_remedy(by=request.user, case=one, remedy=remedy)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Promised."))
            return redirect("recovery_case", uid)
    return _page(request, uid, promise=form)


@require_POST
def close(request: SignedIn, uid: str) -> HttpResponse:
    """How it ended."""
    one = selectors.case_for(by=request.user, uid=uid)
    form = CloseForm(request.POST, prefix="close")
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.close_case(
                by=request.user,
                case=one,
                done=given["outcome"] == "done",
                answer=given["answer"],
                told=given["told"],
            )
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("The case is closed."))
            return redirect("recovery_case", uid)
    return _page(request, uid, close=form)


@require_POST
def told(request: SignedIn, uid: str) -> HttpResponse:
    """The customer knows now."""
    one = selectors.case_for(by=request.user, uid=uid)
    services.tell_customer(by=request.user, case=one)
    tell(request, _("It is noted that the customer was told."))
    return redirect("recovery_case", uid)


@require_http_methods(["GET", "POST"])
def deadlines(request: SignedIn) -> HttpResponse:
    """Within how many days cases are settled."""
    if not may(request.user, "gesture.manage"):
        raise Http404
    form = DeadlinesForm.of(selectors.deadlines(), request.POST if request.method == "POST" else None)
    if form.is_valid():
        change_deadlines(by=request.user, **form.cleaned_data)
        tell(request, _("Saved. Cases that wait keep their deadline."))
        return redirect("recovery")
    return _answered(request, "recovery/deadlines.html", form, {})


def _only_who_serves(request: SignedIn) -> None:
    if not any(may_somewhere(request.user, one) for one in ("advice.ask", "gesture.approve")):
        raise Http404


def _answered(request: SignedIn, template: str, form: forms.Form, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**context, "form": form}, status=422 if form.is_bound else 200)


def _page(
    request: SignedIn, uid: str, *, promise: PromiseForm | None = None, close: CloseForm | None = None
) -> HttpResponse:
    one = selectors.case_for(by=request.user, uid=uid)
    hand = selectors.may_settle(request.user, one)
    lead = may(request.user, "gesture.approve", place=one.place)
    waits = hand and one.waits
    wrong = promise or close
    outcome = "done" if one.state == "promised" else None
    context = {
        "case": one,
        "kind": wordbook.KINDS[one.kind],
        "state": wordbook.STATES[one.state],
        "told": wordbook.TOLD.get(one.told),
        "cost": one.cost.in_words(reader()) if one.cost else "",
        "part": selectors.part_of(one) if one.part else "",
        "customer": selectors.customers_of([one.customer_key]).get(one.customer_key),
        "overdue": one.waits and one.due_on < today_here(),
        "history": [(wordbook.STEPS[step.kind], step, *who) for step, *who in selectors.history(one)],
        "promise": (promise or PromiseForm.of(one)) if waits else None,
        "close": (close or CloseForm(prefix="close", initial={"outcome": outcome})) if waits else None,
        "may_contact": any(
            may_somewhere(request.user, name) for name in ("gesture.grant", "gesture.approve")
        ),
        "may_tell": hand and one.told == "not_yet",
        "owners": selectors.people_at(one.place).order_by("name") if lead and one.waits else (),
    }
    return render(request, "recovery/case.html", context, status=422 if wrong else 200)
