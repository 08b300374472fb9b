"""The counter: a page that advises by itself, and what it sends back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.gestures.selectors.given import granting_places
from gracja.app.gestures.selectors.offers import all_forbidden
from gracja.app.organisation.access import may_somewhere
from gracja.app.service_mode.selectors import asking
from gracja.app.service_mode.selectors.keeping import kept
from gracja.app.service_mode.selectors.policy import policy, reader_mark
from gracja.app.service_mode.selectors.reading import cues_said
from gracja.app.service_mode.selectors.where import place_at, places_to_choose, works_at
from gracja.app.service_mode.selectors.words import said
from gracja.app.service_mode.services.incoming import take_records
from gracja.app.service_mode.services.recording import Done, record_advice
from gracja.app.web.context import VERSION
from gracja.app.web.request import SignedIn
from gracja.app.web.service_mode.forms import asked_at_counter, contradictions
from gracja.app.web.service_mode.words import adverbs, counter_words, in_words, why
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader

FILES: Final = (
    "gracja/look/tokens.css",
    "gracja/face.css",
    "gracja/counter.css",
    "gracja/giving.css",
    "gracja/counter.js",
    "gracja/counter_advice.js",
    "gracja/counter_board.js",
    "gracja/counter_gestures.js",
    "gracja/counter_helpdesk.js",
    "gracja/counter_key.js",
    "gracja/counter_page.js",
    "gracja/counter_queue.js",
    "gracja/counter_sending.js",
    "gracja/dial.js",
    "gracja/giving_copy.js",
    "gracja/typeset.js",
    "gracja/mark.svg",
    *(
        f"gracja/look/fonts/{face}-{part}-wght-normal.woff2"
        for face in ("schibsted-grotesk", "brygada-1918")
        for part in ("latin", "latin-ext")
    ),
)


@require_safe
def counter(request: SignedIn) -> HttpResponse:
    """The screen. A situation in the address (from the form, where no script runs) is advised here."""
    screen = screen_of(request, "counter", request.GET)
    return render(request, "service_mode/counter.html", screen, status=422 if screen["refused"] else 200)


@require_POST
def record(request: SignedIn) -> HttpResponse:
    """Keep what was done, from the plain form; what contradicts itself stays ticked there."""
    rules = asking.rules_readable(by=request.user)
    asked, _number = asked_at_counter(request.POST, policy(by=request.user).data, rules)
    if contradictions(asked, rules, reader()):
        screen = screen_of(request, "counter", request.POST)
        return render(request, "service_mode/counter.html", screen, status=422)
    uid = request.POST.get("uid") or new_uid()
    place = next((one for one in works_at(request.user) if one.uid == request.POST.get("place")), None)
    record_advice(by=request.user, done=Done(uid, asked, moves=request.POST.getlist("move"), place=place))
    tell(request, _("Recorded."))
    return redirect("counter")


@require_safe
def state(request: SignedIn) -> HttpResponse:
    """Whether the server is there, by which rules it advises now, and what a write needs."""
    found = policy(by=request.user)
    return JsonResponse(
        {"version": found.version, "rules": found.data["rules"]["version"], "csrf": get_token(request)}
    )


@require_POST
def records(request: SignedIn) -> HttpResponse:
    """What devices kept while we were out of reach. Each is taken once; `settled` may be forgotten there."""
    asking.rules_readable(by=request.user)  # who may not ask has nothing to send
    given = _sent(request, "records")
    if given is None:
        return JsonResponse({"settled": []}, status=422)
    rows = [one for one in given if isinstance(one, dict)][:200] if isinstance(given, list) else []
    taken = take_records(by=request.user, rows=rows, mark=reader_mark(request.user))
    refused = {uid: in_words(reason) for uid, reason in taken.refused.items()}
    return JsonResponse({"settled": taken.settled, "refused": refused})


@require_POST
def words(request: SignedIn) -> HttpResponse:
    """What the customer's last messages say of their state, for the panel. Nothing of them is kept."""
    asking.rules_readable(by=request.user)
    given = _sent(request, "messages")
    texts = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    heard = cues_said(by=request.user, messages=texts, language=reader())
    return JsonResponse({"heard": [{"cue": one.cue, "words": one.words} for one in heard]})


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: keeps the counter's page and files on the device. Nothing of anybody is in it."""
    files = [static(one) for one in FILES]
    context = {"version": VERSION, "page": reverse("counter"), "files": files}
    response = render(request, "service_mode/worker.js", context, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _sent(request: HttpRequest, name: str) -> Any:
    """What stands under this name in the JSON that was sent; None where there is none."""
    try:
        return json.loads(request.body)[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def screen_of(request: SignedIn, kind: str, given: QueryDict, *, key: str = "") -> dict[str, Any]:
    """What the page shows. kind: counter, or panel; key: with which the panel came in, where it did."""
    found = policy(by=request.user)
    rules = asking.rules_readable(by=request.user)
    asked, number = asked_at_counter(given, found.data, rules)
    refused = contradictions(asked, rules, reader())
    told = asking.advice(by=request.user, asked=replace(asked, cues={}) if refused else asked)
    shown = said(told, at_a_glance=True)
    band = shown.advice.reading.band
    giving = [] if all_forbidden() else list(granting_places(by=request.user))
    here = place_at(request.user, now()) if giving else None
    return {
        "kind": kind,
        "policy": found.data,
        "place": found.place,
        "words": counter_words(),
        "rules": rules,
        "bundled": rules.id == "bundled",
        "asked": asked,
        "refused": refused,
        "chosen": number,
        "asked_something": bool(given) and not refused and not key,
        "said": shown,
        "word": adverbs()[band],
        "why": why()[band],
        "origins": kept().panel_origins,
        "key": key,
        "reads_words": kind == "panel" and kept().read_words,
        "uid": new_uid(),
        "giving_places": giving,
        "gives": found.data["services"][number]["gestures"],
        "giving_here": here if here in giving else giving[0] if len(giving) == 1 else None,
        "places": places_to_choose(request.user, now()),
        "at": given.get("place", ""),
        "may_manage": kind == "counter" and may_somewhere(request.user, "rules.manage"),
    }
