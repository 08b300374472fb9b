"""The list of conversations, and one of them with its marks."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gracja.app.contacts.selectors.listing import month_of, places_to_ask
from gracja.app.contacts.selectors.talk import talk_of
from gracja.app.observations.selectors.drawn import marks_hidden
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.web.request import SignedIn

AT_ONCE = 50


@require_GET
def conversations(request: SignedIn) -> HttpResponse:
    """Conversations of one month that the reader may read: those of their places, or their own."""
    asked = {name: request.GET.get(name, "")[:80] for name in ("month", "place", "named", "channel")}
    found = month_of(
        by=request.user,
        month=asked["month"],
        place_uid=asked["place"],
        named=asked["named"],
        channel=asked["channel"],
    )
    return render(
        request,
        "contacts/conversations.html",
        {
            "found": found,
            "asked": asked,
            "page": Paginator(found.conversations, AT_ONCE).get_page(request.GET.get("page")),
            "places": places_to_ask(by=request.user),
            "may_import": may(request.user, "conversation.import"),
            "here": "list",
            "only_own": not may_somewhere(request.user, "conversation.read"),
        },
    )


@require_GET
def conversation(request: SignedIn, contact: str) -> HttpResponse:
    """One conversation with the marks of an edition, the words they rest on highlighted."""
    hidden = bool(marks_hidden(by=request.user, contacts=[contact]))
    edition_uid = request.GET.get("edition", "")
    talk = talk_of(by=request.user, contact=contact, edition_uid=edition_uid, marked=not hidden)
    if talk is None:
        raise Http404
    return render(request, "contacts/conversation.html", {"talk": talk, "hidden": hidden})
