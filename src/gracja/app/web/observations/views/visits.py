"""The list of visits, and one of them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gracja.app.observations.selectors.second import reviewers_of, second_review_of
from gracja.app.observations.selectors.visits import counted, places_to_ask, visit_of, visits_of
from gracja.app.organisation.access import may_somewhere
from gracja.app.web.observations.second_form import GiveForm
from gracja.app.web.request import SignedIn

AT_ONCE = 50


@require_GET
def visits(request: SignedIn) -> HttpResponse:
    """Visits that the reader may see, newest first."""
    asked = {name: request.GET.get(name, "")[:80] for name in ("place", "named")}
    found = visits_of(by=request.user, place_uid=asked["place"], named=asked["named"])
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    return render(
        request,
        "observations/visits.html",
        {
            "page": page,
            "rows": counted(page.object_list),
            "asked": asked,
            "places": places_to_ask(by=request.user),
            "may_import": may_somewhere(request.user, "visit.import"),
            "here": "list",
        },
    )


@require_GET
def visit(request: SignedIn, uid: str) -> HttpResponse:
    """One visit with its marks, in the order of the sequence."""
    shown = visit_of(by=request.user, uid=uid)
    if shown is None:
        raise Http404
    visit, by = shown.visit, request.user
    asked = second_review_of(by=by, visit=visit)
    reviewers = [] if asked or shown.marked_too else reviewers_of(by=by, visit=visit)
    context = {
        "shown": shown,
        "visit": visit,
        "own": visit.employee == by.person,
        "asked": asked,
        "ask": GiveForm(people=reviewers) if reviewers else None,
    }
    return render(request, "observations/visit.html", context)
