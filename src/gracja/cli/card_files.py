"""The evaluation cards in a folder of detectors."""

from __future__ import annotations

from pathlib import Path

from gracja.engine.detect.certainty.card import Card
from gracja.engine.detect.learned.store import read_detector
from gracja.engine.errors import EngineInputError, Where


def read_cards(folder: Path) -> list[Card]:
    """The card of each detector file, `*.parquet`, by standard; a detector may have none.

    Raises EngineInputError: cards_not_found, card_twice, and as `read_detector`.
    """
    cards: dict[str, Card] = {}
    for path in sorted(folder.glob("*.parquet")):
        card = read_detector(path.read_bytes(), file=str(path)).card
        if card is None:
            continue
        if card.about.standard in cards:
            raise EngineInputError("card_twice", Where(str(path)), standard=card.about.standard)
        cards[card.about.standard] = card
    if not cards:
        raise EngineInputError("cards_not_found", Where(str(folder)))
    return [cards[standard] for standard in sorted(cards)]
