"""What goes wrong below the archive (the disk, Delta Lake), as coded errors."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
from deltalake.exceptions import CommitFailedError, DeltaError

from gracja.engine.errors import EngineInputError, Where

_FULL: Final = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


class OvertakenError(EngineInputError):
    """archive_overtaken: another process committed first, on what this commit was made from."""


@contextmanager
def coded(folder: Path) -> Iterator[None]:
    """Raises EngineInputError: archive_full, archive_unwritable, archive_broken; OvertakenError."""
    try:
        yield
    except (DeltaError, OSError, pa.ArrowException) as wrong:
        number = _system_error(wrong)
        problem = str(wrong).split("\n")[0]
        if number in _FULL:
            raise EngineInputError("archive_full", Where(str(folder)), problem=problem) from wrong
        if number in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise EngineInputError("archive_unwritable", Where(str(folder)), problem=problem) from wrong
        if isinstance(wrong, CommitFailedError):
            raise OvertakenError("archive_overtaken", Where(str(folder))) from wrong
        raise EngineInputError("archive_broken", Where(str(folder)), problem=problem) from wrong


def _system_error(wrong: Exception) -> int | None:
    """The system's number; Delta Lake has it in its text only."""
    if isinstance(wrong, OSError) and wrong.errno is not None:
        return wrong.errno
    said = re.search(r"os error (\d+)", str(wrong))
    return int(said[1]) if said else None
