"""Whoever was erased stays away from files and programs, until they come back by their own wish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.erasures import note_marks
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, ErasedMark
from gracja.app.contacts.models.erased import EMAIL, PHONE, erased_among, mark_of, marks_of_number
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User

# why somebody who was erased is written down again; in codes, since the log keeps it for ever
BACK: Final = ("own_wish", "other_person", "mistake")


def suppress(records: Iterable[Customer]) -> None:
    """Keep the marks of everything that these records are known by, before it is emptied."""
    marks = {mark for record in records for mark in (*marks_of(record), *_numbered(record))}
    at = now()
    ErasedMark.objects.bulk_create(
        (ErasedMark(mark=mark, erased_at=at) for mark in sorted(marks)), ignore_conflicts=True
    )
    transaction.on_commit(partial(note_marks, marks, kept=True))


def suppress_again(marks: Mapping[str, tuple[str, bool]]) -> int:
    """After a restore: what was suppressed or let in again since the backup was made. mark -> the day, and
    whether it is kept. How many are suppressed that the backup did not know.
    """
    gone = [mark for mark, (_, kept) in marks.items() if not kept]
    ErasedMark.objects.filter(mark__in=gone).delete()
    kept = {mark: day for mark, (day, kept) in marks.items() if kept}
    new = kept.keys() - erased_among(kept)
    ErasedMark.objects.bulk_create(
        ErasedMark(mark=mark, erased_at=datetime.fromisoformat(kept[mark]).replace(tzinfo=UTC))
        for mark in sorted(new)
    )
    return len(new)


def marks_of(customer: Customer) -> list[str]:
    """Of the telephone and the e-mail as they stand in this record, saved or not."""
    said = ((PHONE, customer.phone_digits), (EMAIL, customer.email))
    return [mark_of(kind, value) for kind, value in said if value]


def admit(*, by: User, customer: Customer, marks: Iterable[str], because: str) -> None:
    """Let identifiers of somebody erased be written down again, and say why. because: one of BACK; where
    nothing is suppressed, it is not asked for. A program says what nobody said to it unless it may: its token
    has a scope for that alone. Raises Refused: customer_erased_before, not_permitted.
    """
    found = erased_among(marks)
    if not found:
        return
    if because not in BACK:
        raise Refused("customer_erased_before")
    if not may_somewhere(by, "customer.admit"):
        raise Refused("not_permitted", permission="customer.admit")
    ErasedMark.objects.filter(mark__in=found).delete()
    transaction.on_commit(partial(note_marks, found, kept=False))
    audit.record(
        "customer.admit",
        by=by,
        subject=("customer", customer.key),
        after={"identifiers": len(found), "reason": because},
    )


def _numbered(record: Customer) -> list[str]:
    return [mark for one in record.numbers.all() for mark in marks_of_number(one.system, one.value)]
