"""Two measurements: of the first two months, and of the whole autumn so far."""

from __future__ import annotations

from datetime import date
from typing import Final

from gracja.app.fill.autumn import FIRST_RUN, MEASURED_FROM, at, who
from gracja.app.fill.people import MANAGER
from gracja.app.fill.work import work_off
from gracja.app.measurement.services.runs import ask_for_run
from gracja.app.standards.models import Edition

OCTOBER_ENDS: Final = date(2026, 10, 31)


def measure_twice() -> None:
    """Ask for each, and wait for what comes of it."""
    first, second = Edition.objects.filter(edition_id="salon").order_by("version")
    with at(FIRST_RUN):
        by = who(MANAGER)
        ask_for_run(by=by, edition_uid=first.uid, period_start=MEASURED_FROM, period_end=OCTOBER_ENDS)
        work_off()
    ask_for_run(by=who(MANAGER), edition_uid=second.uid, period_start=MEASURED_FROM)
    work_off()
