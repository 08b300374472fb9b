"""The reader's language, and refusals as pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gracja.app.common.refused import Refused
from gracja.app.organisation.selectors.company import company_zone
from gracja.app.web.errors import as_message, is_fragment
from gracja.app.web.organisation.wordbook import PERMISSIONS
from gracja.engine.errors import EngineInputError
from gracja.wording import say_error
from gracja.wording.refusals import say_refusal

Answer = Callable[[HttpRequest], HttpResponse]
FORBIDDEN = frozenset(("not_permitted",))


def language(answer: Answer) -> Answer:
    """The language of this request: the account's (in a cookie), else the browser's, else the company's.

    Times are told by the company's clock.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            accepted = request.META.get("HTTP_ACCEPT_LANGUAGE")
            chosen = translation.get_language_from_request(request) if accepted else settings.LANGUAGE_CODE
        with translation.override(chosen), timezone.override(company_zone()):
            request.LANGUAGE_CODE = chosen
            response = answer(request)
        response.headers.setdefault("Content-Language", chosen)
        # On a shared computer nobody goes back to what the one before them saw.
        response.headers.setdefault("Cache-Control", "private, no-store")
        response.headers.setdefault("Permissions-Policy", "camera=()")  # a page that needs it says so
        return response

    return middleware


def signed_out(answer: Answer) -> Answer:
    """A fragment asked for after the session ended: a message with the way in, no sign-in page in a corner"""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        sent_away = response.status_code == HTTPStatus.FOUND and is_fragment(request)
        if sent_away and urlsplit(response.headers["Location"]).path == resolve_url(settings.LOGIN_URL):
            return as_message(request, "", status=401, template="common/session_lost.html")
        return response

    return middleware


class Refusals:
    """A service's refusal becomes a page (or, for htmx, a message) in the reader's language."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL keeps no such sign and breaks off where asked for one; programs are told their fault
        asked = f"{request.path}?{request.META.get('QUERY_STRING', '')}"
        if not request.path.startswith("/api/") and ("\0" in asked or "%00" in asked):
            raise Http404
        response = self._answer(request)
        # somebody changed the language, or came back, where a form had been sent: an empty page says nothing
        opened = request.method in ("GET", "HEAD") and not request.path.startswith("/api/")
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and opened:
            sentence = _("This address only takes what a form sends.")
            page = render(request, "common/refusal.html", {"sentence": sentence}, status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        lang = translation.get_language() or settings.LANGUAGE_CODE
        if isinstance(exception, Refused):
            sentence = say_refusal(exception.code, lang, **_in_words(exception.facts))
            status = 403 if exception.code in FORBIDDEN else 409
        elif isinstance(exception, EngineInputError):
            sentence, status = say_error(exception, lang, page=True), 422
        else:
            return None
        if is_fragment(request):
            return as_message(request, sentence, status=status)
        return render(request, "common/refusal.html", {"sentence": sentence}, status=status)


def _in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A permission by the name that it bears among the roles."""
    named = facts.get("permission")
    return {**facts, "permission": str(PERMISSIONS[named])} if named in PERMISSIONS else dict(facts)
