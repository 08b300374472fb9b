"""A customer who was erased is in no club; what they were given stays as movements of a shelf."""

from __future__ import annotations

from collections.abc import Iterable

from gracja.app.gestures.club.models import Member


def forget_customers(keys: Iterable[str]) -> None:
    """Membership, cards and noted visits go."""
    Member.objects.filter(customer__key__in=list(keys)).delete()
