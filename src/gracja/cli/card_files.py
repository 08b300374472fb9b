"""The evaluation cards in a folder of detectors."""

from __future__ import annotations

import json
from pathlib import Path

from gracja.engine.detect.certainty.card import Card, card_from_dict
from gracja.engine.errors import EngineInputError, Where


def read_cards(folder: Path) -> list[Card]:
    """The card of each detector file, `*.json` with a field `card`, by standard; files without one have none.

    Raises EngineInputError: cards_not_found, detector_file_broken, card_version, card_broken, card_twice.
    """
    cards: dict[str, Card] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # cut short, or no text at all
            raise EngineInputError("detector_file_broken", Where(str(path))) from None
        if not isinstance(document, dict) or document.get("card") is None:
            continue
        try:
            card = card_from_dict(document["card"])
        except EngineInputError as error:
            raise EngineInputError(
                error.code, Where(str(path), field=error.where.field), **error.facts
            ) from None
        if card.about.standard in cards:
            raise EngineInputError("card_twice", Where(str(path)), standard=card.about.standard)
        cards[card.about.standard] = card
    if not cards:
        raise EngineInputError("cards_not_found", Where(str(folder)))
    return [cards[standard] for standard in sorted(cards)]
