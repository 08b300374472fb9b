"""The press of gestures: typst makes PDF from a template and data, which never become markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import typst

from gracja.app.standards.printing.fonts import font_folder

_APP: Final = Path(__file__).parents[2]  # so that templates can use the house's own


def printed(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `template`.typ beside this file. Not kept: its data is of the moment."""
    made: bytes = typst.compile(
        Path(__file__).parent / f"{template}.typ",
        root=_APP,
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
    )
    return made
