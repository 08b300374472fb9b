"""Handbook and posters as PDF."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from gracja.app.standards.selectors import printed
from gracja.app.web.request import SignedIn


@require_GET
def handbook(request: SignedIn, uid: str, lang: str) -> HttpResponse:
    """The booklet for whoever begins here."""
    return _pdf(*printed.handbook(by=request.user, uid=uid, lang=_known(lang)))


@require_GET
def poster(request: SignedIn, uid: str, part: str, lang: str) -> HttpResponse:
    """One part on one page, A4 or (?paper=a3) A3."""
    paper: Literal["a4", "a3"] = "a3" if request.GET.get("paper") == "a3" else "a4"
    return _pdf(*printed.poster(by=request.user, uid=uid, part=part, lang=_known(lang), paper=paper))


def _known(lang: str) -> str:
    if lang not in dict(settings.LANGUAGES):
        raise Http404
    return lang


def _pdf(name: str, content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, max-age=3600",
        },
    )
