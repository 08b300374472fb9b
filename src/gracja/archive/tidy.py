"""Many small files become few, and what nobody needs any more leaves the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from gracja.archive.folder import Archive
from gracja.archive.stored import DataFile, Stored, Writing
from gracja.archive.trouble import OvertakenError
from gracja.engine.errors import EngineInputError

_SMALL_BYTES: Final = 32_000_000
_WHOLE_BYTES: Final = 128_000_000


@dataclass(frozen=True)
class Tidied:
    """How many small files became how many, and how many files were deleted; None: others are at work."""

    small: int
    whole: int
    deleted: int | None


def tidy(archive: Archive, *, at_least: int = 8) -> Tidied:
    """Put small files of a month together where there are `at_least` of them, and delete what is unused.

    Others may read and write meanwhile; then nothing is deleted, and the next time does it.
    Raises EngineInputError: archive_busy and those of `trouble.coded`.
    """
    small = whole = 0
    with archive.shared():
        for stored in (archive.conversation_files(), archive.observation_files()):
            for group in _groups(stored, at_least):
                if _put_together(stored, group):
                    small += len(group)
                    whole += 1
    return Tidied(small, whole, sweep(archive))


def sweep(archive: Archive) -> int | None:
    """Delete the files that no table holds, also those of killed runs; None while others are at work."""
    try:
        with archive.alone(wait_seconds=0):
            return archive.conversation_files().sweep() + archive.observation_files().sweep()
    except EngineInputError as error:
        if error.code != "archive_busy":
            raise
        return None


def _groups(stored: Stored, at_least: int) -> Iterator[list[DataFile]]:
    """Small files of one month, together no larger than a whole one."""
    for _, files in groupby(stored.files(), key=lambda file: file.month):
        group: list[DataFile] = []
        for file in sorted((file for file in files if file.size_bytes < _SMALL_BYTES), key=_size_bytes):
            if sum(map(_size_bytes, group)) + file.size_bytes > _WHOLE_BYTES:
                yield group
                group = []
            group.append(file)
        if len(group) >= at_least:
            yield group


def _size_bytes(file: DataFile) -> int:
    return file.size_bytes


def _put_together(stored: Stored, group: list[DataFile]) -> bool:
    """Whether it was done; not, where another process did it first."""
    with stored.discarding() as written:
        with Writing(stored, group[0].month) as new:
            for file in group:
                for table in stored.read(file):
                    new.write(table)
            written.append(new.done())
        try:
            stored.commit(written, group, same_rows=True)
        except OvertakenError:
            stored.discard(written)
            stored.refresh()
            return False
    return True
