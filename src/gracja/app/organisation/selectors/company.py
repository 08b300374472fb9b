"""The company of this installation."""

from __future__ import annotations

from gracja.app.organisation.models import Company


def company() -> Company | None:
    """The company; None before set-up."""
    return Company.objects.first()
