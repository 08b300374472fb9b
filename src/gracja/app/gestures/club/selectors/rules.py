"""The club's rules in force."""

from __future__ import annotations

from dataclasses import dataclass

from gracja.app.common.refused import Refused
from gracja.app.gestures.club.models import ClubRules
from gracja.app.gestures.club.rules import ClubDocument
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.models import User


@dataclass(frozen=True, slots=True)
class Club:
    """The version in force, and what it says."""

    kept: ClubRules
    document: ClubDocument


def club_in_force() -> Club | None:
    """None: nobody has set a club up."""
    kept = ClubRules.objects.first()
    return Club(kept, ClubDocument.model_validate(kept.document)) if kept else None


def club(*, by: User) -> Club | None:
    """The club, for whoever may find customers or manages gestures. Raises Refused: not_permitted."""
    if not may_somewhere(by, "customer.find") and not may(by, "gesture.manage"):
        raise Refused("not_permitted", permission="customer.find")
    return club_in_force()


def the_club() -> Club:
    """Raises Refused: club_not_set_up."""
    if (found := club_in_force()) is None:
        raise Refused("club_not_set_up")
    return found
