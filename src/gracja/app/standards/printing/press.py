"""The press: typst makes PDF from a template and data, and keeps what it made."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from gracja.app.home import home
from gracja.app.standards.printing.fonts import font_folder

Sheet = Literal["handbook", "poster"]
_TEMPLATES: Final = Path(__file__).parent


def printed(sheet: Sheet, data: dict[str, Any], **given: str) -> bytes:
    """The PDF. data and given reach the template as data only; the same again is read from the cache."""
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True), **given}
    name = hashlib.sha256(f"{_templates()}{sheet}{json.dumps(inputs, sort_keys=True)}".encode()).hexdigest()
    folder = home() / "cache" / "print"
    kept = folder / f"{name}.pdf"
    if kept.exists():
        return kept.read_bytes()
    made: bytes = pages(sheet, inputs, "pdf")
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / f".{os.getpid()}-{name}"
    ready.write_bytes(made)
    ready.replace(kept)
    return made


def pages(sheet: Sheet, inputs: dict[str, str], form: Literal["pdf", "png"], *, ppi: float = 100) -> Any:
    """What typst makes of it: one PDF, or (png) each page."""
    return typst.compile(
        _TEMPLATES / f"{sheet}.typ",
        root=_TEMPLATES,
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format=form,
        ppi=ppi,
    )


@cache
def _templates() -> str:
    """A new template makes new sheets."""
    texts = b"".join(file.read_bytes() for file in sorted(_TEMPLATES.glob("*.typ")))
    return hashlib.sha256(texts).hexdigest()
