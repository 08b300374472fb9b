"""Whose gestures somebody may read."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may, may_somewhere, places_where
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import company_zone


def require_reading(by: User) -> None:
    """Raises Refused: not_permitted, where `by` may neither read nor manage gestures anywhere."""
    if not (may_somewhere(by, "gesture.read") or may(by, "gesture.manage")):
        raise Refused("not_permitted", permission="gesture.read")


def places_read(by: User) -> Q:
    """A filter on Place: where `by` may read who gave what. Who manages budgets reads them all."""
    return Q() if may(by, "gesture.manage") else places_where(by, "gesture.read")


def start_of(day: date) -> datetime:
    """When a day begins by the company's own clock: compared as a moment, it is found by its index."""
    return datetime.combine(day, time(), company_zone())
