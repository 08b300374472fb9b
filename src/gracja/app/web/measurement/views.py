"""Pages of results."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors.too_early import too_early
from gracja.app.measurement.selectors import courses, results
from gracja.app.measurement.selectors.agreement import agreement
from gracja.app.measurement.selectors.closeness import closeness_of_places, whole_of
from gracja.app.measurement.selectors.evaluators import strictness, uncounted
from gracja.app.measurement.selectors.mixes import mix_days, mix_of
from gracja.app.measurement.selectors.newest import latest_evaluated, latest_run, latest_run_of, latest_runs
from gracja.app.measurement.selectors.nights import nights
from gracja.app.measurement.selectors.person import RUNGS, laid_out, quoted
from gracja.app.measurement.selectors.runs import (
    editions_to_measure,
    failed_nights,
    left_out,
    runs_of,
    runs_shown,
    together,
)
from gracja.app.measurement.services.nights import HOURS, change_nights
from gracja.app.measurement.services.runs import ask_for_run
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.standards.selectors.reading import document_of
from gracja.app.web.measurement import headlines
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.measurement.models import Run

AT_ONCE = 50
PLACES_AT_ONCE = 20  # each with all its parts
CHANGES_AT_ONCE = 12


def frame_of(request: SignedIn, run: Run | None, here: str) -> dict[str, Any]:
    """What every page of results needs. Raises Http404 where `request.user` may read nobody's."""
    if not may_somewhere(request.user, "result.read"):
        raise Http404
    return {
        "run": run,
        "left_out": run and left_out(run),
        "together": run and together(run),
        "mix_days": run and mix_days(run),
        "here": here,
        "latest": latest_runs() if run else [],
        "may_measure": may(request.user, "measurement.run"),
        "company_wide": may(request.user, "result.read"),
    }


def _page(
    request: SignedIn,
    here: str,
    fill: Callable[[Run], dict[str, Any]],
    newest: Callable[[], Run | None] = latest_run,
) -> HttpResponse:
    """A page of results of the run that is asked for, or of the newest; before any, what to do."""
    uid = request.GET.get("run", "")
    run = latest_run(uid=uid) if uid else newest()
    context = frame_of(request, run, here)
    if run is None:
        return render(request, "measurement/none_yet.html", context)
    return render(request, f"measurement/{here}.html", context | fill(run))


@require_GET
def people(request: SignedIn) -> HttpResponse:
    """Employees, against the level and never in one order of merit."""
    named = request.GET.get("named", "")[:80]

    def fill(run: Run) -> dict[str, Any]:
        found = results.people_results(by=request.user, run=run, named=named)
        facts = results.facts_of(found)
        page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
        shown = results.shown_people(page, run)
        return {
            "sentences": headlines.of_company(results.company_estimates(run), facts),
            "page": page,
            "shown": shown,
            "since": next((one.fresh for one in shown if one.fresh), None),
            "named": named,
            "axes": results.axes_of(facts, run),
        }

    return _page(request, "people", fill)


@require_GET
def places(request: SignedIn) -> HttpResponse:
    """Places where the reader may read results."""

    def fill(run: Run) -> dict[str, Any]:
        shown = results.place_results(by=request.user, run=run)
        return {"shown": shown, "axes": results.axes_of([one.fact for one in shown], run)}

    return _page(request, "places", fill)


@require_GET
def standards(request: SignedIn) -> HttpResponse:
    """Parts and standards in the order of the sequence."""

    def fill(run: Run) -> dict[str, Any]:
        shown = results.standard_results(by=request.user, run=run)
        mix = mix_of(by=request.user, run=run)
        return {"parts": shown, "mix": mix, "sentences": headlines.of_standards(shown)}

    return _page(request, "standards", fill)


@require_GET
def fit(request: SignedIn) -> HttpResponse:
    """Contacts that were too distant or too close, by place and part."""

    def fill(run: Run) -> dict[str, Any]:
        places = closeness_of_places(by=request.user, run=run)
        page = Paginator(places, PLACES_AT_ONCE).get_page(request.GET.get("page"))
        return {"page": page, "sentences": headlines.of_closeness(whole_of(places))}

    return _page(request, "fit", fill)


@require_GET
def over_time(request: SignedIn) -> HttpResponse:
    """How shares of places and standards went, and what changed."""

    def fill(run: Run) -> dict[str, Any]:
        shown = courses.over_time(by=request.user, run=run)
        return {
            "shown": shown,
            "changed": shown.changed[:CHANGES_AT_ONCE],
            "more_changed": max(0, len(shown.changed) - CHANGES_AT_ONCE),
            "sentences": headlines.of_over_time(shown),
        }

    return _page(request, "over_time", fill)


@require_GET
def course(request: SignedIn) -> HttpResponse:
    """One course as a picture, with a table that says the same; 404 where there is none to see."""
    run = latest_run(uid=request.GET.get("run", ""))
    place_uid, standard = request.GET.get("place", ""), request.GET.get("standard", "")
    if run is None:
        raise Http404
    shown = courses.course_of(by=request.user, run=run, place_uid=place_uid, standard=standard)
    if shown is None:
        raise Http404
    within = [] if standard else courses.courses_at(by=request.user, run=run, place_uid=place_uid)
    context = frame_of(request, run, "over_time")
    context |= {"shown": shown, "within": within, "sentences": headlines.of_course(shown)}
    return render(request, "measurement/course.html", context)


@require_GET
def evaluators(request: SignedIn) -> HttpResponse:
    """How strictly evaluators mark, in the newest run that has any; for those who may read results in the
    whole company.
    """
    if not may(request.user, "result.read"):
        raise Http404

    def fill(run: Run) -> dict[str, Any]:
        shown = strictness(by=request.user, run=run)
        why = None if shown.evaluators else uncounted(run)
        return {
            "shown": shown,
            "why": why,
            "may_tell": may(request.user, "notice.give"),
            "newer": bool(shown.evaluators) and latest_run() != run,
            "sentences": headlines.of_evaluators(shown, why),
            "agreement": agreement(by=request.user, run=run),
        }

    return _page(request, "evaluators", fill, lambda: latest_evaluated() or latest_run())


@require_GET
def person(request: SignedIn, person_uid: str) -> HttpResponse:
    """One employee's result; 404 where the reader may not see it."""
    run = _asked_run(request, person_uid)
    whose = results.person_readable(by=request.user, person_uid=person_uid, run=run)
    if whose is None:
        raise Http404
    return _person_page(request, person_uid, own=whose == request.user.person, name=whose.name)


@require_GET
def mine(request: SignedIn) -> HttpResponse:
    """The reader's own result."""
    return _person_page(request, request.user.person.uid, own=True, name=request.user.name)


def _asked_run(request: SignedIn, person_uid: str) -> Run | None:
    uid = request.GET.get("run", "")
    return latest_run(uid=uid) if uid else latest_run_of(person_uid)


def _person_page(request: SignedIn, person_uid: str, *, own: bool, name: str) -> HttpResponse:
    run = _asked_run(request, person_uid)
    shown = results.result_of(by=request.user, run=run, person_uid=person_uid) if run else None
    context = {"own": own, "name": name, "run": run, "left_out": run and left_out(run)}
    context["together"] = run and together(run)
    if run is None or shown is None:
        return render(request, "measurement/person_none.html", context)
    result = laid_out(shown, run)
    return render(
        request,
        "measurement/person.html",
        context
        | {
            "result": result,
            "rungs": RUNGS,
            "sentences": headlines.of_person(result),
            "edition": document_of(run.edition),
        },
    )


@require_GET
def part(request: SignedIn, person_uid: str, part: str) -> HttpResponse:
    """One part of somebody's result with the words that show it: a fragment, or without htmx a page."""
    run = _asked_run(request, person_uid)
    whose = results.person_readable(by=request.user, person_uid=person_uid, run=run)
    shown = results.result_of(by=request.user, run=run, person_uid=person_uid) if run else None
    if whose is None or run is None or shown is None:
        raise Http404
    seen = next((one for one in laid_out(shown, run).parts if one.part.part == part), None)
    if seen is None:
        raise Http404
    fragment = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "measurement/part_words.html" if fragment else "measurement/part.html",
        {
            "part": seen,
            "standards": quoted(by=request.user, part=seen),
            "name": whose.name,
            "own": whose == request.user.person,
            "person_uid": person_uid,
        },
    )


@require_GET
def runs(request: SignedIn) -> HttpResponse:
    """What was measured when; and a button to measure now. Polled while something is under way."""
    context = frame_of(request, None, "runs")
    page = Paginator(runs_of(by=request.user), AT_ONCE).get_page(request.GET.get("page"))
    context |= {"page": page, "runs": runs_shown(page), "editions": editions_to_measure(by=request.user)}
    fragment = bool(request.headers.get("HX-Request"))
    if not fragment:
        context |= {"early": too_early(by=request.user), "hours": HOURS}
        context |= {"nights": nights(), "failed_nights": failed_nights(by=request.user)}
    return render(request, "measurement/run_rows.html" if fragment else "measurement/runs.html", context)


@require_POST
def start(request: SignedIn) -> HttpResponse:
    """Measure one edition now, in the background. A second press while it waits changes nothing."""
    try:
        ask_for_run(by=request.user, edition_uid=request.POST.get("edition", ""))
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        messages.error(request, say_refusal(refused.code, reader(), **refused.facts))
    else:
        messages.success(request, _("Measuring has begun. The results will stand here when it is done."))
    return redirect("runs")


@require_POST
def by_night(request: SignedIn) -> HttpResponse:
    """At which hour everything is measured every night; `never`: at none."""
    given = request.POST.get("hour", "")
    hour = None if given == "never" else int(given) if given.isdecimal() and len(given) < 3 else -1
    try:
        change_nights(by=request.user, hour=hour)
    except Refused as refused:
        if refused.code == "not_permitted":
            raise
        messages.error(request, say_refusal(refused.code, reader(), **refused.facts))
    else:
        messages.success(request, _("Saved. It holds from the next night on."))
    return redirect("runs")
