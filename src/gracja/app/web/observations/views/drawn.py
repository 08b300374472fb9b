"""Conversations drawn for review: the list, the draw, one to be marked; given on, called off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.observations.selectors import drawn as selectors
from gracja.app.observations.services import drawn as services
from gracja.app.observations.services.lot import draw_reviews
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.web.observations.drawn_form import DrawForm
from gracja.app.web.observations.second_form import GiveForm, MarksForm
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.observations.models import DrawnReview
    from gracja.app.observations.services.lot import Lot

AT_ONCE = 50


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Conversations that the reader is to review, or may order; `?show=over`: those made and called off."""
    _or_404(request)
    over = request.GET.get("show") == "over"
    found = selectors.drawn_reviews_of(by=request.user, over=over)
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    rows = [
        (
            one,
            one.evaluator_id == request.user.person_id,
            may(request.user, "visit.plan", place=one.place),
        )
        for one in page.object_list
    ]
    context = _frame(request) | {"page": page, "over": over, "rows": rows}
    return render(request, "observations/drawn.html", context)


@require_http_methods(["GET", "POST"])
def draw(request: SignedIn) -> HttpResponse:
    """Draw some, for the evaluators to mark."""
    if not may(request.user, "visit.plan"):
        raise Http404
    form = DrawForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        try:
            lot = draw_reviews(by=request.user, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            _tell(request, lot)
            return redirect("drawn_reviews")
    context = _frame(request) | {"form": form}
    return render(request, "observations/draw.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def review(request: SignedIn, uid: str) -> HttpResponse:
    """The form of one that the reader is to make, beside what was said. Once it is made, the same marks again
    are harmless.
    """
    drawn = _mine(request, uid)
    if request.method == "GET" and drawn.made is not None:
        return redirect("visit", drawn.made.uid)
    form = MarksForm(request.POST if request.method == "POST" else None, review=drawn, asks=False)
    if form.is_valid():
        try:
            services.make_review(by=request.user, review=drawn, marks=form.marks)
        except Refused as refused:
            form.refuse(refused)
        else:
            tell(request, _handed_in(selectors.left_to_review(by=request.user)))
            return redirect("drawn_reviews")
    context = _frame(request) | {
        "visit": drawn,
        "form": form,
        "turns": selectors.words_drawn(by=request.user, review=drawn),
        "left": selectors.left_to_review(by=request.user),
    }
    return render(request, "observations/drawn_review.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def give(request: SignedIn, uid: str) -> HttpResponse:
    """Give one that is still to be made to somebody else."""
    drawn = _ordered(request, uid)
    people = selectors.drawn_reviewers_for(by=request.user, review=drawn)
    form = GiveForm(request.POST if request.method == "POST" else None, people=people)
    form.fields["evaluator"].label = _("Evaluator")
    if form.is_valid():
        try:
            services.give_review(by=request.user, review=drawn, evaluator=form.chosen)
        except Refused as refused:
            form.add_error("evaluator", say_refusal(refused.code, reader(), **refused.facts))
        else:
            tell(request, _("The conversation is given to %(name)s.") % {"name": form.chosen.name})
            return redirect("drawn_reviews")
    context = _frame(request) | {"review": drawn, "visit": drawn, "form": form, "people": people}
    return render(request, "observations/give_drawn.html", context, status=422 if form.is_bound else 200)


@require_POST
def call_off(request: SignedIn, uid: str) -> HttpResponse:
    """It is not to be made any more."""
    try:
        services.call_off_review(by=request.user, review=_ordered(request, uid))
    except Refused as refused:
        warn(request, say_refusal(refused.code, reader(), **refused.facts))
    else:
        tell(request, _("The review is called off."))
    return redirect("drawn_reviews")


def _tell(request: SignedIn, lot: Lot) -> None:
    said = ngettext(
        "%(n)s conversation is drawn, out of %(every)s.",
        "%(n)s conversations are drawn, out of %(every)s.",
        len(lot.reviews),
    )
    tell(request, said % {"n": len(lot.reviews), "every": lot.population})
    if lot.given_to_nobody:
        said = ngettext(
            "For %(n)s of them nobody could be found. Give it to somebody.",
            "For %(n)s of them nobody could be found. Give them to somebody.",
            lot.given_to_nobody,
        )
        warn(request, said % {"n": lot.given_to_nobody})
    if lot.nowhere:
        said = ngettext(
            "%(n)s more conversation belongs to no place of yours and could not be drawn. "
            "Say whose it is under Conversations.",
            "%(n)s more conversations belong to no place of yours and could not be drawn. "
            "Say whose they are under Conversations.",
            lot.nowhere,
        )
        warn(request, said % {"n": lot.nowhere})


def _handed_in(left: int) -> str:
    if not left:
        return _("Your review is in. There is none left for you.")
    said = ngettext(
        "Your review is in. %(n)s more is for you.", "Your review is in. %(n)s more are for you.", left
    )
    return said % {"n": left}


def _frame(request: SignedIn) -> dict[str, Any]:
    return {
        "here": "drawn",
        "may_import": may_somewhere(request.user, "visit.import"),
        "may_draw": may(request.user, "visit.plan"),
    }


def _mine(request: SignedIn, uid: str) -> DrawnReview:
    """One that the reader is to make, or has made."""
    found = _drawn(request, uid)
    if found.evaluator_id != request.user.person_id or found.called_off_at:
        raise Http404
    return found


def _ordered(request: SignedIn, uid: str) -> DrawnReview:
    """One at a place where the reader orders visits."""
    found = _drawn(request, uid)
    if not may(request.user, "visit.plan", place=found.place):
        raise Http404
    return found


def _drawn(request: SignedIn, uid: str) -> DrawnReview:
    _or_404(request)
    found = selectors.drawn_review_for(by=request.user, uid=uid)
    if found is None:
        raise Http404
    return found


def _or_404(request: SignedIn) -> None:
    if not any(may_somewhere(request.user, one) for one in ("visit.import", "visit.plan")):
        raise Http404
