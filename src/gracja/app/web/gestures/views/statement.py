"""The statement of a month: as a page, for a spreadsheet, on paper."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from gracja.app.gestures.selectors import statement as selectors
from gracja.app.organisation.access import may
from gracja.app.organisation.selectors.company import today_here
from gracja.app.organisation.selectors.places import places_to
from gracja.app.web.gestures import statement_sheet as sheet
from gracja.app.web.gestures.frame import show
from gracja.app.web.gestures.views.budgets import month_asked
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader

AT_ONCE: Final = 50


@require_safe
def statement(request: SignedIn) -> HttpResponse:
    """Sums first, then every entry, oldest first."""
    found = _asked(request)
    manages = may(request.user, "gesture.manage")
    context = {
        "found": found,
        "title": sheet.title_of(found),
        "sentences": sheet.spent_in_words(found, reader()),
        "heads": sheet.heads(),
        "lines": [(line, sheet.amounts_of(line)) for line in found.lines],
        "earlier": [
            (line.currency, found.earlier[line.currency], line.spent)
            for line in found.lines
            if not line.kind and line.currency in found.earlier
        ],
        "page": Paginator(found.entries, AT_ONCE).get_page(request.GET.get("page")),
        "months": selectors.months_of(by=request.user, until=today_here()),
        "places": places_to("gesture.manage" if manages else "gesture.read", by=request.user).order_by(
            "name"
        ),
        "query": f"month={found.first:%Y-%m}" + (f"&place={found.place.uid}" if found.place else ""),
    }
    return show(request, "statement", "statement", context)


@require_safe
def as_csv(request: SignedIn) -> HttpResponse:
    """Every entry, for a spreadsheet."""
    found, language = _asked(request), _language(request)
    return _file(sheet.as_sheet(found, language), "text/csv; charset=utf-8", _name(found, language, "csv"))


@require_safe
def as_pdf(request: SignedIn) -> HttpResponse:
    """The statement on paper."""
    found, language = _asked(request), _language(request)
    return _file(sheet.as_pdf(found, language), "application/pdf", _name(found, language, "pdf"))


def _asked(request: SignedIn) -> selectors.Statement:
    place_uid = request.GET.get("place", "")
    month = month_asked(request.GET.get("month", ""))
    found = selectors.statement(by=request.user, month=month, place_uid=place_uid)
    if place_uid and found.place is None:
        raise Http404
    return found


def _language(request: SignedIn) -> str:
    asked = request.GET.get("lang") or reader()
    if asked not in dict(settings.LANGUAGES):
        raise Http404
    return asked


def _name(found: selectors.Statement, language: str, ending: str) -> str:
    word = {"pl": "gesty", "en": "gestures"}[language]
    return f"{word}-{found.first:%Y-%m}.{ending}"


def _file(content: Any, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
