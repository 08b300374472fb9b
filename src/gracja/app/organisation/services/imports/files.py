"""The file between choosing it and taking it over."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.http import Http404

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import read_sheet
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import ImportFile, User
from gracja.app.organisation.services.guard import lock_company
from gracja.app.organisation.services.imports.background import finish, queue
from gracja.app.organisation.services.imports.plan import Found
from gracja.app.organisation.services.imports.reading import (
    KINDS,
    check_mapping,
    dry_run,
    keep_head,
    sheet_of,
)
from gracja.app.organisation.services.imports.taking_back import check_undo, finish_undo, take_back

KEPT: Final = timedelta(hours=24)  # a file that nobody takes over is forgotten
LISTED: Final = 10
AT_ONCE: Final = 2_000  # rows that are taken over while somebody waits for the page: under two seconds


@transaction.atomic
def take_file(*, by: User, kind: str, file_name: str, content: bytes) -> ImportFile:
    """Keep a file until it is taken over. Nothing else changes. A large one is looked at in the background.

    Raises Refused: not_permitted, and as `read_sheet`.
    """
    if not may_somewhere(by, KINDS[kind].permission):
        raise Refused("not_permitted", permission=KINDS[kind].permission)
    ImportFile.objects.filter(given_at__lt=now() - KEPT, applied_at=None).delete()
    sheet = read_sheet(content)
    file = ImportFile(
        kind=kind,
        file_name=file_name[:200],
        content=zlib.compress(content, 1),
        encoding=sheet.encoding,
        separator=sheet.separator,
        given_by=by.person,
    )
    keep_head(file, sheet)
    _keep(file)
    return file


def file_of(*, by: User, uid: str) -> ImportFile:
    """A file that `by` gave. Raises Http404."""
    found = ImportFile.objects.filter(uid=uid, given_by=by.person_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def map_file(
    *, by: User, file: ImportFile, mapping: Mapping[str, int], encoding: str = "", separator: str = ""
) -> None:
    """Say which column is which, and how the file is written.

    Raises Refused as `read_sheet`; file_at_work; column_missing (column).
    """
    file = _locked(by, file)
    if file.under_way:
        raise Refused("file_at_work")
    file.encoding, file.separator = encoding or file.encoding, separator or file.separator
    sheet = sheet_of(file)
    file.mapping = {key: at for key, at in mapping.items() if 0 <= at < len(sheet.heading)}
    check_mapping(file)
    keep_head(file, sheet)
    _keep(file)


def found_in(*, by: User, file: ImportFile) -> Found | None:
    """What the file would do: now, or of a large one, when it was looked at; None: it was not, yet.

    Raises Refused as `dry_run`.
    """
    if file.n_rows > AT_ONCE:
        return Found.from_json(file.found) if file.found else None
    return Found.of(dry_run(by=by, file=file))


@transaction.atomic
def apply_file(*, by: User, file: ImportFile, leave_wrong: bool) -> dict[str, int]:
    """Take over every right row; with wrong ones only if they may be left out. The file is emptied.

    Returns how many rows were added, changed, the same, wrong; nothing of a large file, which is taken over
    in the background. Taking over the same file again changes nothing.
    Raises Refused as `dry_run`; rows_wrong (n), file_at_work.
    """
    lock_company()
    file = _locked(by, file)
    if file.applied_at:
        return dict(file.counts)
    if file.n_rows > AT_ONCE:
        _apply_later(file, leave_wrong=leave_wrong)
        return {}
    plan = dry_run(by=by, file=file)
    counts = plan.counts
    if counts["wrong"] and not leave_wrong:
        raise Refused("rows_wrong", n=counts["wrong"])
    for _ in plan.write():
        pass
    finish(file, counts, by=by)
    return counts


@transaction.atomic
def undo_file(*, by: User, file: ImportFile) -> None:
    """Take back a roster that was taken over, all of it: added shifts go, changed ones end as before. A large
    one goes in the background. Pressing twice is harmless.

    Raises Refused: as `check_undo`; file_at_work. Raises Http404 for a file that cannot be taken back.
    """
    lock_company()
    file = _locked(by, file)
    if not KINDS[file.kind].told_file or file.applied_at is None:
        raise Http404
    if file.undone_at or (file.under_way and file.doing == ImportFile.UNDO):
        return
    if file.under_way:
        raise Refused("file_at_work")
    check_undo(file, by=by)
    if file.n_rows > AT_ONCE:
        queue(file, ImportFile.UNDO)
        return
    for _ in take_back(file, by):
        pass
    finish_undo(file, by=by)


def undoable_files(*, by: User) -> list[ImportFile]:
    """Rosters that `by` took over and that somebody might take back, the newest first."""
    found = ImportFile.objects.filter(
        kind__in=[name for name, kind in KINDS.items() if kind.told_file],
        given_by=by.person_id,
        applied_at__isnull=False,
        undone_at=None,
        shifts__isnull=False,
    )
    return list(found.defer("content").distinct()[:LISTED])


def _apply_later(file: ImportFile, *, leave_wrong: bool) -> None:
    if file.under_way and file.doing == ImportFile.APPLY:
        return  # pressed twice
    if file.under_way or not file.found:
        raise Refused("file_at_work")
    if file.found["counts"]["wrong"] and not leave_wrong:
        raise Refused("rows_wrong", n=file.found["counts"]["wrong"])
    file.leave_wrong, file.counts = leave_wrong, {}
    queue(file, ImportFile.APPLY)


def _keep(file: ImportFile) -> None:
    file.found = {}
    if file.n_rows > AT_ONCE:
        queue(file, ImportFile.LOOK)
    else:
        file.save()


def _locked(by: User, file: ImportFile) -> ImportFile:
    """locked: two may press at once."""
    return ImportFile.objects.select_for_update().get(pk=file_of(by=by, uid=file.uid).pk)
