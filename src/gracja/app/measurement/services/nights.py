"""A full measurement every night, begun by the worker; once, however many workers look at the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now, today
from gracja.app.common.refused import Refused
from gracja.app.measurement.models import Nights, Run
from gracja.app.measurement.services.runs import carry_out_run, sources_told
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Company, User
from gracja.app.organisation.selectors.company import company_zone
from gracja.app.standards.models import Edition

HOURS: Final = range(24)


@transaction.atomic
def change_nights(*, by: User, hour: int | None) -> Nights:
    """At which hour of the company's clock everything is measured, from the next night on; None: never.
    Repeating is harmless.

    Raises Refused: not_permitted, night_hour_wrong (hour).
    """
    require(by, "measurement.run")
    if hour is not None and hour not in HOURS:
        raise Refused("night_hour_wrong", hour=hour)
    nights = _locked()
    before = nights.hour
    if before == hour:
        return nights
    zone = company_zone()
    if before is None:
        nights.last_night = None  # the nights in which nothing was to be measured were not missed
    elif hour is not None and not _is_due(nights, zone):
        # counted by the new hour: it comes tonight even if today's came at the old one, and no day before
        nights.last_night = _night(hour, zone)
    nights.hour = hour
    nights.save()
    audit.record(
        "measurement.nights",
        by=by,
        subject=("nights", "company"),
        before={"hour": before},
        after={"hour": hour},
    )
    return nights


def measure_by_night() -> list[Run]:
    """Once the hour has come, queue a measurement of every edition in effect; the worker calls it all the
    time. A night in which no worker ran is made up for by the next that does, many of them by one. Of an
    edition of which nothing is new the measurement ends before it begins.
    """
    company = Company.objects.first()
    if company is None:
        return []
    nights, zone = Nights.objects.first(), ZoneInfo(company.zone)
    if nights is not None and not _is_due(nights, zone):
        return []
    with transaction.atomic():
        nights = _locked()  # by another worker, a moment ago, it may have been begun
        if not _is_due(nights, zone) or nights.hour is None:
            return []
        first = nights.last_night is None
        nights.last_night = _night(nights.hour, zone)
        nights.save(update_fields=("last_night",))
        return [] if first or not sources_told() else _queued()


def _locked() -> Nights:
    Nights.objects.get_or_create(only=True)
    return Nights.objects.select_for_update().get()


def _is_due(nights: Nights, zone: ZoneInfo) -> bool:
    if nights.hour is None:
        return False
    return nights.last_night is None or nights.last_night < _night(nights.hour, zone)


def _night(hour: int, zone: ZoneInfo) -> date:
    """The day whose hour has come last. Where clocks leap over it, it comes when they have."""
    here = now().astimezone(zone)
    there = datetime.combine(here.date(), time(hour), zone)
    return here.date() if there <= here else here.date() - timedelta(days=1)


def _queued() -> list[Run]:
    """One of each edition, of its newest version in effect, until today. One that waits already will do."""
    newest: dict[str, Edition] = {}
    in_effect = Edition.objects.defer("document").filter(effective_from__lte=today())
    for edition in in_effect.order_by("version"):
        newest[edition.edition_id] = edition
    under_way = Run.objects.filter(period_end=today(), state__in=("queued", "running"))
    waiting = {(run.edition_id, run.period_start) for run in under_way}
    runs = [
        Run(edition=edition, period_start=edition.effective_from, period_end=today(), nightly=True)
        for edition in newest.values()
        if (edition.pk, edition.effective_from) not in waiting
    ]
    for run in runs:
        run.save()
        transaction.on_commit(partial(carry_out_run.enqueue, run.uid))
    return runs
