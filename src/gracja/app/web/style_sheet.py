"""The house's style sheet: one file of those in `style/`, put together when the application starts.

Small files are good to write and slow to fetch; a browser asks for six at a time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gracja.app.home import replace_whole

# In this order: a later one may say more about what an earlier one named.
PARTS: Final = (
    "base",
    "page",
    "navigation",
    "messages",
    "doors",
    "buttons",
    "fields",
    "tables",
    "marks",
    "voice",
    "journey",
    "workbench",
    "results",
    "conditions",
)
STYLE: Final = Path(__file__).parent / "style"


def put_together(folder: Path) -> Path:
    """`folder`/gracja/face.css, written anew only where a part changed."""
    sheet = folder / "gracja" / "face.css"
    content = b"\n".join((STYLE / f"{part}.css").read_bytes() for part in PARTS)
    if not sheet.is_file() or sheet.read_bytes() != content:
        sheet.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(sheet, content)
    return sheet
