"""What one customer was given."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from gracja.app.gestures.models import Gesture
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User


def gestures_of(*, by: User, keys: Collection[str]) -> QuerySet[Gesture]:
    """Towards the customer of these keys, at every place, newest first. Raises Refused: not_permitted."""
    require(by, "customer.read")
    there = Gesture.objects.filter(customer_key__in=list(keys))
    return there.select_related("terms__policy", "place", "given_by").order_by("-made_at")


def open_gestures_of(keys: Collection[str]) -> int:
    """How many would give their money back if this customer were erased."""
    return Gesture.objects.filter(customer_key__in=list(keys), state__in=Gesture.OPEN).count()
