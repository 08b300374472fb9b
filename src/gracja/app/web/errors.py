"""What cannot be shown: a page, or for htmx a message among the others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    if is_fragment(request):
        return as_message(request, _("Your role does not allow this. Nothing was changed."), status=403)
    return render(request, "common/forbidden.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    if is_fragment(request):
        return as_message(request, _("This is no longer here. Load the page again."), status=404)
    return render(request, "common/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    if is_fragment(request):
        said = _("Something broke on the server. What you typed is still here. Try again in a moment.")
        return as_message(request, said, status=500)
    return render(request, "common/broken.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form whose token is no longer good: signed in anew elsewhere, or the page lay open too long."""
    said = _("This page was open for too long and nothing was sent. Go back, load it again and send again.")
    if is_fragment(request):
        return as_message(request, said, status=403)
    return render(request, "common/refusal.html", {"sentence": said}, status=403)


def is_fragment(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def as_message(
    request: HttpRequest, sentence: str, *, status: int, template: str = "common/refusal_fragment.html"
) -> HttpResponse:
    """A message that htmx puts among the page's messages, wherever the answer was meant to go."""
    response = render(request, template, {"sentence": sentence}, status=status)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "beforeend"
    return response
