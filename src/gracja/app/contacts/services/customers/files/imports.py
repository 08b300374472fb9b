"""Spreadsheets of purchases: given, mapped, tried, put in. The same file again changes nothing."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any, Final

from django.db import transaction
from django.tasks import task

from gracja.app.common import audit, jobs
from gracja.app.common.clock import now
from gracja.app.common.jobs import put_in_queue
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Sheet, read_sheet
from gracja.app.common.uid import new_uid
from gracja.app.contacts.models import PurchaseImport
from gracja.app.contacts.selectors.known import known
from gracja.app.contacts.selectors.value import usual_currency
from gracja.app.contacts.services.customers.files.keeping import kept, tried
from gracja.app.contacts.services.customers.files.mapping import FIELDS, Columns, guess
from gracja.app.contacts.services.customers.files.reading import Reader, Reading
from gracja.app.contacts.services.customers.files.stored import (
    delete_everything,
    delete_file,
    keep_faults,
    keep_file,
    sheet_of,
)
from gracja.app.contacts.services.value import refit_value
from gracja.app.organisation.access import may, require
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import company_zone

log = logging.getLogger(__name__)
ROWS_AT_ONCE: Final = 5_000  # more are put in by a background job
SHOWN_FAULTS: Final = 200


def give_file(*, by: User, file_name: str, content: bytes) -> PurchaseImport:
    """Keep a spreadsheet of purchases, guess its columns and try it out; nothing is put in yet.

    Raises Refused: not_permitted; those of `read_sheet`.
    """
    require(by, "customer.manage")
    columns = guess(read_sheet(content).heading, currency=usual_currency())
    stored_as = f"purchases/{new_uid()}.csv"
    given = PurchaseImport(file_name=file_name[:200], stored_as=stored_as, given_by=by.person)
    keep_file(stored_as, content)
    _try(given, columns)
    return given


def map_columns(*, by: User, uid: str, columns: Columns) -> PurchaseImport:
    """Say what the columns are, and try again.

    Raises Refused: not_permitted; purchase_import_gone; purchase_import_begun; purchase_column_twice (facts:
    heading); currency_unknown (given).
    """
    given = _open(by, uid)
    taken = list(columns.fields.values())
    for number, heading in enumerate(sheet_of(given).heading):
        if taken.count(number) > 1:
            raise Refused("purchase_column_twice", heading=heading)
    _try(given, columns)
    return given


def add_purchases(*, by: User, uid: str) -> PurchaseImport:
    """Put in what can be read; what cannot is left out, as the dry run said. Many rows: in the background;
    few: all or, where it breaks off, none. One that failed may be put in once more: what is in is known.

    Raises Refused: not_permitted; purchase_import_gone; purchase_import_begun; purchase_nothing_to_add.
    """
    given = _open(by, uid, states=("given", "failed"))
    if not given.outcome.get("new") and not given.outcome.get("refunds"):
        raise Refused("purchase_nothing_to_add")
    with transaction.atomic():
        # of two who press at once, one does it
        if not PurchaseImport.objects.filter(pk=given.pk, state=given.state).update(state="queued"):
            raise Refused("purchase_import_begun")
        put_in_queue(given)
        given.added_by = by.person
        given.save()
        audit.record(
            "purchases.import",
            by=by,
            subject=("purchase_import", given.uid),
            after={name: given.outcome[name] for name in ("new", "refunds", "made")}
            | {"file": given.file_name},
            personal=("file",),
        )
        if given.outcome["rows"] > ROWS_AT_ONCE:
            transaction.on_commit(lambda: carry_out_purchases.enqueue(given.uid))
            return given
        _put_in(given)
        given.state, given.finished_at, given.share_done = "done", now(), 1.0
        given.save()
        transaction.on_commit(lambda: delete_file(given))
    return given


def drop_import(*, by: User, uid: str) -> None:
    """Delete a file that was not put in.

    Raises Refused: not_permitted; purchase_import_gone; purchase_import_begun.
    """
    given = _open(by, uid, states=("given", "failed"))
    delete_everything(given)
    given.delete()
    audit.record("purchases.drop", by=by, subject=("purchase_import", uid))


@task
def carry_out_purchases(uid: str) -> None:
    """Put in the purchases of this file; one that was killed goes on, since a document is put in once."""
    given = PurchaseImport.objects.get(uid=uid)

    def work() -> None:
        _refuse_who_may_not(given)
        _put_in(given)

    if jobs.carry_out(given, work, carry_out_purchases):
        log.info("purchases imported", extra={"facts": {"import": uid, "rows": given.applied}})
    if given.state == "done":
        delete_file(given)  # also where the one that was at it died right before
        refit_value()


def _put_in(given: PurchaseImport) -> None:
    """The purchases of a mapped file, a thousand rows in a transaction."""
    columns = Columns.from_json(given.mapping)
    reader, reading = _read(sheet_of(given), columns)
    rows = max(len(reading.purchases) + len(reading.refunds), 1)
    given.applied = 0
    for done in kept(reading, columns, _headings(reader)):
        given.applied, given.share_done, given.beat_at = done, done / rows, now()
        given.save(update_fields=("applied", "share_done", "beat_at"))


def _try(given: PurchaseImport, columns: Columns) -> None:
    """Read the file as it would be put in, and keep what came of it."""
    missing = columns.missing()
    outcome: dict[str, Any] = {"missing": missing}
    sheet = sheet_of(given)
    if not missing:
        reader, reading = _read(sheet, columns)
        outcome |= tried(reading, columns, _headings(reader))
        keep_faults(given, reading.faults)
        times = [read.at for rows in (reading.purchases, reading.refunds) for read in rows.values()]
        outcome |= {
            "rows": reading.rows,
            "repeated": reading.repeated,
            "faults": len(reading.faults),
            "shown": [list(fault) for fault in reading.faults[:SHOWN_FAULTS]],
            "from": min(times).isoformat() if times else "",
            "to": max(times).isoformat() if times else "",
            "file": [sheet.encoding, sheet.separator],
        }
    given.mapping, given.outcome = asdict(columns), outcome
    given.save()


def _read(sheet: Sheet, columns: Columns) -> tuple[Reader, Reading]:
    reader = Reader(sheet, columns, known(), zone=company_zone())
    return reader, reader.read()


def _headings(reader: Reader) -> dict[str, str]:
    return {name: reader.heading(name) for name in FIELDS}


def _refuse_who_may_not(given: PurchaseImport) -> None:
    """Whoever put it in; what they may do is looked at again. Raises Refused: not_permitted."""
    by = User.objects.filter(person=given.added_by_id).first()
    if by is None or not may(by, "customer.manage"):
        raise Refused("not_permitted", permission="customer.manage")


def _open(by: User, uid: str, *, states: tuple[str, ...] = ("given",)) -> PurchaseImport:
    require(by, "customer.manage")
    given = PurchaseImport.objects.filter(uid=uid).first()
    if given is None:
        raise Refused("purchase_import_gone")
    if given.state not in states:
        raise Refused("purchase_import_begun")
    return given
