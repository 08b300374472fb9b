"""Say what happened, on the next page or with the next fragment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest


def tell(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """A message that leaves by itself; with `undo`, an address that takes it back by POST, it stays.

    A fragment for htmx shows it with `{% include "common/told.html" %}`.
    """
    messages.success(request, text, extra_tags=undo)


def warn(request: HttpRequest, text: str) -> None:
    """A message about something that went wrong; it stays until it is dismissed."""
    messages.error(request, text)
