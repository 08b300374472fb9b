"""Documents as the engine reads them, kept: to read 200 standards takes longer than to show them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Final

from gracja.app.standards.models import Edition
from gracja.engine.edition.model import Edition as Document
from gracja.engine.edition.read import edition_from_json

_MOST: Final = 32
_published: dict[tuple[str, str], Document] = {}


def document_of(edition_: Edition) -> Document:
    """The edition as the engine reads it. What is published never changes: it is read once in a process."""
    key = edition_.uid, edition_.digest
    if (known := _published.get(key)) is not None:
        return known
    if len(_published) >= _MOST:
        _published.clear()
    _published[key] = document = edition_from_json(edition_.document)
    return document


def document_in(draft: dict[str, Any]) -> Document:
    """A draft's document as the engine reads it; read once as long as nothing in it changes."""
    # by what it says and not by its revision: one that was rolled back would leave its words behind
    return _read(json.dumps(draft))


@lru_cache(maxsize=8)
def _read(text: str) -> Document:
    return edition_from_json(json.loads(text))
