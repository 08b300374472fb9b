"""Where somebody serves at a moment: by the roster, else by their role."""

from __future__ import annotations

from datetime import datetime

from gracja.app.organisation.models import Place, Shift, User


def place_at(by: User, at: datetime) -> Place | None:
    """The place of their shift; else the first place at which they may ask for advice. None for somebody of a
    region or of the whole company who is on no shift.
    """
    shift = (
        Shift.objects.select_related("place")
        .filter(person=by.person_id, starts_at__lte=at, ends_at__gt=at)
        .order_by("-starts_at")
        .first()
    )
    if shift is not None:
        return shift.place
    places = (held.place for held in by.held if "advice.ask" in held.role.permissions)
    return next((one for one in places if one is not None and one.kind == Place.PLACE), None)
