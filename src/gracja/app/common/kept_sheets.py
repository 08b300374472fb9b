"""Spreadsheets that were given: the file until what it holds is put in, and what could not be read of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, ClassVar, Final, NamedTuple, Protocol

from django.conf import settings

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Sheet, read_sheet

KEPT_FAULTS: Final = 200_000  # as many as a file has rows: nothing is lost


class Given(Protocol):
    """A file that was given. stored_as: below GRACJA_HOME/files. GONE: the refusal where it is no longer."""

    GONE: ClassVar[str]

    @property
    def stored_as(self) -> str: ...


class Fault(NamedTuple):
    """What is wrong with a cell or a row: a code of wording/refusals with its facts."""

    line: int
    column: str
    value: str
    code: str
    facts: dict[str, Any]


def keep_file(stored_as: str, content: bytes) -> None:
    path = _path(stored_as)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)


@contextmanager
def opened(given: Given) -> Iterator[IO[bytes]]:
    """The stored file, to be read. Raises Refused: GONE."""
    try:
        file = _path(given.stored_as).open("rb")
    except FileNotFoundError:
        raise Refused(given.GONE) from None
    with file:
        yield file


def sheet_of(given: Given) -> Sheet:
    """The stored file. Raises Refused: GONE, and as `read_sheet`."""
    with opened(given) as file:
        return read_sheet(file.read())


def delete_file(given: Given) -> None:
    """It is put in: what the file says of people stands where it can be erased, and nowhere else."""
    _path(given.stored_as).unlink(missing_ok=True)


def delete_everything(given: Given) -> None:
    """The file and its faults."""
    delete_file(given)
    _faults_path(given).unlink(missing_ok=True)


def faults_of(given: Given) -> Iterable[Fault]:
    """Every fault that the last try found, up to KEPT_FAULTS."""
    with suppress(FileNotFoundError), _faults_path(given).open(encoding="utf-8") as file:
        for line in file:
            yield Fault(*json.loads(line))


def keep_faults(given: Given, faults: Sequence[Fault]) -> None:
    with _faults_path(given).open("w", encoding="utf-8") as file:
        for fault in faults[:KEPT_FAULTS]:
            file.write(json.dumps(fault, ensure_ascii=False) + "\n")


def _faults_path(given: Given) -> Path:
    return _path(given.stored_as).with_suffix(".faults.jsonl")


def _path(stored_as: str) -> Path:
    return Path(settings.HOME) / "files" / stored_as
