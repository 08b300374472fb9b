"""Keys of panels as somebody may see them: their own, and everybody's where they manage the panel."""

from __future__ import annotations

from django.db.models import QuerySet

from gracja.app.organisation.access import may
from gracja.app.organisation.models import User
from gracja.app.service_mode.models import PanelKey


def panel_keys_of(*, by: User) -> QuerySet[PanelKey]:
    """Newest first, with whose they are."""
    keys = PanelKey.objects.select_related("person")
    return keys if may(by, "rules.manage") else keys.filter(person=by.person_id)


def panel_key_readable(*, by: User, uid: str) -> PanelKey | None:
    return panel_keys_of(by=by).filter(uid=uid).first()
