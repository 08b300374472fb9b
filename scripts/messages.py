#!/usr/bin/env python3
"""Bring every room's Polish catalog (src/gracja/app/web/<word>/pl.po) up to date with what its code says.

    scripts/messages.py          extract, keep what is translated, drop what is gone; says what is left to do
    scripts/messages.py --check  changes nothing; fails where a catalog is not current or not complete

A room's strings are those of app/web/<word>, app/<word> and app/api/<word>.py; everything else in the
application belongs to app/web/pl.po.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings

APP: Final = Path(__file__).resolve().parent.parent / "src" / "gracja" / "app"
WEB: Final = APP / "web"
KEYWORDS: Final = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sdif]|\{(\w+)[^{}]*\}|%([sd])")
_TAG: Final = re.compile(r"</?(\w+)")
_DATED: Final = re.compile(
    rb'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|'
    rb"Language-Team|Generated-By|MIME-Version|Content-Transfer-Encoding):.*\n",
    re.MULTILINE,
)


def rooms() -> dict[Path, list[Path]]:
    """The files that speak, by the catalog that holds their Polish."""
    found: dict[Path, list[Path]] = {}
    for file in sorted(APP.rglob("*")):
        if file.suffix in (".py", ".html", ".txt") and "migrations" not in file.parts:
            found.setdefault(_catalog_of(file), []).append(file)
    return found


def _catalog_of(file: Path) -> Path:
    parts = file.relative_to(APP).with_suffix("").parts
    word = parts[1] if parts[0] in ("web", "api") and len(parts) > 1 else parts[0]
    room = WEB / word
    return (room if (room / "urls.py").is_file() else WEB) / "pl.po"


def said_in(files: list[Path]) -> Catalog:
    """What these files say, untranslated. Raises SystemExit for a file that cannot be read."""
    catalog = Catalog(locale="pl", charset="utf-8", fuzzy=False, header_comment="")
    for file in files:
        for _, message, comments, context in _extract(file):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def _extract(file: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        from django.utils.translation.template import templatize  # noqa: PLC0415  (needs the settings made below)

        # Python's tokeniser would read the indentation of the page as its own
        text = "\n".join(line.strip() for line in templatize(text, origin=str(file)).splitlines())
    try:
        yield from extract("python", io.BytesIO(text.encode()), KEYWORDS, comment_tags=("Translators:",))
    except SyntaxError as wrong:
        raise SystemExit(f"{file}: {wrong}") from wrong


def brought_up_to_date(path: Path, files: list[Path]) -> tuple[Catalog, bytes]:
    """The catalog with what is said now and what was translated before; as a file, the same every time."""
    catalog = said_in(files)
    if path.is_file():
        with path.open("rb") as file:
            kept = read_po(file, locale="pl", charset="utf-8")
        kept.update(catalog, no_fuzzy_matching=True)
        catalog = kept
    written = io.BytesIO()
    write_po(written, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    return catalog, _DATED.sub(b"", written.getvalue()).removeprefix(b"#\n")


def faults(message: Message) -> Iterator[str]:
    """What is wrong with a translation."""
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    forms = tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)
    if message.fuzzy:
        yield "fuzzy"
    if not all(forms) or (len(ids) > 1 and len(forms) < 3):
        yield "untranslated"
        return
    every, few = _placeholders(ids[-1]), _placeholders(ids[0])
    for at, form in enumerate(forms):
        given = _placeholders(form)
        # the first form stands for one alone and may leave the number out where English does
        if not (few if at == 0 else every) <= given <= every | few:
            yield f"placeholders: {' '.join(sorted(given)) or 'none'} for {' '.join(sorted(every)) or 'none'}"
        if set(_TAG.findall(form)) != set(_TAG.findall(ids[-1])):
            yield "tags differ"


def _placeholders(text: str) -> set[str]:
    return {next(filter(None, found)) for found in _PLACEHOLDER.findall(text)}


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure()
    check, wrong = "--check" in arguments, 0
    said: dict[tuple[str, str | None], tuple[object, Path]] = {}
    for path, files in sorted(rooms().items()):
        catalog, content = brought_up_to_date(path, files)
        messages = [message for message in catalog if message.id]
        shown = path.relative_to(APP.parent.parent.parent)
        if not messages and not path.is_file():
            continue
        if not path.is_file() or path.read_bytes() != content:
            if check:
                wrong += 1
                print(f"{shown}: not current; run scripts/messages.py")
            else:
                path.write_bytes(content)
        for message in messages:
            key = (message.id if isinstance(message.id, str) else message.id[0], message.context)
            for fault in faults(message):
                wrong += 1
                print(f"{shown}: {fault}: {key[0]!r}")
            first, where = said.setdefault(key, (message.string, shown))
            if all((first, message.string)) and first != message.string:
                wrong += 1
                print(f"{shown}: translated differently in {where}: {key[0]!r} (a context tells them apart)")
    return 1 if wrong and check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
