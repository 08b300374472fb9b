"""An edition document from a file."""

from __future__ import annotations

from pathlib import Path

from gracja.engine.edition.read import EditionDocument, read_edition
from gracja.engine.errors import EngineInputError, Where


def load_edition(path: Path) -> EditionDocument:
    """Raises EngineInputError: edition_not_found, edition_not_utf8; ManyInputErrors as `read_edition`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise EngineInputError("edition_not_found", Where(str(path))) from None
    except UnicodeDecodeError as broken:
        raise EngineInputError("edition_not_utf8", Where(str(path)), byte=broken.start) from None
    return read_edition(text, file=str(path))
