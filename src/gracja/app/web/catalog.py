"""The words of the pages, compiled into the data folder at start.

Polish is in every `pl.po` below here; `theirs.*.po` are what Django says, in our words, in both languages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from gracja.app.home import replace_whole
from gracja.report.words import NBSP, typeset

WEB: Final = Path(__file__).parent
_VERSION: Final = "3"  # of what is done to the texts below; a new one compiles anew
# `{n} wizyt`: what counts stays with what is counted
_COUNT: Final = re.compile(r"(%\((?:n|count|number|\w+_count)\)[sd]|\{(?:n|count|number|\w+_count)\}) (?=\w)")


def sources(web: Path = WEB) -> list[Path]:
    """Every room's Polish, the house's own first."""
    return [*web.glob("theirs.pl.po"), *web.glob("pl.po"), *sorted(web.glob("*/pl.po"))]


def read(path: Path, language: str = "pl") -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def compile_into(locale: Path, web: Path = WEB) -> bool:
    """Compile the catalogs to `locale`/*/LC_MESSAGES/django.mo. Whether that was needed."""
    paths = sources(web)
    english = sorted(web.glob("theirs.en.po"))
    digest = _digest([*paths, *english])
    kept = locale / "digest"
    if kept.is_file() and kept.read_text(encoding="ascii") == digest:
        return False
    for catalog in (_polish(paths), *(read(path, "en") for path in english)):
        folder = locale / str(catalog.locale) / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        compiled = BytesIO()
        write_mo(compiled, catalog)
        replace_whole(folder / "django.mo", compiled.getvalue())
    replace_whole(kept, digest.encode("ascii"))
    return True


def _digest(paths: Iterable[Path]) -> str:
    said = hashlib.sha256(_VERSION.encode("ascii"))
    for path in paths:
        said.update(path.read_bytes() + b"\0")
    return said.hexdigest()


def _polish(paths: Iterable[Path]) -> Catalog:
    whole = Catalog(locale="pl", charset="utf-8")
    for path in paths:
        for message in read(path):
            if message.id and not message.fuzzy:
                whole.add(message.id, _typeset(message), context=message.context)
    return whole


def _typeset(message: Message) -> str | tuple[str, ...]:
    """The translation with the spaces that do not break, as Polish typography asks."""
    if isinstance(message.string, str):
        return typeset(message.string, "pl")
    return tuple(_COUNT.sub(rf"\1{NBSP}", typeset(form, "pl")) for form in message.string or ())
