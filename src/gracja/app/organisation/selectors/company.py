"""The company of this installation."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.core.cache import cache

from gracja.app.common.clock import now
from gracja.app.organisation.models import Company

ZONE_KEPT_AS: Final = "company_zone"
_ZONE_KEPT_SECONDS: Final = 60  # so that not every page asks for what hardly ever changes


def company() -> Company | None:
    """The company; None before set-up."""
    return Company.objects.first()


def company_zone() -> ZoneInfo:
    """The zone in which the company's clocks tell the time; UTC before set-up."""
    name = cache.get(ZONE_KEPT_AS)
    if name is None:
        one = company()
        name = one.zone if one else "UTC"
        cache.set(ZONE_KEPT_AS, name, _ZONE_KEPT_SECONDS)
    return ZoneInfo(name)


def today_here() -> date:
    """Today by the company's own clock: days of the club, what is due and what is overdue go by it."""
    return now().astimezone(company_zone()).date()
