"""Two measurements: of the year of visits, and of the autumn's conversations so far."""

from __future__ import annotations

from gracja.app.fill.autumn import FIRST_RUN, MEASURED_FROM, VISITED_FROM, VISITED_TO, at, who
from gracja.app.fill.people import MANAGER
from gracja.app.fill.work import work_off
from gracja.app.measurement.services.runs import ask_for_run
from gracja.app.standards.models import Edition


def measure_twice() -> None:
    """Ask for each, and wait for what comes of it."""
    first, second = Edition.objects.filter(edition_id="salon").order_by("version")
    with at(FIRST_RUN):
        by = who(MANAGER)
        ask_for_run(by=by, edition_uid=first.uid, period_start=VISITED_FROM, period_end=VISITED_TO)
        work_off()
    ask_for_run(by=who(MANAGER), edition_uid=second.uid, period_start=MEASURED_FROM)
    work_off()
