"""What every page needs: the company, the way around, the reader's choices."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gracja.app.web.navigation import doors


def page(request: HttpRequest) -> dict[str, Any]:
    """`doors`: the navigation for this reader; `theme`; `demo`: whether the banner stands."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "doors": doors(user, request.path) if known else (),
        "theme": (user.theme if known else "") or request.COOKIES.get("theme", ""),
        "demo": settings.DEMO,
    }
