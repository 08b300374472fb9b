"""The club set up and changed: each time a version, so that what members agreed to stays readable."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.gestures.club.models import ClubRules
from gracja.app.gestures.club.rules import check_rules
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User


@transaction.atomic
def write_club(*, by: User, document: dict[str, Any], version: int) -> ClubRules:
    """New rules from now on. version: the one that was changed; 0 where there was none.

    Raises Refused: not_permitted, club_rules_wrong (field), club_levels_do_not_rise,
    club_changed_meanwhile.
    """
    require(by, "gesture.manage")
    check_rules(document)
    latest = ClubRules.objects.first()
    meanwhile = Refused("club_changed_meanwhile")
    if (latest.version if latest else 0) != version:
        raise meanwhile
    if latest and latest.document == document:
        return latest
    with unless_taken(version=meanwhile):
        made = ClubRules.objects.create(version=version + 1, document=document, made_by=by.person)
    audit.record(
        "club.write",
        by=by,
        subject=("club", str(made.version)),
        before=latest.document if latest else {},
        after=document,
    )
    return made
