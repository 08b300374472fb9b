"""Within how many days cases are settled."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.gestures.recovery.models import Deadlines
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User

MOST_DAYS: Final = 365


@transaction.atomic
def change_deadlines(*, by: User, complaint_days: int, failure_days: int) -> Deadlines:
    """For cases noted from now on; those that wait keep theirs. Repeating is harmless.

    Raises Refused: not_permitted, deadline_wrong (most).
    """
    require(by, "gesture.manage")
    if not (1 <= complaint_days <= MOST_DAYS and 1 <= failure_days <= MOST_DAYS):
        raise Refused("deadline_wrong", most=MOST_DAYS)
    Deadlines.objects.get_or_create(only=True)
    row = Deadlines.objects.select_for_update().get()
    before = {"complaint_days": row.complaint_days, "failure_days": row.failure_days}
    after = {"complaint_days": complaint_days, "failure_days": failure_days}
    if before != after:
        row.complaint_days, row.failure_days = complaint_days, failure_days
        row.save()
        audit.record("case.deadlines", by=by, subject=("deadlines", "company"), before=before, after=after)
    return row
