"""The files of an import: the spreadsheet until its purchases are in, and what could not be read of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Sheet, read_sheet
from gracja.app.contacts.models import PurchaseImport
from gracja.app.contacts.services.customers.files.reading import Fault
from gracja.app.contacts.services.recoding import beginning_of

_CHUNK: Final = 65_536
KEPT_FAULTS: Final = 200_000  # as many as a file has rows: nothing is lost


def keep_file(stored_as: str, content: bytes) -> None:
    path = _path(stored_as)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)


def sheet_of(given: PurchaseImport) -> Sheet:
    """The stored file. Raises Refused: purchase_import_gone, and as `read_sheet`."""
    try:
        content = _path(given.stored_as).read_bytes()
    except FileNotFoundError:
        raise Refused("purchase_import_gone") from None
    return read_sheet(content)


def beginning_of_file(given: PurchaseImport) -> Sheet:
    """Heading and first rows. Raises Refused: as `sheet_of`."""
    try:
        with _path(given.stored_as).open("rb") as file:
            return beginning_of(iter(partial(file.read, _CHUNK), b""))
    except FileNotFoundError:
        raise Refused("purchase_import_gone") from None


def delete_file(given: PurchaseImport) -> None:
    """The purchases are in: what the file says of customers stands where it can be erased, and only there."""
    _path(given.stored_as).unlink(missing_ok=True)


def delete_everything(given: PurchaseImport) -> None:
    """The file and its faults."""
    delete_file(given)
    _faults_path(given).unlink(missing_ok=True)


def faults_of(given: PurchaseImport) -> Iterable[Fault]:
    """Every fault that the last try found."""
    with suppress(FileNotFoundError), _faults_path(given).open(encoding="utf-8") as file:
        for line in file:
            yield Fault(*json.loads(line))


def keep_faults(given: PurchaseImport, faults: list[Fault]) -> None:
    with _faults_path(given).open("w", encoding="utf-8") as file:
        for fault in faults[:KEPT_FAULTS]:
            file.write(json.dumps(fault, ensure_ascii=False) + "\n")


def _faults_path(given: PurchaseImport) -> Path:
    return _path(given.stored_as).with_suffix(".faults.jsonl")


def _path(stored_as: str) -> Path:
    return Path(settings.HOME) / "files" / stored_as
