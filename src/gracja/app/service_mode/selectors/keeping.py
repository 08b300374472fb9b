"""What the company keeps of advice."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache

from gracja.app.service_mode.models import Keeping

KEPT_AS: Final = "advice_keeping"
_SECONDS: Final = 5  # as for the rules: so long may another process still keep what was kept before


def kept() -> Keeping:
    """The company's choice, as it was a few seconds ago at most."""
    found: Keeping | None = cache.get(KEPT_AS)
    if found is None:
        found = Keeping.objects.first() or Keeping()
        cache.set(KEPT_AS, found, _SECONDS)
    return found
