"""What a file holds and what it would do."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Column, Row, Sheet, guess_columns, read_sheet
from gracja.app.organisation.models import ImportFile, User
from gracja.app.organisation.services.imports import people, people_rows, places, roster
from gracja.app.organisation.services.imports.plan import Plan


@dataclass(frozen=True, slots=True)
class Kind:
    permission: str
    columns: tuple[Column, ...]
    plan: Callable[..., Plan]
    told_file: bool = False  # its rows remember the file, which can be taken back


KINDS: Final = {
    "people": Kind("person.manage", people_rows.COLUMNS, people.plan_people),
    "places": Kind("place.manage", places.COLUMNS, places.plan_places),
    "roster": Kind("roster.manage", roster.COLUMNS, roster.plan_roster, told_file=True),
}


def sheet_of(file: ImportFile) -> Sheet:
    """Raises Refused: file_taken_over, and as `read_sheet`."""
    if file.applied_at:
        raise Refused("file_taken_over")
    return read_sheet(zlib.decompress(file.content), encoding=file.encoding, separator=file.separator)


def keep_head(file: ImportFile, sheet: Sheet) -> None:
    """What pages show of the file without reading it whole again."""
    file.n_rows = len(sheet.rows)
    first = sheet.rows[0].values if sheet.rows else ("",) * len(sheet.heading)
    file.head = {"heading": list(sheet.heading), "first": list(first)}


def mapping_of(file: ImportFile) -> dict[str, int]:
    """Which column is which: as said, else guessed from the heading."""
    said: dict[str, int] | None = file.mapping
    return guess_columns(file.head["heading"], KINDS[file.kind].columns) if said is None else said


def dry_run(
    *, by: User, file: ImportFile, told: Callable[[tuple[Row, ...]], Iterable[Row]] | None = None
) -> Plan:
    """What the file would do now. told: hands the rows on, and says how far it is.

    Raises Refused: not_permitted, file_taken_over, column_missing.
    """
    sheet = sheet_of(file)
    file.mapping = mapping_of(file)
    check_mapping(file)
    rows = told(sheet.rows) if told else sheet.rows
    kind = KINDS[file.kind]
    own = {"file": file} if kind.told_file else {}
    return kind.plan(by=by, rows=rows, mapping=file.mapping, **own)


def check_mapping(file: ImportFile) -> None:
    """Raises Refused: column_missing (column)."""
    for column in KINDS[file.kind].columns:
        if column.required and column.key not in (file.mapping or {}):
            raise Refused("column_missing", column=column.names[0])
