"""An edition document from a file."""

from __future__ import annotations

from pathlib import Path

from gracja.engine.edition.read import EditionDocument, read_edition
from gracja.files.document_text import text_of


def load_edition(path: Path) -> EditionDocument:
    """Raises EngineInputError: edition_not_found, edition_not_utf8; ManyInputErrors as `read_edition`."""
    return read_edition(text_of(path, missing="edition_not_found"), file=str(path))
