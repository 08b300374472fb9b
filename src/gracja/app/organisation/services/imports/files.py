"""The file between choosing it and taking it over."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.http import Http404

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Column, Sheet, guess_columns, read_sheet
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import ImportFile, User
from gracja.app.organisation.services.guard import lock_company
from gracja.app.organisation.services.imports import people, places, roster
from gracja.app.organisation.services.imports.plan import Plan

KEPT: Final = timedelta(hours=24)  # a file that nobody takes over is forgotten


@dataclass(frozen=True, slots=True)
class Kind:
    permission: str
    columns: tuple[Column, ...]
    plan: Callable[..., Plan]


KINDS: Final = {
    "people": Kind("person.manage", people.COLUMNS, people.plan_people),
    "places": Kind("place.manage", places.COLUMNS, places.plan_places),
    "roster": Kind("roster.manage", roster.COLUMNS, roster.plan_roster),
}


@transaction.atomic
def take_file(*, by: User, kind: str, file_name: str, content: bytes) -> ImportFile:
    """Keep a file until it is taken over. Nothing else changes.

    Raises Refused: not_permitted, and as `read_sheet`.
    """
    if not may_somewhere(by, KINDS[kind].permission):
        raise Refused("not_permitted", permission=KINDS[kind].permission)
    ImportFile.objects.filter(given_at__lt=now() - KEPT, applied_at=None).delete()
    sheet = read_sheet(content)
    return ImportFile.objects.create(
        kind=kind,
        file_name=file_name[:200],
        content=zlib.compress(content, 1),
        encoding=sheet.encoding,
        separator=sheet.separator,
        given_by=by.person,
    )


def file_of(*, by: User, uid: str) -> ImportFile:
    """A file that `by` gave and that was not taken over yet. Raises Http404."""
    found = ImportFile.objects.filter(uid=uid, given_by=by.person_id).first()
    if found is None:
        raise Http404
    return found


def map_file(
    *, by: User, file: ImportFile, mapping: Mapping[str, int], encoding: str = "", separator: str = ""
) -> None:
    """Say which column is which, and how the file is written.

    Raises Refused as `read_sheet`; column_missing (column).
    """
    file = file_of(by=by, uid=file.uid)
    file.encoding, file.separator = encoding or file.encoding, separator or file.separator
    sheet = sheet_of(file)
    file.mapping = {key: at for key, at in mapping.items() if 0 <= at < len(sheet.heading)}
    _check_mapping(file)
    file.save(update_fields=("encoding", "separator", "mapping"))


def sheet_of(file: ImportFile) -> Sheet:
    """Raises Refused: file_taken_over, and as `read_sheet`."""
    if file.applied_at:
        raise Refused("file_taken_over")
    return read_sheet(zlib.decompress(file.content), encoding=file.encoding, separator=file.separator)


def mapping_of(file: ImportFile, sheet: Sheet) -> dict[str, int]:
    """Which column is which: as said, else guessed from the heading."""
    said: dict[str, int] | None = file.mapping
    return guess_columns(sheet.heading, KINDS[file.kind].columns) if said is None else said


def dry_run(*, by: User, file: ImportFile) -> Plan:
    """What the file would do now. Raises Refused: not_permitted, file_taken_over, column_missing."""
    sheet = sheet_of(file)
    file.mapping = mapping_of(file, sheet)
    _check_mapping(file)
    return KINDS[file.kind].plan(by=by, rows=sheet.rows, mapping=file.mapping)


@transaction.atomic
def apply_file(*, by: User, file: ImportFile, leave_wrong: bool) -> dict[str, int]:
    """Take over every right row; with wrong ones only if they may be left out. The file is emptied.

    Taking over the same file again changes nothing. Raises Refused as `dry_run`; rows_wrong (n).
    """
    lock_company()
    file = ImportFile.objects.select_for_update().get(pk=file_of(by=by, uid=file.uid).pk)
    if file.applied_at:
        return dict(file.counts)
    plan = dry_run(by=by, file=file)
    counts = plan.counts
    if counts["wrong"] and not leave_wrong:
        raise Refused("rows_wrong", n=counts["wrong"])
    plan.finish()
    file.applied_at, file.counts, file.content = now(), counts, b""
    file.save()
    audit.record(f"import.{file.kind}", by=by, subject=("import", file.uid), after=counts)
    return counts


def _check_mapping(file: ImportFile) -> None:
    for column in KINDS[file.kind].columns:
        if column.required and column.key not in (file.mapping or {}):
            raise Refused("column_missing", column=column.names[0])
