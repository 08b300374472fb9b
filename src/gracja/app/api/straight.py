"""A program that comes with a token is led past what is there for browsers: sessions, forms, messages."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

BELOW: Final = "/api/v1/"
_MARK: Final = "_gracja_operation"
_found: Final = lru_cache(maxsize=256)(resolve)  # few addresses, asked often


def operation[View: Callable[..., HttpResponse]](view: View) -> View:
    """Mark a view that lets nobody in but by itself, and answers every exception."""
    setattr(view, _MARK, True)
    return view


def straight(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what stands below it in the settings is left out for a program.

    Whoever sends a cookie is a browser, and takes the whole way.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        sent = request.META
        if (
            "HTTP_AUTHORIZATION" not in sent
            or "HTTP_COOKIE" in sent
            or not request.path_info.startswith(BELOW)
        ):
            return answer(request)
        found = _found(request.path_info)
        if not hasattr(found.func, _MARK):
            return answer(request)
        request.resolver_match = found
        request.user = AnonymousUser()
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response

    return middleware
