"""Second reviews: the list, one to be made, side by side with the first; asked for, given on, called off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.observations.selectors import second as selectors
from gracja.app.observations.selectors.visits import visit_of
from gracja.app.observations.services import second as services
from gracja.app.observations.services.drawing import set_share
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.web.observations.second_form import GiveForm, MarksForm, ShareForm
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.observations.models import SecondReview

AT_ONCE = 50


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Second reviews that the reader is to make, or may order; `?show=over`: those made and called off."""
    _or_404(request)
    over = request.GET.get("show") == "over"
    found = selectors.second_reviews_of(by=request.user, over=over)
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    rows = [
        (
            one,
            one.evaluator_id == request.user.person_id,
            may(request.user, "visit.plan", place=one.visit.place),
        )
        for one in page.object_list
    ]
    context = _frame(request) | {"page": page, "over": over, "rows": rows}
    return render(request, "observations/second.html", context | _drawn(request))


@require_http_methods(["GET", "POST"])
def review(request: SignedIn, uid: str) -> HttpResponse:
    """The form of one that the reader is to make, with what was said where it is kept. Once it is made, the
    same marks again are harmless.
    """
    asked = _mine(request, uid)
    if request.method == "GET" and asked.made_id is not None:
        return redirect("visit_beside", asked.visit.uid)
    form = MarksForm(request.POST if request.method == "POST" else None, review=asked)
    if form.is_valid():
        try:
            services.make_second_review(by=request.user, review=asked, marks=form.marks, blind=form.blind)
        except Refused as refused:
            form.refuse(refused)
        else:
            tell(request, _("Your second review is in. Here it is beside the first."))
            return redirect("visit_beside", asked.visit.uid)
    context = _frame(request) | {
        "review": asked,
        "visit": asked.visit,
        "form": form,
        "turns": selectors.words_to_review(by=request.user, review=asked),
    }
    return render(request, "observations/review.html", context, status=422 if form.is_bound else 200)


@require_GET
def sheet(request: SignedIn, uid: str) -> HttpResponse:
    """Its spreadsheet to fill in."""
    asked = _mine(request, uid)
    if asked.made_id is not None:
        raise Http404
    content = selectors.sheet_to_review(asked, reader())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.uid}.csv"'
    return response


@require_GET
def beside(request: SignedIn, uid: str) -> HttpResponse:
    """All marks of one contact side by side."""
    found = selectors.reviews_beside(by=request.user, uid=uid)
    if found is None:
        raise Http404
    context = {
        "found": found,
        "visit": found.visits[0],
        "own": found.visits[0].employee == request.user.person,
    }
    return render(request, "observations/beside.html", context)


@require_POST
def ask(request: SignedIn, uid: str) -> HttpResponse:
    """Ask somebody to review the contact of this visit once more."""
    shown = visit_of(by=request.user, uid=uid)
    if shown is None or not may(request.user, "visit.plan", place=shown.visit.place):
        raise Http404
    form = GiveForm(request.POST, people=selectors.reviewers_of(by=request.user, visit=shown.visit))
    if not form.is_valid():
        warn(request, _("Choose who is to review it a second time."))
        return redirect("visit", uid)
    try:
        services.ask_second_review(by=request.user, visit=shown.visit, evaluator=form.chosen)
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    else:
        tell(request, _("The second review is asked for: %(name)s.") % {"name": form.chosen.name})
    return redirect("visit", uid)


@require_http_methods(["GET", "POST"])
def give(request: SignedIn, uid: str) -> HttpResponse:
    """Give one that is still to be made to somebody else."""
    asked = _ordered(request, uid)
    people = selectors.reviewers_for(by=request.user, review=asked)
    form = GiveForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        try:
            services.give_second_review(by=request.user, review=asked, evaluator=form.chosen)
        except Refused as refused:
            form.add_error("evaluator", say_refusal(refused.code, reader(), **refused.facts))
        else:
            tell(request, _("The second review is asked for: %(name)s.") % {"name": form.chosen.name})
            return redirect("second_reviews")
    context = _frame(request) | {"review": asked, "visit": asked.visit, "form": form, "people": people}
    return render(request, "observations/give.html", context, status=422 if form.is_bound else 200)


@require_POST
def call_off(request: SignedIn, uid: str) -> HttpResponse:
    """It is not to be made any more."""
    try:
        services.call_off_second_review(by=request.user, review=_ordered(request, uid))
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    else:
        tell(request, _("The second review is called off."))
    return redirect("second_reviews")


@require_POST
def share(request: SignedIn) -> HttpResponse:
    """Say how many reviews are drawn for a second one."""
    if not may(request.user, "visit.plan"):
        raise Http404
    form = ShareForm(request.POST)
    if form.is_valid():
        set_share(by=request.user, share=float(form.cleaned_data["percent"]) / 100)
        tell(request, _("Saved."))
    else:
        warn(request, say_refusal("second_review_share_range", reader()))
    return redirect("second_reviews")


def _drawn(request: SignedIn) -> dict[str, Any]:
    drawn = selectors.share_drawn()
    whole = may(request.user, "visit.plan")
    form = ShareForm(initial={"percent": f"{100 * drawn:g}"}) if whole else None
    return {"drawn": drawn, "share_form": form}


def _frame(request: SignedIn) -> dict[str, Any]:
    return {"here": "second", "may_import": may_somewhere(request.user, "visit.import")}


def _mine(request: SignedIn, uid: str) -> SecondReview:
    """One that the reader is to make, or has made."""
    found = _asked(request, uid)
    if found.evaluator_id != request.user.person_id or found.called_off_at:
        raise Http404
    return found


def _ordered(request: SignedIn, uid: str) -> SecondReview:
    """One at a place where the reader orders visits."""
    found = _asked(request, uid)
    if not may(request.user, "visit.plan", place=found.visit.place):
        raise Http404
    return found


def _asked(request: SignedIn, uid: str) -> SecondReview:
    _or_404(request)
    found = selectors.second_review_for(by=request.user, uid=uid)
    if found is None:
        raise Http404
    return found


def _or_404(request: SignedIn) -> None:
    if not any(may_somewhere(request.user, one) for one in ("visit.import", "visit.plan")):
        raise Http404
