"""That somebody read an edition."""

from __future__ import annotations

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.standards.models import Acknowledgement
from gracja.app.standards.selectors import editions


@transaction.atomic
def acknowledge_edition(*, by: User, edition_uid: str) -> Acknowledgement:
    """Once for each person and edition; repeating it returns the first.

    Raises Refused: not_permitted; Http404.
    """
    if not may_somewhere(by, "edition.read"):  # an employee holds it at a place, an edition has none
        raise Refused("not_permitted", permission="edition.read")
    edition = editions.edition(by=by, uid=edition_uid)
    made, new = Acknowledgement.objects.get_or_create(edition=edition, person=by.person)
    if new:
        audit.record(
            "edition.acknowledge", by=by, subject=("edition", edition.uid), after={"edition": edition.name}
        )
    return made
