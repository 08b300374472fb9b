"""The overview: one sentence, what waits for me, how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gracja.app.common.clock import today
from gracja.app.measurement.selectors import overview, results
from gracja.app.measurement.selectors.newest import latest_run, latest_run_of
from gracja.app.measurement.selectors.person import laid_out
from gracja.app.organisation.access import may_somewhere
from gracja.app.web.entry.headline import of_places
from gracja.app.web.entry.tasks import errands, steps
from gracja.app.web.measurement import headlines
from gracja.app.web.request import SignedIn

if TYPE_CHECKING:
    from gracja.app.measurement.models import Run

PLACES_SHOWN = 12


@require_GET
def home(request: SignedIn) -> HttpResponse:
    """The first page of everybody: as much of it as their roles open."""
    user = request.user
    leads = may_somewhere(user, "result.read")
    run = latest_run() if leads else latest_run_of(user.person.uid)
    opening = overview.opening(by=user)
    context: dict[str, Any] = {
        "company": opening.company,
        "today": today(),
        "steps": steps(opening.first_steps),
        "errands": errands(overview.waiting_for(by=user)),
        "facts": opening.facts,
        "run": run,
    }
    if run is not None:
        context |= _of_places(user, run) if leads else _own(user, run)
    return render(request, "entry/home.html", context)


def _of_places(user: Any, run: Run) -> dict[str, Any]:
    """Places for those who may read results, with the sentence on the whole company."""
    shown = results.place_results(by=user, run=run)
    return {
        "sentences": of_places(shown),
        "shown": shown[:PLACES_SHOWN],
        "more": max(0, len(shown) - PLACES_SHOWN),
        "axes": results.axes_of([one.fact for one in shown], run),
    }


def _own(user: Any, run: Run) -> dict[str, Any]:
    """One's own result, in a sentence and three figures."""
    shown = results.result_of(by=user, run=run, person_uid=user.person.uid)
    if shown is None:
        return {}
    return {"sentences": headlines.of_person(laid_out(shown, run)), "own": shown}
