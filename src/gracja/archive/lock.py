"""Who may work on the archive at once: many readers and writers together, or one who takes files away.

Delta's own concurrency keeps commits apart, but nothing in it keeps a file from being deleted while another
process reads it or is about to commit it. The system frees the lock of a process that was killed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from gracja.engine.errors import EngineInputError, Where

_PLACES: Final = 10_000  # Windows has no shared locks: a sharer takes one byte, who is alone takes them all


@contextmanager
def held(path: Path, *, alone: bool, wait_seconds: float) -> Iterator[None]:
    """Raises EngineInputError: archive_busy, when others keep it longer than `wait_seconds`."""
    until = time.monotonic() + wait_seconds
    with path.open("rb") as file:
        while not _taken(file, alone=alone):
            if time.monotonic() >= until:
                raise EngineInputError("archive_busy", Where(str(path.parent)), seconds=wait_seconds)
            time.sleep(0.05)
        try:
            yield
        finally:
            _free(file)


if sys.platform == "win32":
    import msvcrt

    _mine: dict[int, tuple[int, int]] = {}

    def _taken(file: IO[bytes], *, alone: bool) -> bool:
        place, size = (0, _PLACES) if alone else (random.randrange(_PLACES), 1)  # noqa: S311  no secret
        file.seek(place)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, size)
        except OSError:
            return False
        _mine[file.fileno()] = place, size
        return True

    def _free(file: IO[bytes]) -> None:
        place, size = _mine.pop(file.fileno())
        file.seek(place)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, size)

else:
    import fcntl

    def _taken(file: IO[bytes], *, alone: bool) -> bool:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _free(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
