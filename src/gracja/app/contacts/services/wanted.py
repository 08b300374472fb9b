"""Record how personal contacts should have been."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.contacts.models import Wanted
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User

_AT_ONCE: Final = 500


@transaction.atomic
def record_wanted(*, by: User, rows: list[Wanted]) -> int:
    """Keep what was wanted in these contacts; what is known of a contact already stays. Returns how many
    were given.

    Raises Refused: not_permitted.
    """
    require(by, "conversation.import")
    for start in range(0, len(rows), _AT_ONCE):
        named = [row.contact for row in rows[start : start + _AT_ONCE]]
        # that its opening said nothing is not to know it
        Wanted.objects.filter(contact__in=named, source="none").delete()
    note_wanted(rows)
    audit.record("wanted.record", by=by, subject=("wanted", ""), after={"contacts": len(rows)})
    return len(rows)


def note_wanted(rows: list[Wanted]) -> None:
    """As the worker reads it from conversations, on nobody's behalf; what is known already stays."""
    Wanted.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def contacts_looked_at() -> set[str]:
    """Contacts of which something is noted, and be it that nothing is known."""
    return set(Wanted.objects.filter(segment=0).values_list("contact", flat=True).iterator())
