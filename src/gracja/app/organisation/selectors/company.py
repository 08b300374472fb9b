"""The company of this installation."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from django.core.cache import cache

from gracja.app.organisation.models import Company

_ZONE_KEPT_SECONDS: Final = 60  # so that not every page asks for what hardly ever changes


def company() -> Company | None:
    """The company; None before set-up."""
    return Company.objects.first()


def company_zone() -> ZoneInfo:
    """The zone in which the company's clocks tell the time; UTC before set-up."""
    name = cache.get("company_zone")
    if name is None:
        one = company()
        name = one.zone if one else "UTC"
        cache.set("company_zone", name, _ZONE_KEPT_SECONDS)
    return ZoneInfo(name)
