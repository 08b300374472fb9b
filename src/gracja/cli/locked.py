"""One process at a time, however the one before ended: the system frees the lock of one that is gone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gracja.engine.errors import EngineInputError, Where


@contextmanager
def locked(folder: Path, out: Path) -> Iterator[None]:
    """Hold this folder while `out` is being written. Raises EngineInputError: output_in_use."""
    path = folder / "lock"
    with path.open("wb") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise EngineInputError("output_in_use", Where(str(out))) from None
        yield


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  only there

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415  not on Windows

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
