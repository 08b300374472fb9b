"""When everything is measured by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.measurement.models import Nights
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import company_zone


@dataclass(frozen=True, slots=True)
class NightsShown:
    """hour: by the company's clock; None: never."""

    hour: int | None
    next_at: datetime | None
    last_night: date | None


def nights() -> NightsShown:
    """As the company has set them."""
    kept, zone = Nights.objects.first() or Nights(), company_zone()
    next_at = None if kept.hour is None else _next(kept.hour, zone)
    return NightsShown(kept.hour, next_at, kept.last_night)


def nights_for(*, by: User) -> NightsShown:
    """Raises Refused: not_permitted."""
    if not may_somewhere(by, "result.read"):
        raise Refused("not_permitted", permission="result.read")
    return nights()


def _next(hour: int, zone: ZoneInfo) -> datetime:
    here = now().astimezone(zone)
    tonight = datetime.combine(here.date(), time(hour), zone)
    return tonight if tonight > here else datetime.combine(here.date() + timedelta(days=1), time(hour), zone)
