"""When everything is measured by itself, and which nights failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.measurement.models import Nights, Run
from gracja.app.measurement.selectors.runs import RunShown
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import company_zone


@dataclass(frozen=True, slots=True)
class NightsShown:
    """hour: by the company's clock; None: never. failed: the newest run of an edition, where it is a night's
    that failed.
    """

    hour: int | None
    next_at: datetime | None
    last_night: date | None
    failed: tuple[Run, ...] = ()


def nights(runs: Iterable[RunShown] = ()) -> NightsShown:
    """runs: those that the reader sees, the newest first."""
    kept, zone = Nights.objects.first() or Nights(), company_zone()
    newest: dict[str, Run] = {}
    for one in runs:
        newest.setdefault(one.run.edition.edition_id, one.run)
    failed = tuple(run for run in newest.values() if run.nightly and run.state == "failed")
    next_at = None if kept.hour is None else _next(kept.hour, zone)
    return NightsShown(kept.hour, next_at, kept.last_night, failed)


def nights_for(*, by: User) -> NightsShown:
    """Raises Refused: not_permitted."""
    if not may_somewhere(by, "result.read"):
        raise Refused("not_permitted", permission="result.read")
    return nights()


def _next(hour: int, zone: ZoneInfo) -> datetime:
    here = now().astimezone(zone)
    tonight = datetime.combine(here.date(), time(hour), zone)
    return tonight if tonight > here else datetime.combine(here.date() + timedelta(days=1), time(hour), zone)
