"""What every page needs: the company, the way around, the reader's choices."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from gracja.app.web.navigation import doors

VERSION: Final = version("gracja")


def page(request: HttpRequest) -> dict[str, Any]:
    """`doors`: the navigation for this reader; `theme`; `demo`: whether the banner stands."""
    user = getattr(request, "user", None)  # nobody yet where a page fails before that is asked
    known = user if user is not None and user.is_authenticated else None
    return {
        "doors": doors(known, request.path) if known else (),
        "theme": known.theme if known else request.COOKIES.get("theme", ""),
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "demo": settings.DEMO,
        "version": VERSION,
    }
