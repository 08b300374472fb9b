"""Spreadsheets of purchases: given, mapped, tried, put in. The same file again changes nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.tasks import task

from gracja.app.common import audit, jobs
from gracja.app.common.clock import now
from gracja.app.common.jobs import put_in_queue
from gracja.app.common.kept_sheets import (
    delete_everything,
    delete_file,
    keep_faults,
    keep_file,
    sheet_of,
)
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Sheet, read_sheet
from gracja.app.common.uid import new_uid
from gracja.app.contacts.models import PurchaseImport
from gracja.app.contacts.selectors.known import known
from gracja.app.contacts.selectors.value import usual_currency
from gracja.app.contacts.services.customers.files.keeping import kept, tried
from gracja.app.contacts.services.customers.files.mapping import FIELDS, Columns, guess
from gracja.app.contacts.services.customers.files.reading import Reader, Reading
from gracja.app.contacts.services.value import refit_value
from gracja.app.organisation.access import may, require
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import company_zone

log = logging.getLogger(__name__)
ROWS_AT_ONCE: Final = 5_000  # more are put in by a background job
SHOWN_FAULTS: Final = 200


def give_file(*, by: User, file_name: str, content: bytes) -> PurchaseImport:
    """Keep a spreadsheet of purchases, guess its columns and try it out, a large one in the background;
    nothing is put in yet.

    Raises Refused: not_permitted; those of `read_sheet`.
    """
    require(by, "customer.manage")
    sheet = read_sheet(content)
    columns = guess(sheet.heading, currency=usual_currency())
    stored_as = f"purchases/{new_uid()}.csv"
    given = PurchaseImport(file_name=file_name[:200], stored_as=stored_as, given_by=by.person)
    keep_file(stored_as, content)
    _look(by, given, columns, sheet)
    return given


def map_columns(*, by: User, uid: str, columns: Columns) -> PurchaseImport:
    """Say what the columns are, and try again, a large file in the background.

    Raises Refused: not_permitted; purchase_import_gone; purchase_import_begun; purchase_column_twice (facts:
    heading); currency_unknown (given).
    """
    given = _open(by, uid)
    taken, sheet = list(columns.fields.values()), sheet_of(given)
    for number, heading in enumerate(sheet.heading):
        if taken.count(number) > 1:
            raise Refused("purchase_column_twice", heading=heading)
    _look(by, given, columns, sheet)
    return given


def look_again(*, by: User, uid: str) -> PurchaseImport:
    """Try a large file once more, where that failed.

    Raises Refused: not_permitted; purchase_import_gone; purchase_import_begun.
    """
    given = _open(by, uid, states=("failed",))
    if not given.looking:
        raise Refused("purchase_import_begun")
    _look_later(by, given)
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
    """Try a large file, or put its purchases in; one that was killed goes on, since a document is put in
    once. Nothing, if the file was dropped meanwhile.
    """
    given = PurchaseImport.objects.filter(uid=uid).first()
    if given is None:
        return
    if given.looking:
        jobs.carry_out(given, partial(_look_now, given), carry_out_purchases)
        if given.state == "done":
            given.state, given.looking, given.applied = "given", False, 0
            given.save(update_fields=("state", "looking", "applied"))
        return

    def work() -> None:
        _refuse_who_may_not(given.added_by_id)
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


def _look(by: User, given: PurchaseImport, columns: Columns, sheet: Sheet) -> None:
    """Try it now, or, where that takes longer than somebody can wait, in the background."""
    given.mapping = asdict(columns)
    if len(sheet.rows) > ROWS_AT_ONCE and not columns.missing():
        given.outcome = {"missing": [], "rows": len(sheet.rows)}
        _look_later(by, given)
    else:
        _try(given, columns, sheet)


def _look_later(by: User, given: PurchaseImport) -> None:
    with transaction.atomic():
        put_in_queue(given)
        given.looking, given.applied, given.looked_by = True, 0, by.person
        given.save()
        transaction.on_commit(lambda: carry_out_purchases.enqueue(given.uid))


def _look_now(given: PurchaseImport) -> None:
    """In the background, telling once a second how far it is: half is reading, half is comparing."""
    _refuse_who_may_not(given.looked_by_id)
    sheet = sheet_of(given)
    said = time.monotonic()

    def told(rows: int) -> None:
        nonlocal said
        if time.monotonic() - said >= jobs.BEAT_SECONDS:
            said = time.monotonic()
            given.applied, given.share_done = rows // 2, rows / 2 / max(len(sheet.rows), 1)
            given.beat_at = now()
            given.save(update_fields=("applied", "share_done", "beat_at"))

    _try(given, Columns.from_json(given.mapping), sheet, told)


def _try(
    given: PurchaseImport, columns: Columns, sheet: Sheet, told: Callable[[int], None] | None = None
) -> None:
    """Read the file as it would be put in, and keep what came of it. told: rows read, then rows compared
    after those.
    """
    missing = columns.missing()
    outcome: dict[str, Any] = {"missing": missing}
    if not missing:
        reader, reading = _read(sheet, columns, told)
        outcome |= tried(reading, columns, _headings(reader), told)
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


def _read(
    sheet: Sheet, columns: Columns, told: Callable[[int], None] | None = None
) -> tuple[Reader, Reading]:
    reader = Reader(sheet, columns, known(), zone=company_zone())
    return reader, reader.read(told)


def _headings(reader: Reader) -> dict[str, str]:
    return {name: reader.heading(name) for name in FIELDS}


def _refuse_who_may_not(person: int | None) -> None:
    """Whoever asked for it; what they may do is looked at again. Raises Refused: not_permitted."""
    by = User.objects.filter(person=person).first()
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
