"""What staff were told will be measured."""

from __future__ import annotations

from datetime import date

from gracja.app.organisation.models import StaffNotice


def measured_from(source: str) -> date | None:
    """The first day of which staff know that this source is measured; None: they were never told."""
    told = StaffNotice.objects.exclude(given_at=None).order_by("measured_from")
    return next((notice.measured_from for notice in told if source in notice.sources), None)
