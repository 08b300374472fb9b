"""Old nights' measurements: kept for two weeks, and of each month the last. What somebody asked for stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.measurement.models import Run
from gracja.app.organisation.selectors.company import company_zone
from gracja.app.standards.models import Edition

KEPT: Final = timedelta(days=14)


@transaction.atomic
def thin_out(edition: Edition) -> int:
    """Delete what is neither of the last two weeks nor a month's last, by the company's clock; how many.
    Failed nights go, too. The log keeps how many went.
    """
    old = Run.objects.filter(
        edition=edition, nightly=True, state__in=("done", "failed"), finished_at__lt=now() - KEPT
    )
    zone = company_zone()
    last_of_month: dict[tuple[int, int], int] = {}
    found = list(old.order_by("finished_at").values_list("pk", "state", "finished_at"))
    for pk, state, at in found:
        if state == "done" and at is not None:
            here = at.astimezone(zone)
            last_of_month[here.year, here.month] = pk
    gone = {pk for pk, *_ in found} - set(last_of_month.values())
    if gone:
        Run.objects.filter(pk__in=gone).delete()
        audit.record("measurement.thin", by=None, subject=("edition", edition.uid), after={"runs": len(gone)})
    return len(gone)
