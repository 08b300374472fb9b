"""The house's web fonts, unpacked once into the data folder: typst reads TrueType, not WOFF2."""

from __future__ import annotations

import os
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from gracja.app.home import home

_FILES: Final = ("schibsted-grotesk", "brygada-1918")
# A family is two files, as in the browser; typst falls back from the first to the second letter by letter.
_SCRIPTS: Final = {"latin": "", "latin-ext": " Ext"}
_FAMILY: Final = (1, 16)  # records of the name table


def font_folder() -> Path:
    """The folder with the fonts, made where it is not complete yet."""
    folder = home() / "cache" / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for stem in _FILES:
        for script, suffix in _SCRIPTS.items():
            name = f"{stem}-{script}-wght-normal"
            if not (folder / f"{name}.ttf").exists():
                _unpack(name, suffix, folder)
    return folder


def _unpack(name: str, suffix: str, folder: Path) -> None:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  (needed once for each data folder)

    with (
        as_file(files("gracja.report") / "static" / "fonts" / f"{name}.woff2") as packed,
        TTFont(packed) as font,
    ):
        font.flavor = None
        for record in font["name"].names:
            if record.nameID in _FAMILY:
                record.string = record.toUnicode() + suffix
        ready = folder / f".{os.getpid()}-{name}"
        font.save(ready)
        ready.replace(folder / f"{name}.ttf")  # whoever is last; all put the same there
