"""Cards as PDF and as a picture. Nothing of them is kept: names stand on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import typst

from gracja.app.standards.printing.fonts import font_folder
from gracja.report.words import clean, typeset

Sheet = Literal["a6", "a4"]
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on one card: the name as the company writes it, the words in the customer's language."""

    name: str
    text: str
    language: str


def cards_as_pdf(cards: list[Card], *, company: str, sheet: Sheet) -> bytes:
    """a6: a card a page, with 3 mm bleed and crop marks. a4: four cards a page, to be cut in the middle."""
    made: bytes = _made(cards, company, sheet, "pdf")
    return made


def card_as_picture(card: Card, *, company: str) -> bytes:
    """One card, as it looks when it is cut, as PNG."""
    made: Any = _made([card], company, "face", "png")
    return bytes(made[0] if isinstance(made, list) else made)


def _made(cards: list[Card], company: str, sheet: str, form: Literal["pdf", "png"]) -> Any:
    data = {
        "company": clean(company),
        "sheet": sheet,
        "cards": [
            {
                "name": clean(one.name),
                "text": [
                    typeset(clean(line), one.language) for line in one.text.splitlines() if line.strip()
                ],
                "lang": one.language,
            }
            for one in cards
        ],
    }
    return typst.compile(
        _HERE / "card.typ",
        root=_HERE,
        font_paths=[font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format=form,
        ppi=110,
    )
