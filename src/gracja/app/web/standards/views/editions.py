"""Published editions: the list, one of them, and who has read it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gracja.app.common.clock import today
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.standards.selectors import editions as selectors
from gracja.app.standards.selectors.reading import document_of
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.spoken import channel, shown_changes, shown_parts
from gracja.app.web.templatetags.words import reader

AT_ONCE = 50


@require_GET
def editions(request: SignedIn) -> HttpResponse:
    """Every edition by service, the latest first."""
    _refuse_strangers(request)
    rows = selectors.editions(by=request.user).defer(None)
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    in_force = {one.pk for one in selectors.in_force(by=request.user)}
    shown = [
        (one, one.document["title"], _state(one.pk in in_force, one.effective_from > today())) for one in page
    ]
    return render(
        request,
        "standards/editions.html",
        {
            "page": page,
            "shown": shown,
            "may_draft": may(request.user, "edition.draft"),
            "may_promise": may(request.user, "promise.manage"),
        },
    )


@require_GET
def edition(request: SignedIn, uid: str) -> HttpResponse:
    """One edition, read-only: what it says, what it changed, who has read it."""
    found = selectors.edition(by=request.user, uid=uid)
    document, lang = document_of(found), reader()
    history = list(selectors.editions(by=request.user).filter(edition_id=found.edition_id))
    return render(
        request,
        "standards/edition.html",
        {
            "edition": found,
            "document": document,
            "parts": shown_parts(document, lang),
            "count": sum(1 for _ in document.standards()),
            "channels": {
                one.standard: [channel(name) for name in one.channels] for _, _, one in document.standards()
            },
            "changes": shown_changes(found.changes, lang),
            "history": history,
            "waits": found.effective_from > today(),
            "readers": selectors.readers(by=request.user, edition_=found),
            "may_draft": may(request.user, "edition.draft"),
            "may_promise": may(request.user, "promise.manage"),
        },
    )


@require_GET
def readers(request: SignedIn, uid: str) -> HttpResponse:
    """Who acknowledged the edition, and who has not, of the places that the reader leads."""
    found = selectors.edition(by=request.user, uid=uid)
    asked = selectors.readers(by=request.user, edition_=found)
    if asked is None:
        raise Http404
    done = request.GET.get("show") == "done"
    page = Paginator(asked.done if done else asked.missing, AT_ONCE).get_page(request.GET.get("page"))
    return render(
        request,
        "standards/readers.html",
        {"edition": found, "title": found.document["title"], "readers": asked, "page": page, "done": done},
    )


def _refuse_strangers(request: SignedIn) -> None:
    if not may_somewhere(request.user, "edition.read"):
        raise Http404


def _state(holds: bool, waits: bool) -> str:  # noqa: FBT001  (two facts about a row)
    return "in_force" if holds else "to_come" if waits else "past"
