"""Old nights' measurements: kept for two weeks, and of each month the last. What somebody asked for stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from gracja.app.common.clock import now
from gracja.app.measurement.models import Run
from gracja.app.standards.models import Edition

KEPT: Final = timedelta(days=14)


def thin_out(edition: Edition) -> int:
    """Delete what is neither of the last two weeks nor a month's last; how many. Failed nights go, too."""
    old = Run.objects.filter(
        edition=edition, nightly=True, state__in=("done", "failed"), finished_at__lt=now() - KEPT
    )
    last_of_month: dict[tuple[int, int], int] = {}
    found = list(old.order_by("finished_at").values_list("pk", "state", "finished_at"))
    for pk, state, at in found:
        if state == "done" and at is not None:
            last_of_month[at.year, at.month] = pk
    gone = {pk for pk, *_ in found} - set(last_of_month.values())
    Run.objects.filter(pk__in=gone).delete()
    return len(gone)
