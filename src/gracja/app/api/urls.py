"""Addresses of the REST interface, its document and its documentation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, re_path
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from gracja.app.api.api import api
from gracja.app.api.document import document
from gracja.app.api.page import documentation
from gracja.app.api.problems import MEDIA_TYPE, in_place, problem
from gracja.app.api.repeats import once
from gracja.app.api.straight import operation

View = Callable[..., HttpResponse]


def _operation(view: View) -> View:
    """One address of the interface: no sign-in page, no HTML, no cached answer."""

    @operation
    @login_not_required
    @csrf_exempt  # a token is no cookie; sessions only read
    def answered(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            response = once(request, lambda: view(request, **named))
        except Exception as error:  # noqa: BLE001  (as the interface's own operations: every failure has its answer)
            response = api.on_exception(request, error)
        if response.status_code == 405:
            possible = response.headers["Allow"]
            response = problem(
                405, "method_not_possible", method=request.method, possible=possible.split(", ")
            )
            response.headers["Allow"] = possible
        if response.headers.get("Content-Type") == MEDIA_TYPE:
            response = in_place(request, response)
        patch_vary_headers(response, ("Authorization", "Accept-Language", "Cookie"))
        patch_cache_control(response, no_store=True)
        return response

    return answered


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The OpenAPI document. Open: it says what can be asked, and nothing that is here."""
    return JsonResponse(document())


def _nothing(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return problem(404, "nothing_here")


app_name: Final = "api"
urlpatterns: Final = [
    path("openapi.json", openapi, name="openapi"),
    path("docs/", documentation, name="documentation"),
    *(
        URLPattern(one.pattern, _operation(one.callback), name=one.name)
        for one in api.urls[0]
        if isinstance(one, URLPattern) and one.name != "api-root"
    ),
    re_path("", _operation(_nothing), name="nothing"),
]
