"""A panel that comes with a key instead of a cookie: let in to what a panel needs, and no further."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from gracja.app.service_mode.services.panel_keys import panel_reader
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.web.request import SignedIn

SCHEME: Final = "Panel "
OPEN: Final = frozenset(
    (
        *("counter_state", "counter_records", "counter_words"),
        *("giving", "grant_gesture", "give_gesture", "release_gesture"),
    )
)


class PanelKeys:
    """`Authorization: Panel …` on these addresses: signed in as the key's person, with what the key opens.

    No cookie is asked, so no form elsewhere can forge such a request. Elsewhere the key opens nothing.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request)

    def process_view(
        self, request: SignedIn, _view: Callable[..., HttpResponse], _args: Any, _named: Any
    ) -> HttpResponse | None:
        given = request.headers.get("Authorization", "")
        match = request.resolver_match
        if not given.startswith(SCHEME) or match is None or match.url_name not in OPEN:
            return None
        user = panel_reader(given.removeprefix(SCHEME).strip())
        if user is None:
            return JsonResponse({"detail": say_refusal("panel_key_ended", reader())}, status=401)
        request.user = user
        request.csrf_processing_done = True  # type: ignore[attr-defined]
        speak(request)
        return None


def speak(request: SignedIn) -> None:
    """In the language of the account: a frame brings no cookie that names it. `language` puts it back."""
    if request.user.language:
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
