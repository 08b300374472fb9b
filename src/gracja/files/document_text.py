"""The text of a document that somebody wrote: an edition, situation rules."""

from __future__ import annotations

from pathlib import Path

from gracja.engine.errors import EngineInputError, Where


def text_of(path: Path, *, missing: str) -> str:
    """The file's text, UTF-8 with or without its mark.

    missing: the code where there is no such file. Raises EngineInputError: that one, edition_not_utf8 (byte).
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise EngineInputError(missing, Where(str(path))) from None
    except UnicodeDecodeError as broken:
        raise EngineInputError("edition_not_utf8", Where(str(path)), byte=broken.start) from None
