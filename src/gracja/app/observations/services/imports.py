"""Spreadsheets of visits: given, mapped, tried, put in. The same file again changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.tasks import task

from gracja.app.common import audit, jobs
from gracja.app.common.clock import now
from gracja.app.common.jobs import MOST_ATTEMPTS, put_in_queue
from gracja.app.common.kept_sheets import (
    Fault,
    delete_everything,
    delete_file,
    keep_faults,
    keep_file,
    sheet_of,
)
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Sheet, read_sheet
from gracja.app.common.uid import new_uid
from gracja.app.contacts.selectors.known import known
from gracja.app.contacts.services.names import name_one
from gracja.app.observations.models import VisitImport
from gracja.app.observations.services.compare import Compared, compared, some_at_a_time
from gracja.app.observations.services.keeping import keep
from gracja.app.observations.services.mapping import Columns, guess
from gracja.app.observations.services.reading import NOBODY, read_visits
from gracja.app.observations.services.visits_read import Read, Reading
from gracja.app.organisation.access import days_where, may, may_somewhere, places_where
from gracja.app.organisation.models import Place, User
from gracja.app.standards.models import Edition
from gracja.engine.edition.read import edition_from_json

log = logging.getLogger(__name__)
MARKS_AT_ONCE: Final = 20_000  # more are put in by a background job
SHOWN_FAULTS: Final = 200
SYSTEM: Final = "visits"
_COUNTED: Final = ("new", "second", "same", "changed", "marks", "wanted")


def give_file(*, by: User, edition_uid: str, file_name: str, content: bytes) -> VisitImport:
    """Keep a spreadsheet of visits, guess its columns and try it out; nothing is put in yet.

    Raises Refused: not_permitted; no_such_edition; those of `read_sheet`.
    """
    _require(by)
    edition = Edition.objects.filter(uid=edition_uid).first()
    if edition is None:
        raise Refused("no_such_edition")
    columns = guess(read_sheet(content).heading, edition_from_json(edition.document))
    stored_as = f"visits/{new_uid()}.csv"
    given = VisitImport(edition=edition, file_name=file_name[:200], stored_as=stored_as, given_by=by.person)
    keep_file(stored_as, content)
    _try(given, columns, by)
    return given


def map_columns(*, by: User, uid: str, columns: Columns) -> VisitImport:
    """Say what the columns are, and try again. What was said of names stays.

    Raises Refused: not_permitted; visit_import_gone; visit_import_begun; visit_column_twice (facts: heading).
    """
    given = _open(by, uid)
    headings = sheet_of(given).heading
    taken = [*columns.fields.values(), *columns.standards]
    for number, heading in enumerate(headings):
        if taken.count(number) > 1:
            raise Refused("visit_column_twice", heading=heading)
    kept = Columns.from_json(given.mapping)
    _try(given, replace(columns, names=kept.names), by)
    return given


def name_unknown(*, by: User, uid: str, chosen: dict[str, dict[str, str]]) -> VisitImport:
    """Say who or which is meant by names in the file: place or employee -> name -> our uid (NOBODY: nobody of
    ours). Kept for later files, too, where `by` may put in visits of the whole company: a name means the same
    everywhere.

    Raises Refused: not_permitted; visit_import_gone; visit_import_begun; no_such_person; no_such_place.
    """
    given = _open(by, uid)
    columns = Columns.from_json(given.mapping)
    everywhere, ours = may(by, "visit.import"), known()
    for kind, given_names in chosen.items():
        uids: Any = ours.places_by_uid if kind == "place" else ours.people_by_uid
        for name, ours_uid in given_names.items():
            if ours_uid != NOBODY and ours_uid not in uids:
                raise Refused("no_such_place" if kind == "place" else "no_such_person")
            if everywhere and ours_uid != NOBODY:
                what = "place" if kind == "place" else "person"
                name_one(by=by, system=SYSTEM, value=name, pk=uids[ours_uid].pk, what=what)
    names = {kind: {**columns.names.get(kind, {}), **chosen.get(kind, {})} for kind in ("place", "employee")}
    _try(given, replace(columns, names=names), by)
    return given


def add_visits(*, by: User, uid: str) -> VisitImport:
    """Put in what can be read; what cannot is left out, as the dry run said. Many marks: in the background;
    few: all or, where it breaks off, none. One that failed may be put in once more: what is in is known.

    Raises Refused: not_permitted; visit_import_gone; visit_import_begun; visit_nothing_to_add.
    """
    given = _open(by, uid, states=("given", "failed"))
    if not any(given.outcome.get(name) for name in ("new", "second", "changed")):
        raise Refused("visit_nothing_to_add")
    with transaction.atomic():
        # of two who press at once, one does it
        if not VisitImport.objects.filter(pk=given.pk, state=given.state).update(state="queued"):
            raise Refused("visit_import_begun")
        put_in_queue(given)
        given.added_by = by.person
        given.save()
        audit.record(
            "visits.import",
            by=by,
            subject=("visit_import", given.uid),
            after={name: given.outcome.get(name, 0) for name in ("new", "second", "changed", "marks")}
            | {"edition": given.edition.name, "file": given.file_name},
            personal=("file",),
        )
        if given.outcome["marks"] > MARKS_AT_ONCE:
            transaction.on_commit(lambda: carry_out_import.enqueue(given.uid))
            return given
        _put_in(given, by)
        given.state, given.finished_at, given.share_done = "done", now(), 1.0
        given.save()
        transaction.on_commit(lambda: delete_file(given))
    return given


def drop_import(*, by: User, uid: str) -> None:
    """Delete a file that was not put in.

    Raises Refused: not_permitted; visit_import_gone; visit_import_begun.
    """
    given = _open(by, uid, states=("given", "failed"))
    delete_everything(given)
    given.delete()
    audit.record("visits.drop", by=by, subject=("visit_import", uid))


@task
def carry_out_import(uid: str) -> None:
    """Put in the visits of this import; one that was killed goes on, since a visit is put in once."""
    given = VisitImport.objects.select_related("edition").get(uid=uid)
    if jobs.carry_out(given, lambda: _put_in(given, _who_asked(given)), carry_out_import):
        log.info("visits imported", extra={"facts": {"import": uid, "visits": given.applied}})
    if given.state == "done":
        delete_file(given)  # also where the one that was at it died right before


def _put_in(given: VisitImport, by: User) -> None:
    """The visits of a mapped file, some hundreds in a transaction."""
    given.applied = 0
    reading = _read(sheet_of(given), given, Columns.from_json(given.mapping), by)
    all_of_them = sum(len(reads) for reads in reading.visits.values())
    outcome = dict.fromkeys(_COUNTED, 0)
    for some in some_at_a_time(reading):
        found = _keep(some, reading.standards, given, by)
        _count(found, outcome)
        reading.faults.extend(found.faults)
        given.applied += len(found.new) + len(found.second) + len(found.changed) + found.same
        given.share_done, given.beat_at = given.applied / max(all_of_them, 1), now()
        given.save(update_fields=("applied", "share_done", "beat_at"))
    if given.attempts <= 1:  # in a later one, what an earlier one put in was there
        given.outcome |= outcome | _told(given, reading.faults)


def _keep(some: Sequence[Sequence[Read]], standards: Sequence[str], given: VisitImport, by: User) -> Compared:
    """Compare and put in, in one transaction. Where somebody else put in one of these contacts meanwhile,
    both from the beginning: it is now one that was here already.
    """
    left = MOST_ATTEMPTS
    while True:
        left -= 1
        try:
            with transaction.atomic():
                found = compared(some, standards, given.edition_id, by, lock=True)
                keep(found, standards, edition=given.edition, by=by)
                return found
        except IntegrityError:
            if not left:
                raise


def _who_asked(given: VisitImport) -> User:
    """Whoever put it in; what they may do is looked at again. Raises Refused: not_permitted."""
    by = User.objects.filter(person=given.added_by_id).first()
    if by is None or not may_somewhere(by, "visit.import"):
        raise Refused("not_permitted", permission="visit.import")
    return by


def _try(given: VisitImport, columns: Columns, by: User) -> None:
    """Read the file as it would be put in, and keep what came of it."""
    missing = columns.missing()
    outcome: dict[str, Any] = {"missing": missing}
    sheet = sheet_of(given)
    if not missing:
        reading = _read(sheet, given, columns, by)
        outcome |= dict.fromkeys(_COUNTED, 0)
        for some in some_at_a_time(reading):
            found = compared(some, reading.standards, given.edition_id, by)
            _count(found, outcome)
            reading.faults.extend(found.faults)
        outcome |= _told(given, reading.faults)
        times = [reads[0].at for reads in reading.visits.values()]
        outcome |= {
            "rows": reading.rows,
            "repeated": reading.repeated,
            "unknown": {kind: dict(names.most_common(100)) for kind, names in reading.unknown.items()},
            "outside": dict(reading.outside.most_common(20)),
            "days": [day.isoformat() for day in reading.days],
            "from": min(times).isoformat() if times else "",
            "to": max(times).isoformat() if times else "",
            "file": [sheet.encoding, sheet.separator],
        }
    given.mapping, given.outcome = columns.as_json(), outcome
    given.save()


def _count(found: Compared, outcome: dict[str, Any]) -> None:
    outcome["new"] += len(found.new)
    outcome["second"] += len(found.second)
    outcome["same"] += found.same
    outcome["changed"] += len(found.changed)
    outcome["wanted"] += sum(bool(read.wanted) for read in found.new)
    read_as = [*found.new, *(read for read, _ in found.second)]
    outcome["marks"] += sum(mark is not None for read in read_as for mark in read.marks)
    outcome["marks"] += sum(len(differ) for _, _, differ in found.changed)


def _told(given: VisitImport, faults: list[Fault]) -> dict[str, Any]:
    """Keep every fault; how many, and the first ones."""
    faults.sort(key=lambda fault: fault.line)
    keep_faults(given, faults)
    return {"faults": len(faults), "shown": [list(fault) for fault in faults[:SHOWN_FAULTS]]}


def _read(sheet: Sheet, given: VisitImport, columns: Columns, by: User) -> Reading:
    places = Place.objects.filter(places_where(by, "visit.import"))
    allowed = places.values_list("uid", flat=True)
    document = edition_from_json(given.edition.document)
    # who puts in visits of some places marks nobody of another
    return read_visits(sheet, columns, document, known(), allowed, days_where(by, "visit.import"))


def _open(by: User, uid: str, *, states: tuple[str, ...] = ("given",)) -> VisitImport:
    _require(by)
    given = VisitImport.objects.select_related("edition").filter(uid=uid).first()
    if given is None or not (may(by, "visit.import") or given.given_by_id == by.person_id):
        raise Refused("visit_import_gone")
    if given.state not in states:
        raise Refused("visit_import_begun")
    return given


def _require(by: User) -> None:
    if not may_somewhere(by, "visit.import"):
        raise Refused("not_permitted", permission="visit.import")
