"""The closeness that the customer of a visit's scenario wanted: kept with the visit, never afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gracja.app.common.clock import now
from gracja.app.contacts.models import Wanted
from gracja.app.contacts.services.wanted import note_wanted
from gracja.app.observations.services.cells import WrongCellError
from gracja.app.standards.models import Edition
from gracja.engine.edition.read import edition_from_json
from gracja.engine.words.tokens import fold

# Where the measurement draws its lines (engine/measure/contacts.py), in whole numbers.
RANGES: Final = {"discreet": (0.0, 34.0), "attentive": (35.0, 64.0), "personal": (65.0, 100.0)}
_WORDS: Final = {
    "discreet": ("discreet", "discreetly", "distance", "dyskretnie", "dyskretna", "dyskretny", "dystans"),
    "attentive": ("attentive", "attentively", "uwaznie", "uwazna", "uwazny"),
    "personal": ("personal", "personally", "closeness", "osobiscie", "osobista", "osobisty", "bliskosc"),
}
_NAMED: Final = {word: band for band, words in _WORDS.items() for word in words}
_UNSAID: Final = frozenset(("", "?", "-", "–"))
SCENARIO: Final = "scenario"


def band_of(cell: str) -> str:
    """discreet, attentive or personal; empty where the scenario says nothing. Raises WrongCellError:
    visit_wanted_unreadable.
    """
    word = fold(cell.strip())
    if word in _UNSAID:
        return ""
    if word not in _NAMED:
        raise WrongCellError("visit_wanted_unreadable")
    return _NAMED[word]


def wanted_known(contacts: Iterable[str]) -> dict[str, str]:
    """Contact -> the band that its scenario wanted; "other" where what was wanted is known otherwise."""
    bands: dict[tuple[float | None, float | None], str] = {ends: band for band, ends in RANGES.items()}
    rows = Wanted.objects.filter(contact__in=list(contacts), segment=0).exclude(source="none")
    return {
        contact: bands.get((low, high), "other") if source == SCENARIO else "other"
        for contact, low, high, source in rows.values_list("contact", "low", "high", "source")
    }


def keep_wanted(bands: Iterable[tuple[str, str]], edition: Edition) -> None:
    """What the scenarios of new visits wanted: (contact, band), in the transaction that puts them in."""
    kind, at = edition_from_json(edition.document).service.kind, now()
    note_wanted(
        [
            Wanted(
                contact=contact,
                edition=edition.name,
                service_kind=kind,
                low=RANGES[band][0],
                high=RANGES[band][1],
                source=SCENARIO,
                recorded_at=at,
            )
            for contact, band in bands
            if band
        ]
    )
