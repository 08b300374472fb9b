"""Before there is a company, every page leads to its set-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from gracja.app.organisation.selectors.company import company

_OPEN: Final = ("/setup/", "/health/", "/-/", "/static/", "/api/")


class FirstRun:
    """Asks the database until there is a company, and never again."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer
        self._set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._set_up and not request.path.startswith(_OPEN):
            self._set_up = company() is not None
            if not self._set_up:
                return HttpResponseRedirect(reverse("setup"))
        return self._answer(request)
