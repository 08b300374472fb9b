"""Record how personal contacts should have been."""

from __future__ import annotations

from django.db import transaction

from gracja.app.common import audit
from gracja.app.contacts.models import Wanted
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User


@transaction.atomic
def record_wanted(*, by: User, rows: list[Wanted]) -> int:
    """Keep what was wanted in these contacts; what is known of a contact already stays. Returns how many
    were given.

    Raises Refused: not_permitted.
    """
    require(by, "conversation.import")
    Wanted.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    audit.record("wanted.record", by=by, subject=("wanted", ""), after={"contacts": len(rows)})
    return len(rows)
