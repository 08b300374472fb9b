"""Polish of the pages: every `pl.po` below here, compiled into the data folder at start."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from gracja.report.words import NBSP, typeset

WEB: Final = Path(__file__).parent
_VERSION: Final = "2"  # of what is done to the texts below; a new one compiles anew
_BRITISH: Final = {"a.m.": "am", "p.m.": "pm"}  # what Django writes otherwise
# `{n} wizyt`: what counts stays with what is counted
_COUNT: Final = re.compile(r"(%\((?:n|count|number|\w+_count)\)[sd]|\{(?:n|count|number|\w+_count)\}) (?=\w)")


def sources(web: Path = WEB) -> list[Path]:
    """Every room's catalog, the house's own first."""
    return [*web.glob("pl.po"), *sorted(web.glob("*/pl.po"))]


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="pl", charset="utf-8")


def compile_into(locale: Path, web: Path = WEB) -> bool:
    """Compile the catalogs to `locale`/*/LC_MESSAGES/django.mo. Whether that was needed.

    Whoever reads the file meanwhile has the old one or the new one whole.
    """
    paths = sources(web)
    digest = _digest(paths)
    kept = locale / "digest"
    if kept.is_file() and kept.read_text(encoding="ascii") == digest:
        return False
    for catalog in (_polish(read(path) for path in paths), _english()):
        folder = locale / str(catalog.locale) / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        compiled = BytesIO()
        write_mo(compiled, catalog)
        _replace(folder / "django.mo", compiled.getvalue())
    _replace(kept, digest.encode("ascii"))
    return True


def _digest(paths: Iterable[Path]) -> str:
    said = hashlib.sha256(_VERSION.encode("ascii"))
    for path in paths:
        said.update(path.read_bytes() + b"\0")
    return said.hexdigest()


def _polish(catalogs: Iterable[Catalog]) -> Catalog:
    whole = Catalog(locale="pl", charset="utf-8")
    for catalog in catalogs:
        for message in catalog:
            if message.id and not message.fuzzy:
                whole.add(message.id, _typeset(message), context=message.context)
    return whole


def _english() -> Catalog:
    catalog = Catalog(locale="en", charset="utf-8")
    for theirs, ours in _BRITISH.items():
        catalog.add(theirs, ours)
    return catalog


def _typeset(message: Message) -> str | tuple[str, ...]:
    """The translation with the spaces that do not break, as Polish typography asks."""
    if isinstance(message.string, str):
        return typeset(message.string, "pl")
    return tuple(_COUNT.sub(rf"\1{NBSP}", typeset(form, "pl")) for form in message.string or ())


def _replace(path: Path, content: bytes) -> None:
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(made).replace(path)
