"""A member's card as PDF, in the size of a bank card. The code holds the number, and no name stands there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import segno
import typst

from gracja.app.gestures.club.models import Card
from gracja.app.standards.printing.fonts import font_folder

_HERE: Final = Path(__file__).parent


def card_picture(card: Card) -> str:
    """The QR code as an address of data, for the page."""
    return segno.make(card.number, error="m", micro=False).svg_data_uri(scale=6, border=2, light="#fff")


def card_pdf(card: Card, *, club: str, company: str) -> bytes:
    """The card, to print and cut. What it says reaches the template as data only."""
    rows = segno.make(card.number, error="m", micro=False).matrix
    data = {
        "club": club,
        "company": company,
        "number": card.grouped,
        "code": ["".join("1" if dark else "0" for dark in row) for row in rows],
    }
    made: bytes = typst.compile(
        _HERE / "card.typ",
        root=_HERE,
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
    )
    return made
