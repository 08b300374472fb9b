"""Say once who or which is meant by a name that another system uses."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.contacts.models import ExternalId
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, Place, User

_PERMISSION: Final = {"visits": "visit.import", "upload": "conversation.import"}


@transaction.atomic
def name_one(*, by: User, system: str, value: str, pk: int, what: str) -> ExternalId:
    """Keep that `value` is our person or place (`what`) from now on; what was said before is written over.

    It needs the permission in the whole company: a name says whose conversations somebody may read.

    Raises Refused: not_permitted.
    """
    require(by, _PERMISSION[system])
    is_place = what == "place"
    of_kind = ExternalId.objects.filter(system=system, value=value, place__isnull=not is_place)
    before = of_kind.select_related("person", "place").first()
    kept, _ = of_kind.update_or_create(
        defaults={"place_id": pk} if is_place else {"person_id": pk},
        create_defaults={
            "system": system,
            "value": value,
            **({"place_id": pk} if is_place else {"person_id": pk}),
        },
    )
    audit.record(
        "name.map",
        by=by,
        subject=("external_id", f"{system} {kept.pk}"),
        before={what: _key(before)} if before else None,
        after={what: _key(kept), "name": value},
        personal=() if is_place else ("name",),
    )
    return kept


def _key(one: ExternalId) -> str:
    found: Person | Place | None = one.person or one.place
    if isinstance(found, Person):
        return found.key
    return found.uid if found else ""
