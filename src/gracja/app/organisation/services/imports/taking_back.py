"""The shifts of a file, taken back as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import F, Q, QuerySet

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may
from gracja.app.organisation.models import ImportFile, Person, Place, Shift, User
from gracja.app.organisation.services.imports.plan import PORTION

_PERMISSION: Final = "roster.manage"


def check_undo(file: ImportFile, *, by: User) -> None:
    """Whether the file can be taken back whole. People whose shifts it holds are locked meanwhile.

    A shift is used once somebody served by it: it has begun, and was not over when the file was taken over.
    It is changed where somebody removed it, or another file gave it another end. Where taking back broke off
    half-way, its missing shifts are no sign of that: the rest may follow.

    Raises Refused: not_permitted; roster_file_used (n), roster_file_changed.
    """
    shifts = Shift.objects.filter(file=file)
    list(Person.objects.select_for_update().filter(pk__in=shifts.values("person")).values_list("pk"))
    for place in Place.objects.filter(pk__in=shifts.values("place")):
        if not may(by, _PERMISSION, place=place):
            raise Refused("not_permitted", permission=_PERMISSION)
    after_it = Q(ends_at__gt=file.applied_at) | Q(ends_before__gt=file.applied_at)
    if used := shifts.filter(after_it, starts_at__lte=now()).count():
        raise Refused("roster_file_used", n=used)
    begun = file.doing == ImportFile.UNDO
    whole = begun or shifts.count() == file.counts["add"] + file.counts["change"]
    if not whole or _would_overlap(shifts):
        raise Refused("roster_file_changed")


def take_back(file: ImportFile, by: User) -> Iterator[int]:
    """Added shifts go, changed ones end as before, portion by portion; each says how many they were."""
    while some := list(Shift.objects.filter(file=file).select_related("person", "place")[:PORTION]):
        audit.record_all([_entry(shift, by) for shift in some])
        keys = [shift.pk for shift in some]
        these = Shift.objects.filter(pk__in=keys)
        these.filter(ends_before=None).delete()
        these.update(ends_at=F("ends_before"), ends_before=None, file=None)
        yield len(some)


def finish_undo(file: ImportFile, *, by: User) -> None:
    """In the caller's transaction."""
    file.undone_at = now()
    file.save()
    before = {name: file.counts[name] for name in ("add", "change")}
    audit.record("import.undo", by=by, subject=("import", file.uid), before=before)


def _would_overlap(shifts: QuerySet[Shift]) -> bool:
    """Whether a shift that ended later before would now meet another one, planned since."""
    longer = Shift.objects.filter(pk__in=shifts.values("pk"), ends_before__gt=F("ends_at"))
    return any(
        Shift.objects.filter(person=one.person_id, starts_at__gte=one.ends_at, starts_at__lt=one.ends_before)
        .exclude(file=one.file_id, ends_before=None)
        .exists()
        for one in longer.iterator(chunk_size=PORTION)
    )


def _entry(shift: Shift, by: User) -> AuditEntry:
    was = {"starts_at": shift.starts_at.isoformat(), "ends_at": shift.ends_at.isoformat()}
    back = shift.ends_before
    after = {"starts_at": was["starts_at"], "ends_at": back.isoformat()} if back else None
    return audit.entry(
        "shift.change" if back else "shift.remove",
        by=by,
        subject=("person", shift.person.key),
        before=was,
        after=after,
        place=shift.place.uid,
    )
