"""The reference mix of an edition: how much each base standard counts, frozen for good.

Until the edition's first quarter is closed every standard counts by its weight alone, and results say that
they are provisional. The first measurement after that looks at the marks from the edition's first day to the
end of the quarter, notes how often each standard was due, and all later results rest on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import today
from gracja.app.measurement.models import ReferenceMix
from gracja.app.measurement.services.gather import Period, gather
from gracja.app.standards.models import Edition

if TYPE_CHECKING:
    from gracja.engine.edition.model import Edition as Document

# A quarter that the edition saw less of is not its first: its last days alone would say what is usual.
SEEN_AT_LEAST = timedelta(days=30)


def mix_for(edition: Edition, document: Document, told: dict[str, date]) -> ReferenceMix | None:
    """The edition's mix, frozen now if its first quarter is closed; None while it is open.

    A quarter without a mark passes the freezing on to the next, whose marks then count with it. told: source
    -> the day from which staff know that it is measured.

    Raises EngineInputError as engine.measure.mix.reference_mix.
    """
    kept = ReferenceMix.objects.filter(edition=edition).first()
    if kept is not None or not told:
        return kept
    first = max(edition.effective_from, min(told.values()))
    for last in quarter_ends(first):
        if last >= today():
            return None
        if made := _frozen(edition, document, Period(first, last), told):
            return made
    return None


def quarter_ends(first: date) -> Iterator[date]:
    """Last days of calendar quarters, from the first of which this day leaves 30 days or more."""
    for quarter in count(first.year * 4 + (first.month - 1) // 3 + 1):
        last = date(quarter // 4, 3 * (quarter % 4) + 1, 1) - timedelta(days=1)
        if last - first + timedelta(days=1) >= SEEN_AT_LEAST:
            yield last


def _frozen(
    edition: Edition, document: Document, period: Period, told: dict[str, date]
) -> ReferenceMix | None:
    # The worker measures; a page that only reads results need not wait for Polars.
    from gracja.engine.measure.mix import reference_mix, weights_of  # noqa: PLC0415

    gathered = gather(edition, period, told)
    if not gathered.observations.num_rows:
        return None
    contacts = gathered.contacts if gathered.contacts.num_rows else None
    mix = reference_mix(gathered.observations, document, contacts=contacts)
    if not any(one.due for one in mix):
        return None
    weights = weights_of(mix)
    standards: list[dict[str, Any]] = [
        {
            "standard": one.standard,
            "due": one.due,
            "not_due": one.not_due,
            "counts": weights.get(one.standard, 0.0),
        }
        for one in mix
    ]
    with transaction.atomic():
        # locked: two measurements may be the first
        Edition.objects.select_for_update().get(pk=edition.pk)
        made, new = ReferenceMix.objects.get_or_create(
            edition=edition,
            defaults={"first_day": period.first, "last_day": period.last, "standards": standards},
        )
        if new:
            audit.record(
                "measurement.mix",
                by=None,
                subject=("edition", edition.uid),
                after={
                    "edition": edition.name,
                    "from": period.first.isoformat(),
                    "to": period.last.isoformat(),
                    "standards": len(weights),
                },
            )
    return made
